import RopewalkKernels

/// What goes from token to token in one layer of a run.
final class MixerMemory {
    let state: Matrix
    /// The tokens before, which short convolutions read.
    let earlier: Matrix
    /// The token before, which a feed-forward layer reads; nil where none does.
    let feedForward: Matrix?

    init(state: Matrix, earlier: Matrix, feedForward: Matrix? = nil) {
        self.state = state
        self.earlier = earlier
        self.feedForward = feedForward
    }

    var kept: MixerState { MixerState(state: Self.numbers(state), earlier: Self.numbers(earlier)) }

    /// Goes on where another run of the same mixer ended.
    func restore(_ kept: MixerState) {
        Self.set(state, kept.state)
        Self.set(earlier, kept.earlier)
        if let feedForward { Self.set(feedForward, kept.feedForward) }
    }

    private static func numbers(_ matrix: Matrix) -> [Float] { matrix.copy(rows: 0..<matrix.rows) }

    private static func set(_ matrix: Matrix, _ numbers: [Float]) {
        // A recording of another model has other sizes (Recorder.canGoOn).
        guard numbers.count == matrix.rows * matrix.columns else { return }
        for row in 0..<matrix.rows {
            matrix.setRow(row, to: numbers[row * matrix.columns..<(row + 1) * matrix.columns])
        }
    }
}

/// Working memory of the recurrent mixers of a run, for a chunk; all layers use the same.
final class MixerScratch {
    enum Part: Hashable { case input, convolved, step, narrow, gate, output }

    private let rows: Int
    private var matrices: [Part: Matrix] = [:]

    /// - Parameter rows: tokens at most
    init(rows: Int) { self.rows = rows }

    /// A matrix of so many columns, as it was left.
    func matrix(_ part: Part, columns: Int) -> Matrix {
        if let known = matrices[part], known.columns == columns { return known }
        let matrix = Matrix(rows: rows, columns: columns)
        matrices[part] = matrix
        return matrix
    }
}
