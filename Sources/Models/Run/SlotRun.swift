import Foundation
import RopewalkKernels
import RopewalkMethods

/// The compressed memory of a run: slots made of what the layers read of tokens that have left the memory, and what
/// queries read of them beside the tokens.
///
/// Tokens reach as far as the window of the scenario says; a layer's memory is the input of its block, so a layer knows of
/// earlier segments what the layer below it made of them then. Slots of a layer follow from its inputs alone, and those of a
/// chunk are made before its queries read any; but for the most used tokens, which are known segment by segment.
final class SlotRun {
    let memory: CompressiveWindow
    let setup: RunSetup
    private let stack: Stack
    let shape: ModelShape
    private let poolBlock: Int
    let workers: Workers
    /// Slots of the whole text.
    let total: Int
    /// How queries and slots are turned, for every rotary setting; the last is without any rotation.
    private let tables: [PositionTables]
    var layers: [Layer]

    struct Layer {
        let cache: KeyValueCache
        /// Slots that are there.
        var made = 0
        /// Inputs of the block that are no part of a slot yet. [token from `first` on, hidden]
        var states: [Float] = []
        var first = 0
        /// What the queries of the segment that is being read have given each token that leaves the memory after it, added
        /// up over heads. [token from the first of them on]
        var usage: [Double] = []
    }

    /// What the queries of a chunk read of slots.
    struct Reading {
        /// Weighted values as if slots were all that is read. [query of the chunk, head · dimension]
        let context: Matrix
        /// −infinity where a query reads no slot. [head, query of the chunk]
        let logSumExp: [Float]
    }

    /// Nil without a compressed memory, or where the text is too short for a slot.
    init?(setup: RunSetup, stack: Stack, shape: ModelShape, poolBlock: Int, workers: Workers) {
        guard let memory = setup.slotMemory else { return nil }
        let total = memory.slotCount(tokens: setup.keys)
        guard total > 0 else { return nil }
        self.memory = memory
        self.setup = setup
        self.stack = stack
        self.shape = shape
        self.poolBlock = poolBlock
        self.workers = workers
        self.total = total
        let ropes = setup.modelTraits.ropes.indices.map { Optional($0) } + [nil]
        tables = ropes.map { setup.slotTables(rope: $0, slots: total) }
        layers = stack.blocks.indices.map { _ in
            Layer(cache: KeyValueCache(heads: shape.keyValueHeads, dimension: shape.headDimension, tokens: total))
        }
    }

    func tables(_ layer: Int) -> PositionTables {
        tables[setup.layerTraits[layer].rope ?? tables.count - 1]
    }

    /// Makes the slots whose last token is in a chunk.
    /// - Parameters:
    ///   - states: what the block reads, before any norm. [token of the chunk, hidden]
    ///   - reading: queries before rotation, [query of the chunk, head · dimension], and the cache, with the chunk's keys in
    ///     it
    func remember(
        _ index: Int, states: Matrix, tokens: Range<Int>, reading: (queries: Matrix, cache: KeyValueCache)
    ) -> RecordedSlots? {
        guard setup.readsSlots(layer: index), let attention = stack.blocks[index].mixer.attention else { return nil }
        layers[index].states += states.copy(rows: 0..<tokens.count)
        if memory.form == .mostUsed { return rememberMostUsed(index, tokens: tokens, attention, reading: reading) }
        if memory.form == .conv { return rememberConvolved(index, tokens: tokens, attention) }
        let (first, hidden) = (layers[index].first, shape.hidden)
        let slots = layers[index].made..<min(total, memory.slotCount(tokens: tokens.upperBound))
        let pooled = Matrix(rows: max(1, slots.count), columns: hidden)
        for (row, slot) in slots.enumerated() {
            let tokens = memory.tokens(ofSlot: slot)
            let own = layers[index].states[(tokens.lowerBound - first) * hidden..<(tokens.upperBound - first) * hidden]
            pooled.setRow(row, to: pool(own)[...])
        }
        let next = min(memory.tokens(ofSlot: slots.upperBound).lowerBound, tokens.upperBound)
        forget(index, before: next)
        return store(pooled, slots: slots, layer: index, attention)
    }

    /// The same with what a trained convolution makes of normed states; what it gives is not normed again.
    private func rememberConvolved(_ index: Int, tokens: Range<Int>, _ attention: AttentionLayer) -> RecordedSlots? {
        guard stack.slotConvolutions.indices.contains(index) else { return nil }
        let slots = layers[index].made..<min(total, memory.slotCount(tokens: tokens.upperBound))
        let groups = slots.map { memory.tokens(ofSlot: $0) }
        let rows = groups.reduce(0) { $0 + $1.count }
        let states = Matrix(rows: max(1, rows), columns: shape.hidden)
        for (row, token) in groups.joined().enumerated() { states.setRow(row, to: state(of: token, layer: index)) }
        let inputs = normed(states, rows: rows, block: stack.blocks[index])
        let made = stack.slotConvolutions[index].applied(to: inputs, slots: slots.count, workers: workers)
        forget(index, before: min(memory.tokens(ofSlot: slots.upperBound).lowerBound, tokens.upperBound))
        return store(made, slots: slots, layer: index, attention, isNormed: true)
    }

    /// An input of a block that is kept. [hidden]
    func state(of token: Int, layer index: Int) -> ArraySlice<Float> {
        let start = (token - layers[index].first) * shape.hidden
        return layers[index].states[start..<start + shape.hidden]
    }

    /// Drops inputs of which no slot will be made any more.
    func forget(_ index: Int, before token: Int) {
        layers[index].states.removeFirst((token - layers[index].first) * shape.hidden)
        layers[index].first = token
    }

    /// What a block's attention reads of states, its norm applied where it has one before.
    private func normed(_ states: Matrix, rows: Int, block: Block) -> Matrix {
        let input = Matrix(rows: states.rows, columns: states.columns)
        if block.arrangement != .normLast, let norm = block.attentionNorm {
            norm.apply(to: states, rows: rows, into: input, workers: workers)
        } else {
            input.copyRows(of: states, count: rows)
        }
        return input
    }

    /// One state made of several. [hidden]
    private func pool(_ states: ArraySlice<Float>) -> [Float] {
        let hidden = shape.hidden
        var result = Array(states.prefix(hidden))
        for start in stride(from: states.startIndex + hidden, to: states.endIndex, by: hidden) {
            for i in 0..<hidden {
                result[i] = memory.form == .max ? max(result[i], states[start + i]) : result[i] + states[start + i]
            }
        }
        guard memory.form != .max else { return result }
        return result.map { $0 / Float(memory.rate) }
    }

    /// Keys and values of slots, made as those of tokens are.
    /// - Parameters:
    ///   - tokens: whose states they hold, where each holds one
    ///   - isNormed: whether `states` are what the projections take
    func store(
        _ states: Matrix, slots: Range<Int>, layer index: Int, _ attention: AttentionLayer, tokens: [Int]? = nil,
        isNormed: Bool = false
    ) -> RecordedSlots {
        let count = slots.count
        layers[index].made = slots.upperBound
        let input = isNormed ? states : normed(states, rows: count, block: stack.blocks[index])
        let (keys, values) = attention.keysAndValues(of: input, rows: count, shape: shape, workers: workers)
        let d = shape.headDimension
        var recorded: (keys: [Float], values: [Float]) = ([], [])
        let (packedKeys, packedValues) = (keys.copy(rows: 0..<count), values.copy(rows: 0..<count))
        for head in 0..<shape.keyValueHeads {
            func rows(_ packed: [Float]) -> [[Float]] {
                (0..<count).map { row in
                    let start = (row * shape.keyValueHeads + head) * d
                    return Array(packed[start..<start + d])
                }
            }
            let (plain, own) = (rows(packedKeys), rows(packedValues))
            // The most used tokens may stand where they do in the text, which the table of slots does not know.
            let isAtToken = tokens != nil && memory.places == .own
            let table = isAtToken ? setup.positions(index).keys[0] : tables(index).keys[0]
            let turned = plain.enumerated().flatMap { row, key in
                table.rotated(key, position: isAtToken ? tokens?[row] ?? 0 : slots.lowerBound + row)
            }
            layers[index].cache.setKeys(turned, of: slots, head: head, slot: 0)
            layers[index].cache.setValues(own.flatMap { $0 }, of: slots, head: head)
            recorded.keys += plain.flatMap { $0 }
            recorded.values += own.flatMap { $0 }
        }
        return RecordedSlots(
            first: slots.lowerBound, count: count, keys: recorded.keys, values: recorded.values,
            tokens: tokens.map { $0.map(Int32.init) })
    }

    /// What the queries of a chunk read; nil where none of them reads a slot.
    func read(_ index: Int, tokens: Range<Int>, queries: Matrix) -> Reading? {
        guard setup.readsSlots(layer: index) else { return nil }
        let ranges = tokens.map { memory.slotRange(before: memory.start(of: $0)) }
        guard ranges.contains(where: { !$0.isEmpty }) else { return nil }
        let plan = VisibilityPlan(
            Visibility(limit: .keys(total), ranges: ranges.map { $0.isEmpty ? [] : [$0] }), positions: tables(index),
            firstQuery: tokens.lowerBound, count: tokens.count)
        var rule = setup.rules[index]
        rule.sinks = nil
        let attention = Attention(
            plans: [plan], cache: layers[index].cache, heads: shape.heads, rule: rule,
            scale: setup.layerTraits[index].scoreScale, poolBlock: poolBlock,
            inductionKeys: Array(repeating: -1, count: tokens.count))
        let context = Matrix(rows: tokens.count, columns: shape.heads * shape.headDimension)
        let summary = attention.run(queries: queries, context: context, workers: workers)
        return Reading(
            context: context, logSumExp: summary.logSumExp.map { $0.isFinite ? $0 : -.infinity })
    }
}

extension SlotRun.Reading {
    /// Adds what slots give to what tokens give, by their share of the weights.
    /// - Parameter logSumExp: of tokens and slots together. [head, query of the chunk]
    func add(to context: Matrix, logSumExp whole: [Float], heads: Int) {
        let d = context.columns / max(1, heads)
        let count = self.context.rows
        for head in 0..<heads {
            for row in 0..<count {
                let own = logSumExp[head * count + row]
                guard own.isFinite else { continue }
                let share = expf(own - whole[head * count + row])
                context.addColumns(head * d..<(head + 1) * d, of: row, self.context, factor: share)
            }
        }
    }
}

extension RunSetup {
    /// The compressed memory that is read beside the tokens, where there is a cache.
    package var slotMemory: CompressiveWindow? { kind == .decoder ? scenario.slotMemory : nil }

    /// Whether a layer reads slots: one with a window of its own keeps to that.
    package func readsSlots(layer: Int) -> Bool {
        slotMemory != nil && layerTraits[layer].windows.allSatisfy { $0 is Full || $0 is Causal }
    }

    /// How queries stand among the slots, and slots.
    /// - Parameter rope: nil for a layer that turns nothing
    package func slotTables(rope: Int?, slots: Int) -> PositionTables {
        let tokens = max(queries, keys)
        guard let memory = slotMemory, let rope else {
            return PositionTables(RotaryTable(frequencies: [], positions: max(1, tokens, slots)))
        }
        let turning = modelTraits.encoding(scenario, rope: rope, tokens: tokens).pieces[0].queries
        func table(_ count: Int, _ place: @escaping @Sendable (Int) -> Double) -> RotaryTable {
            RotaryTable(
                frequencies: turning.inverseFrequencies.map { Float($0) }, positions: max(1, count),
                factor: Float(turning.factor), place: { Float(place($0)) })
        }
        return PositionTables(
            pieces: [
                (
                    table(tokens) { memory.place(ofQuery: $0) }, table(slots) { memory.place(ofSlot: $0) }, nil
                )
            ],
            queryScales: positions[rope].queryScales)
    }
}

extension AttentionLayer {
    /// Keys and values of some inputs before rotation.
    fileprivate func keysAndValues(
        of input: Matrix, rows: Int, shape: ModelShape, workers: Workers
    ) -> (keys: Matrix, values: Matrix) {
        let width = shape.keyValueHeads * shape.headDimension
        let (keys, values) = (Matrix(rows: max(1, rows), columns: width), Matrix(rows: max(1, rows), columns: width))
        guard rows > 0 else { return (keys, values) }
        let queries = Matrix(rows: rows, columns: shape.heads * shape.headDimension)
        let isDone = projectInParts(
            input, rows: rows, shape: shape, queries: queries, keys: keys, values: values, workers: workers)
        if !isDone {
            key.apply(to: input, rows: rows, output: keys, workers: workers)
            value.apply(to: input, rows: rows, output: values, workers: workers)
        }
        if let clip { for matrix in [keys, values] { Elementwise.clip(matrix, to: clip, rows: rows) } }
        keyNorm?.applyToHeads(keys, rows: rows, workers: workers)
        valueNorm?.applyToHeads(values, rows: rows, workers: workers)
        return (keys, values)
    }
}
