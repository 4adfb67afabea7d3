import RopewalkKernels
import RopewalkMethods
import RopewalkModels

/// What one query of a head reads of a memory of earlier segments, slot by slot: [compressed | memory | segment].
package struct MemoryStrip: Equatable, Sendable {
    /// Where a slot stands in the order of the keys.
    package enum Zone: String, CaseIterable, Equatable, Sendable {
        case compressed, memory, segment
    }

    package struct Slot: Equatable, Sendable {
        package let zone: Zone
        /// What it stands for: one token, or those that it was made of.
        package let tokens: Range<Int>
        /// What the query gives it under the scenario.
        package let weight: Float
        /// What it gives these tokens together where it reads all of the text with the model's own attention.
        package let exact: Float

        package init(zone: Zone, tokens: Range<Int>, weight: Float, exact: Float) {
            (self.zone, self.tokens, self.weight, self.exact) = (zone, tokens, weight, exact)
        }
    }

    package let query: Int
    /// The first token of the query's segment.
    package let start: Int
    /// In the order of the keys.
    package let slots: [Slot]
    /// Tokens of a compressed slot.
    package let rate: Int
    /// What a compressed slot holds: one state, or nothing, and then it is the weights of its tokens added up.
    package let form: SlotForm
    /// The share that full attention gives tokens that no slot stands for.
    package let lost: Float
    /// |output − full output| / |full output| of the head.
    package let outputError: Float
    package let basis: Provenance.Basis

    package init(
        query: Int, start: Int, slots: [Slot], rate: Int, form: SlotForm, lost: Float, outputError: Float,
        basis: Provenance.Basis
    ) {
        (self.query, self.start, self.slots, self.rate) = (query, start, slots, rate)
        (self.form, self.lost, self.outputError, self.basis) = (form, lost, outputError, basis)
    }

    /// The first token that a slot stands for.
    package var first: Int { slots.first?.tokens.lowerBound ?? query }

    /// Places of slots in the order of their weights, of equal ones the last first.
    package var ranked: [Int] {
        slots.indices.sorted {
            slots[$0].weight == slots[$1].weight ? $0 > $1 : slots[$0].weight > slots[$1].weight
        }
    }

    /// The weights of a zone together, and what full attention gives its tokens.
    package func share(_ zone: Zone) -> (weight: Float, exact: Float) {
        slots.reduce((0, 0)) { $1.zone == zone ? ($0.0 + $1.weight, $0.1 + $1.exact) : $0 }
    }
}

/// Segments with a memory, as a scenario has them.
package enum SegmentMemory: Equatable, Sendable {
    case recurrent(TransformerXL)
    case compressive(CompressiveWindow)

    package init?(_ scenario: Scenario) {
        for window in scenario.windows {
            if let window = window as? CompressiveWindow {
                self = .compressive(window)
                return
            }
            if let window = window as? TransformerXL {
                self = .recurrent(window)
                return
            }
        }
        return nil
    }

    package var segment: Int {
        switch self {
        case .recurrent(let window): window.segment
        case .compressive(let window): window.segment
        }
    }

    /// The tokens of the compressed slots that a query reads, and its memory.
    func parts(of query: Int) -> (slots: [Range<Int>], memory: Range<Int>, start: Int) {
        let start = query / segment * segment
        switch self {
        case .recurrent(let window):
            let first = window.hasSameLength ? query - window.memory + 1 : start - window.memory
            return ([], max(0, min(first, start))..<start, start)
        case .compressive(let window):
            return (window.slots(before: start), window.memory(before: start), start)
        }
    }
}

extension Lens {
    /// What a query reads of the memory that the scenario has; nil without one, or where the query is not recorded.
    package func memoryStrip(layer: Int, head: Int, query: Int) -> MemoryStrip? {
        guard let memory = SegmentMemory(scenario),
            let rows = FullRows(self, layer: layer, head: head, queries: [query])
        else { return nil }
        let full = with(Scenario(position: scenario.position, ablations: recording.scenario.ablations))
        guard let exact = FullRows(full, layer: layer, head: head, queries: [query]) else { return nil }
        let end = keyEnd(query)
        let (own, all) = (rows.weights.copy(row: 0, columns: 0..<end), exact.weights.copy(row: 0, columns: 0..<end))
        let parts = memory.parts(of: query)
        let read = slotWeights(layer: layer, head: head, query: query, logSumExp: rows.logSumExp[0])
        func slot(_ zone: MemoryStrip.Zone, _ tokens: Range<Int>, _ weight: Float? = nil) -> MemoryStrip.Slot {
            MemoryStrip.Slot(
                zone: zone, tokens: tokens, weight: weight ?? own[tokens].reduce(0, +), exact: all[tokens].reduce(0, +))
        }
        let isMade = setup.slotMemory != nil
        let compressed = slotTokens(parts.slots, of: query, layer: layer).enumerated().map { place, tokens in
            slot(.compressed, tokens, isMade ? (read.indices.contains(place) ? read[place].weight : 0) : nil)
        }
        let first = max(parts.start, firstSeen(memory, query))
        let slots =
            compressed + parts.memory.map { slot(.memory, $0..<$0 + 1) }
            + (first..<query + 1).map { slot(.segment, $0..<$0 + 1) }
        return MemoryStrip(
            query: query, start: parts.start, slots: slots, rate: rate(memory), form: setup.slotMemory?.form ?? .no,
            lost: max(0, 1 - slots.reduce(0) { $0 + $1.exact }),
            outputError: outputDistance(rows, full, exact, layer: layer, head: head), basis: basis)
    }

    /// What compressed slots stand for: of the most used tokens one each, which the run has chosen.
    private func slotTokens(_ tokens: [Range<Int>], of query: Int, layer: Int) -> [Range<Int>] {
        guard let memory = setup.slotMemory, memory.form == .mostUsed else { return tokens }
        return memory.slotRange(before: memory.start(of: query)).compactMap {
            recording.token(ofSlot: $0, layer: layer).map { $0..<$0 + 1 }
        }
    }

    /// Of the query's own segment: with one length for all, a memory shorter than the segment hides its beginning.
    private func firstSeen(_ memory: SegmentMemory, _ query: Int) -> Int {
        guard case .recurrent(let window) = memory, window.hasSameLength else { return 0 }
        return max(0, query - window.memory + 1)
    }

    private func rate(_ memory: SegmentMemory) -> Int {
        if case .compressive(let window) = memory { return window.rate }
        return 1
    }

    /// |output − other output| / |other output| of the first rows.
    func outputDistance(_ rows: FullRows, _ other: Lens, _ otherRows: FullRows, layer: Int, head: Int) -> Float {
        Self.distance(
            output(rows, row: 0, layer: layer, head: head),
            from: other.output(otherRows, row: 0, layer: layer, head: head))
    }

    /// |a − b| / |b|
    static func distance(_ a: [Float], from b: [Float]) -> Float {
        let norm = b.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let difference = zip(a, b).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        return norm > 0 ? difference / norm : 0
    }
}
