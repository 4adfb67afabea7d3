/// What several queries read, or who reads several keys, in all heads of some layers together, as far as it is worked out:
/// head after head.
package struct PooledSpan: SteppedAnswer {
    package let span: TokenSpan
    package let isColumn: Bool
    private let layers: Range<Int>
    /// Keys that do not count; empty where all do. [layer][head]
    private let leavingOut: [[Set<Int>]]
    /// Of the heads that are finished; nil before the first one.
    package private(set) var weights: PooledWeights?
    /// Layers whose heads are all finished.
    package private(set) var layersDone = 0
    package private(set) var isMissing = false
    /// The head that is worked on, in the first layer that is not done.
    private var head = 0
    private var row: SpanRow
    /// Nil where none of the keys counts in the head.
    private var column: SpanColumn?

    package init(_ span: TokenSpan, isColumn: Bool, layers: Range<Int>, leavingOut: [[Set<Int>]] = []) {
        self.span = span
        self.isColumn = isColumn
        self.layers = layers
        self.leavingOut = leavingOut
        row = SpanRow(span)
        begin()
    }

    package var isComplete: Bool { isMissing || layersDone == layers.count }

    /// There is nobody to ask.
    package mutating func miss() { isMissing = true }

    /// Keys that do not count in the head that is worked on.
    private var out: Set<Int> {
        guard leavingOut.indices.contains(layersDone), leavingOut[layersDone].indices.contains(head) else { return [] }
        return leavingOut[layersDone][head]
    }

    private mutating func begin() {
        row = SpanRow(span)
        guard isColumn else { return }
        column = TokenSpan(span.tokens.filter { !out.contains($0) }.map { $0..<$0 + 1 }).map { SpanColumn($0) }
    }

    fileprivate mutating func extend(_ lens: Lens) {
        guard !isComplete else { return }
        let layer = layers.lowerBound + layersDone
        guard layer < lens.shape.layers, head < lens.shape.heads else { return miss() }
        let found = isColumn ? column(lens, layer) : row(lens, layer)
        guard let found, !isMissing else { return }
        let other = PooledWeights(first: 0, weights: found)
        if weights == nil { weights = other } else { weights?.add(other) }
        head += 1
        if head == lens.shape.heads { (layersDone, head) = (layersDone + 1, 0) }
        begin()
    }

    /// What the head gives, where it is finished. [key]
    private mutating func row(_ lens: Lens, _ layer: Int) -> [Float]? {
        lens.extend(&row, layer: layer, head: head)
        isMissing = row.isMissing
        guard row.isComplete else { return nil }
        var mean = row.mean
        for key in out where mean.indices.contains(key) { mean[key] = 0 }
        return mean
    }

    /// [query]
    private mutating func column(_ lens: Lens, _ layer: Int) -> [Float]? {
        guard var known = column else { return [Float](repeating: 0, count: lens.recording.tokens) }
        lens.extend(&known, layer: layer, head: head)
        isMissing = known.isMissing
        column = known
        return known.isComplete ? known.weights : nil
    }
}

extension Lens {
    /// Works on the next head for some milliseconds.
    package func extend(_ pooled: inout PooledSpan) { pooled.extend(self) }
}
