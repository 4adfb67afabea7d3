import Foundation
import RopewalkKernels
import RopewalkMethods

// Which tokens stay as slots when a segment leaves the memory follows from the weights of the segment that has just been read,
// and these from the slots that it read: so segments are gone through one after the other before the chunk's queries read.
extension SlotRun {
    /// Makes the slots of a chunk whose segments end in it, each of the token that was used most.
    func rememberMostUsed(
        _ index: Int, tokens: Range<Int>, _ attention: AttentionLayer, reading: (queries: Matrix, cache: KeyValueCache)
    ) -> RecordedSlots? {
        var parts: [RecordedSlots] = []
        var query = tokens.lowerBound
        while query < tokens.upperBound {
            let start = memory.start(of: query)
            let leaving = memory.leaving(after: start)
            let queries = query..<min(start + memory.segment, tokens.upperBound)
            if query == start { layers[index].usage = Array(repeating: 0, count: leaving.count) }
            addUsage(of: leaving, index, queries: queries, first: tokens.lowerBound, reading: reading)
            query = queries.upperBound
            guard query == start + memory.segment else { continue }
            if let made = keepMostUsed(of: leaving, index, attention) { parts.append(made) }
        }
        return RecordedSlots(joining: parts, heads: shape.keyValueHeads)
            ?? RecordedSlots(first: layers[index].made, count: 0, keys: [], values: [], tokens: [])
    }

    /// Turns the most used of the tokens that leave the memory into slots; nil where none is filled.
    private func keepMostUsed(of leaving: Range<Int>, _ index: Int, _ attention: AttentionLayer) -> RecordedSlots? {
        let slots = layers[index].made..<min(total, layers[index].made + leaving.count / memory.rate)
        let kept = HighestScores.indices(slots.count, of: layers[index].usage).map { leaving.lowerBound + $0 }
        let states = Matrix(rows: max(1, kept.count), columns: shape.hidden)
        for (row, token) in kept.enumerated() { states.setRow(row, to: state(of: token, layer: index)) }
        forget(index, before: leaving.upperBound)
        return kept.isEmpty ? nil : store(states, slots: slots, layer: index, attention, tokens: kept)
    }

    /// Adds what some queries of a segment give the tokens that leave the memory after it, all heads together.
    /// - Parameter first: the first query of the chunk
    private func addUsage(
        of leaving: Range<Int>, _ index: Int, queries: Range<Int>, first: Int,
        reading: (queries: Matrix, cache: KeyValueCache)
    ) {
        guard !leaving.isEmpty, leaving.count >= memory.rate else { return }
        let ofHeads = workers.map(shape.heads) { head in
            usage(of: leaving, index, head: head, queries: queries, first: first, reading: reading)
        }
        for usage in ofHeads { for (place, weight) in usage.enumerated() { layers[index].usage[place] += weight } }
    }

    /// The weights that a head's queries give some tokens, added up: softmax over tokens, slots and a learned sink. [token]
    private func usage(
        of leaving: Range<Int>, _ index: Int, head: Int, queries: Range<Int>, first: Int,
        reading: (queries: Matrix, cache: KeyValueCache)
    ) -> [Double] {
        let (rule, scale, d) = (setup.rules[index], setup.layerTraits[index].scoreScale, shape.headDimension)
        let windows = setup.windows(layer: index, head: head)
        let keyHead = head / shape.groupSize
        // Only turned keys are asked for.
        func noTile(_: Int) -> KeyTile { KeyTile(keys: [], offset: 0, index: 0) }
        let tokens = TurnedKeys(reading.cache, head: keyHead, positions: setup.positions(index), plainTile: noTile)
        let slots = TurnedKeys(layers[index].cache, head: keyHead, positions: tables(index), plainTile: noTile)
        let range = memory.slotRange(before: memory.start(of: queries.lowerBound))
        var usage = [Double](repeating: 0, count: leaving.count)
        for query in queries {
            let visible = setup.visibleKeys(query: query, windows: windows)
            guard let low = visible.ranges.first?.lowerBound, low < leaving.upperBound else { continue }
            let state = reading.queries.copy(row: query - first, columns: head * d..<(head + 1) * d)
            let scores = tokens.scores(
                state: { state }, place: query, head: head, scale: scale, rule: rule, keys: visible.ranges)
            var beside = rule.sinks.map { [$0[head]] } ?? []
            if !range.isEmpty {
                beside += slots.scores(
                    state: { state }, place: query, head: head, scale: scale, rule: rule, keys: [range])
            }
            let highest = (scores + beside).max() ?? 0
            let sum = (scores + beside).reduce(0) { $0 + exp(Double($1) - Double(highest)) }
            for (key, score) in zip(visible.ranges.joined(), scores) where leaving.contains(key) {
                usage[key - leaving.lowerBound] += exp(Double(score) - Double(highest)) / sum
            }
        }
        return usage
    }
}
