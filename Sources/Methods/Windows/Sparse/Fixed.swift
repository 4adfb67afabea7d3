import RopewalkPhrases

/// The own block, and the last cells of every block before.
package struct Fixed: ZonedWindow, Equatable {
    package static let description = MethodDescription(
        name: "fixed", family: .window, title: "Sparse Transformer, fixed",
        summary: "Every token sees its own block up to itself and, of every block, the last cells, which sum it up.",
        source:
            "Child et al., Generating Long Sequences with Sparse Transformers, 2019 (arXiv 1904.10509), stride 128, "
            + "summary 8 to 32 there",
        parameters: [
            .tokens("stride", "length of a block", default: 128),
            .tokens("summary", "summary cells of a block", default: 8),
            .choice("step", "0: both steps together, 1: the own block, 2: the summary cells", default: 0, to: 2),
            .choice("shift", "how many times summary the cells lie before the block's end", default: 0, to: 1024),
            ParameterDescription(
                "verts", meaning: "places for summary cells that the heads take in turn", default: 1, range: 1...1024,
                isInteger: true),
            .stepSharing,
        ],
        flops: "4·N·(stride/2 + summary·N/stride/2)·d a head",
        memory: "2·(stride + summary·N/stride)·d numbers a key/value head")

    package let stride: Int
    package let summary: Int
    package let step: Int
    package let shift: Int
    package let verts: Int
    package let sharing: StepSharing

    package init(
        stride: Int, summary: Int, step: Int = 0, shift: Int = 0, verts: Int = 1, sharing: StepSharing = .merged
    ) {
        self.stride = stride
        self.summary = summary
        self.step = step
        self.shift = shift
        self.verts = verts
        self.sharing = sharing
    }

    package init(values: [Double]) {
        self.init(
            stride: Int(values[0]), summary: Int(values[1]), step: Int(values[2]), shift: Int(values[3]),
            verts: Int(values[4]), sharing: StepSharing(values[5]))
    }
    package var values: [Double] { [stride, summary, step, shift, verts].map(Double.init) + [sharing.value] }

    package var contradiction: String? { sharing.contradiction(step: step) }

    /// The first head that reads summary cells has the last of a block, the next one those before, and so on in turn.
    package func window(in place: HeadPlace) -> (any WindowMethod)? {
        let reader = sharing == .separate ? place.head / 2 : place.head
        return Fixed(
            stride: stride, summary: summary, step: sharing.step(step, in: place),
            shift: verts > 1 ? reader % verts : shift)
    }

    /// The summary cells of a block, counted from its start.
    private var cells: Range<Int> {
        let end = max(0, stride - summary * shift)
        return max(0, end - summary)..<end
    }

    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum {
        guard !queries.isEmpty else { return ZoneSum() }
        var sum = step == 2 ? ZoneSum() : .chunks(size: stride, queries: queries, tokens: tokens)
        guard step != 1 else { return sum }
        // Blocks that all of these queries have left are one comb a cell; the others are few.
        let first = queries.lowerBound / stride * stride
        if cells.count <= 64 || cells.count * 64 < first / stride {
            let combs = cells.map { cell in
                Zone(queries: queries, keys: 0..<first, keyComb: Congruence(period: stride, phase: cell))
            }
            sum = sum + ZoneSum(combs)
        } else {
            sum = sum + summaries(of: 0..<first / stride, queries: queries, tokens: tokens)
        }
        return sum
            + summaries(of: first / stride..<(queries.upperBound - 1) / stride + 1, queries: queries, tokens: tokens)
    }

    /// The summary cells of some blocks; where the own block is seen anyway, for later queries only.
    private func summaries(of blocks: Range<Int>, queries: Range<Int>, tokens: Int) -> ZoneSum {
        ZoneSum(
            blocks.map { block in
                let start = block * stride
                let from = step == 2 ? start : start + stride
                return Zone(
                    queries: queries.clamped(to: from..<max(from, tokens)),
                    keys: (start + cells.lowerBound..<start + cells.upperBound).clamped(to: 0..<tokens),
                    distances: Zone.distances(from: 0))
            })
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        if key > query { return .future(query: query, key: key) }
        if step != 2, query / stride == key / stride {
            return .sameBlock("block", query: query, key: key, size: stride)
        }
        if step != 1, cells.contains(key % stride) {
            return VisibilityReason(
                .global, say("kept as summary: cell \((key % stride).grouped) of a block of \(stride.grouped)"))
        }
        if step == 1 { return .sameBlock("block", query: query, key: key, size: stride) }
        let bounds = say("\(cells.lowerBound.grouped) to \((cells.upperBound - 1).grouped)")
        let cell = say("cell \((key % stride).grouped) of its block is no summary cell (\(bounds))")
        return VisibilityReason(
            .outside,
            step == 2 ? say("blocked: \(cell)") : say("blocked: another block, and \(cell)"))
    }
}
