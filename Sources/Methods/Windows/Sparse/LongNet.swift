import RopewalkPhrases

/// Several branches, each with longer segments and wider gaps than the one before.
package struct LongNet: CountingWindow, Equatable {
    package static let description = MethodDescription(
        name: "longnet", family: .window, title: "LongNet dilated attention",
        summary: "Segments of growing length, of which every token sees ever fewer tokens the longer they are.",
        source:
            "Ding et al., LongNet, 2023 (arXiv 2307.02486); without lists segments 2,048 to 32,768 and ratios 1, 2, "
            + "4, 6, 12",
        parameters: [
            ParameterDescription(
                "head", meaning: "without a head: which tokens of the gaps are seen", unit: "(head index)", default: 0,
                range: 0...65_535, isInteger: true)
        ],
        lists: [
            .tokens("segments", "segment length of each branch", from: 1),
            .tokens("ratios", "distance between two seen tokens in each branch", from: 1),
        ],
        flops: "4·N·Σ segment/ratio²·d a head", memory: "2·N·d numbers a key/value head")

    /// More branches would multiply into too many overlaps.
    private static let branchLimit = 8

    package let head: Int
    package let segments: [Int]
    package let ratios: [Int]

    package init(segments: [Int], ratios: [Int], head: Int = 0) {
        self.head = head
        self.segments = segments
        self.ratios = ratios
    }

    package init(values: [Double]) { self.init(values: values, lists: [[], []]) }
    package init(values: [Double], lists: [[Double]]) {
        self.init(segments: lists[0].map { Int($0) }, ratios: lists[1].map { Int($0) }, head: Int(values[0]))
    }
    package var values: [Double] { [Double(head)] }
    package var lists: [[Double]] { [segments.map(Double.init), ratios.map(Double.init)] }

    package var contradiction: String? {
        if segments.count != ratios.count {
            return say("\(segments.count) segments but \(ratios.count) ratios: give one ratio for each segment length")
        }
        return segments.count > Self.branchLimit ? say("more than \(Self.branchLimit) branches: give fewer") : nil
    }

    private struct Branch {
        let segment: Int
        let ratio: Int
        let phase: Int

        func allows(_ query: Int, _ key: Int) -> Bool {
            query / segment == key / segment && query % segment % ratio == phase && key % segment % ratio == phase
        }
    }

    private var branches: [Branch] {
        let pairs =
            segments.isEmpty
            ? [(2048, 1), (4096, 2), (8192, 4), (16_384, 6), (32_768, 12)] : Array(zip(segments, ratios))
        return pairs.map { Branch(segment: $0.0, ratio: $0.1, phase: head % $0.1) }
    }

    package func window(in place: HeadPlace) -> (any WindowMethod)? {
        LongNet(segments: segments, ratios: ratios, head: place.head)
    }

    package func zones(of queries: Range<Int>, tokens: Int) -> ZoneSum? {
        guard !queries.isEmpty else { return ZoneSum() }
        var sum = ZoneSum()
        for branch in branches {
            let segments = queries.lowerBound / branch.segment...(queries.upperBound - 1) / branch.segment
            let part = ZoneSum(
                segments.map { index in
                    let start = index * branch.segment
                    let comb = Congruence(period: branch.ratio, phase: start + branch.phase)
                    let segment = start..<start + branch.segment
                    return Zone(
                        queries: segment.clamped(to: queries), keys: segment.clamped(to: 0..<tokens),
                        distances: Zone.distances(from: 0), queryComb: comb, keyComb: comb)
                })
            guard let next = sum.union(part) else { return nil }
            sum = next
        }
        return sum
    }

    package func visibleKeys(query: Int, tokens: Int) -> KeyRanges {
        var ranges: [Range<Int>] = []
        for branch in branches where query % branch.segment % branch.ratio == branch.phase {
            let first = query / branch.segment * branch.segment + branch.phase
            if branch.ratio == 1 {
                ranges.append(first..<query + 1)
            } else {
                ranges += stride(from: first, through: query, by: branch.ratio).map { $0..<$0 + 1 }
            }
        }
        return KeyRanges(ranges)
    }

    /// In as many branches as let the query see it.
    package func times(query: Int, key: Int, tokens: Int) -> Int {
        key > query ? 0 : branches.count { $0.allows(query, key) }
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        if key > query { return .future(query: query, key: key) }
        guard let branch = branches.first(where: { $0.allows(query, key) }) else {
            return VisibilityReason(.outside, say("blocked: no branch has both in one segment and off its gaps"))
        }
        return VisibilityReason(
            .block,
            say(
                """
                kept: both are in one segment of \(branch.segment.grouped), at \(branch.phase) modulo \
                \(branch.ratio)
                """)
        ).counted(times(query: query, key: key, tokens: tokens))
    }
}
