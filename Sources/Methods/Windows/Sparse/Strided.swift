import RopewalkPhrases

/// The last keys, and every stride-th key before: two steps reach all.
package struct Strided: ZonedWindow, Equatable {
    package static let description = MethodDescription(
        name: "strided", family: .window, title: "Sparse Transformer, strided",
        summary: "Every token sees the last tokens and, before these, one token in every stride.",
        source: "Child et al., Generating Long Sequences with Sparse Transformers, 2019 (arXiv 1904.10509), stride 128",
        parameters: [
            .tokens("stride", "distance between two far keys, and the reach of the near ones", default: 128),
            .choice("step", "0: both steps together, 1: the near keys, 2: the far ones", default: 0, to: 2),
            .choice(
                "inclusive", "1: step 1 holds the key at distance stride (the paper), 0: not (its code)", default: 1),
            .stepSharing,
        ],
        flops: "4·N·(stride + N/stride)·d a head; least where stride is √N",
        memory: "2·N·d numbers a key/value head (every key is a later one's far key)")

    package let stride: Int
    package let step: Int
    package let isInclusive: Bool
    package let sharing: StepSharing

    package init(stride: Int, step: Int = 0, isInclusive: Bool = true, sharing: StepSharing = .merged) {
        self.stride = stride
        self.step = step
        self.isInclusive = isInclusive
        self.sharing = sharing
    }

    package init(values: [Double]) {
        self.init(
            stride: Int(values[0]), step: Int(values[1]), isInclusive: values[2] == 1, sharing: StepSharing(values[3]))
    }
    package var values: [Double] { [Double(stride), Double(step), isInclusive ? 1 : 0, sharing.value] }

    package var contradiction: String? { sharing.contradiction(step: step) }

    package func window(in place: HeadPlace) -> (any WindowMethod)? {
        Strided(stride: stride, step: sharing.step(step, in: place), isInclusive: isInclusive)
    }

    /// Keys of step 1.
    private var near: Int { isInclusive ? stride + 1 : stride }

    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum {
        let band = Zone(queries: queries, keys: 0..<tokens, distances: 0..<near)
        if step == 1 { return ZoneSum([band]) }
        let far = Zone(
            queries: queries, keys: 0..<tokens, distances: Zone.distances(from: step == 2 ? 0 : near),
            distanceComb: Congruence(period: stride, phase: 0))
        return ZoneSum(step == 2 ? [far] : [band, far])
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        if key > query { return .future(query: query, key: key) }
        let distance = query - key
        if step != 2, distance < near { return .inWindow(query: query, key: key, window: near) }
        if step != 1, distance % stride == 0 {
            return VisibilityReason(
                .global, say("kept by stride: distance \(distance.grouped) is a multiple of \(stride.grouped)"))
        }
        if step == 1 {
            return VisibilityReason(.outside, say("blocked: \(String.distance(query, key, reaching: near))"))
        }
        return VisibilityReason(
            .outside,
            step == 2
                ? say("blocked: distance \(distance.grouped) is no multiple of \(stride.grouped)")
                : say(
                    """
                    blocked: distance \(distance.grouped) is no multiple of \(stride.grouped), and ≥ \
                    \(near.grouped)
                    """))
    }
}
