import CRopewalkKernels

/// Where the numbers of a state space lie for a chunk of tokens, and the state that goes from token to token.
package struct StateScan {
    /// Δ, [row, channels] or [row, heads].
    let step: Matrix
    /// Columns of a matrix from which on the input, B and C lie.
    let x: Columns
    let b: Columns
    let c: Columns
    /// [states, channels]
    let state: Matrix
    /// [row, channels]
    let y: Matrix

    package struct Columns {
        let matrix: Matrix
        let first: Int

        package init(_ matrix: Matrix, from first: Int = 0) {
            self.matrix = matrix
            self.first = first
        }
    }

    package init(step: Matrix, x: Columns, b: Columns, c: Columns, state: Matrix, y: Matrix) {
        // Made side by side for one mixer (MixerRun).
        precondition(state.columns == y.columns && x.first + y.columns <= x.matrix.columns)
        precondition(max(b.first, c.first) + state.rows <= max(b.matrix.columns, c.matrix.columns))
        self.step = step
        self.x = x
        self.b = b
        self.c = c
        self.state = state
        self.y = y
    }

    /// Channels that one task takes.
    private static let share = 64

    /// Mamba: h = exp(Δ a) h + Δ B x, y = C h + D x, a state of its own for every channel.
    /// - Parameters:
    ///   - a: below 0. [states, channels]
    ///   - d: [channels]
    package func select(_ rows: Int, a: [Float], d: [Float], workers: Workers) {
        let channels = y.columns
        // Of one mixer, whose weights were checked when they were read.
        precondition(a.count == state.rows * channels && d.count == channels && step.columns == channels)
        precondition(rows <= min(step.rows, y.rows))
        workers.forEach((channels + Self.share - 1) / Self.share) { task in
            let first = task * Self.share
            d.withUnsafeBufferPointer { d in
                var scan = scan(rows, states: state.rows, group: 0)
                scan.d = d.baseAddress
                ck_selective_scan(&scan, a, first, min(Self.share, channels - first))
            }
        }
    }

    /// Mamba-2: the same with one Δ and one a for all channels of a head, and B and C for a group of heads.
    /// - Parameters:
    ///   - a: below 0. [heads]
    ///   - d: [heads]
    package func advance(_ rows: Int, a: [Float], d: [Float], groups: Int, workers: Workers) {
        let heads = a.count
        let width = y.columns / max(1, heads)
        // Of one mixer, whose weights were checked when they were read.
        precondition(d.count == heads && step.columns == heads && y.columns == width * heads && heads % groups == 0)
        precondition(rows <= min(step.rows, y.rows) && b.first + groups * state.rows <= b.matrix.columns)
        precondition(c.first + groups * state.rows <= c.matrix.columns)
        workers.forEach(heads) { head in
            var scan = scan(rows, states: state.rows, group: head / (heads / groups))
            ck_head_scan(&scan, head, a[head], d[head], head * width, width)
        }
    }

    private func scan(_ rows: Int, states: Int, group: Int) -> ck_scan {
        var scan = ck_scan()
        scan.step = UnsafePointer(step.base)
        scan.x = UnsafePointer(x.matrix.base + x.first)
        scan.b = UnsafePointer(b.matrix.base + b.first + group * states)
        scan.c = UnsafePointer(c.matrix.base + c.first + group * states)
        scan.state = state.base
        scan.y = y.base
        scan.rows = rows
        scan.channels = y.columns
        scan.states = states
        scan.step_stride = step.columns
        scan.x_stride = x.matrix.columns
        scan.b_stride = b.matrix.columns
        scan.c_stride = c.matrix.columns
        return scan
    }
}
