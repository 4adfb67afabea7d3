import RopewalkPhrases

/// A head count that grows with the text: heads beyond it read nothing.
package struct DynamicHeads: WindowMethod, Equatable {
    package static let description = MethodDescription(
        name: "dynamic-heads", family: .window, title: "Dynamic head count",
        summary:
            "The longer the text read so far, the more heads are active; an inactive head reads nothing and adds nothing "
            + "to the output. Heads become active in the order of their numbers, in whole groups.",
        source:
            "a rule without a publication; nearest are head pruning, 2019 (arXiv 1905.10650), Mixture-of-Head, 2024 "
            + "(arXiv 2410.11842), DuoAttention, 2024 (arXiv 2410.10819); the table is an example",
        parameters: [
            .count("group", "heads that become active together, those of one key head", unit: "heads", default: 1)
        ],
        lists: [
            ListDescription(
                "limits", meaning: "lengths, rising; 512/2048 where none is given", unit: "tokens",
                range: 1...1_073_741_824, isInteger: true),
            ListDescription(
                "heads",
                meaning: "active heads up to each length; all of them beyond the last; 4/8 where none is given",
                unit: "heads", range: 1...1_048_576, isInteger: true),
        ],
        flops: "2·N²·d a head while it is active", memory: "2·N·d numbers a key/value head")

    package let group: Int
    package let limits: [Int]
    package let heads: [Int]
    private let head: Int

    package init(group: Int = 1, limits: [Int] = [], heads: [Int] = []) {
        self.init(group: group, limits: limits, heads: heads, head: 0)
    }

    private init(group: Int, limits: [Int], heads: [Int], head: Int) {
        self.group = group
        self.limits = limits
        self.heads = heads
        self.head = head
    }

    package init(values: [Double]) { self.init(values: values, lists: [[], []]) }
    package init(values: [Double], lists: [[Double]]) {
        let lists = lists.map { $0.map { Int($0) } }
        self.init(group: Int(values[0]), limits: lists.first ?? [], heads: lists.dropFirst().first ?? [])
    }
    package var values: [Double] { [Double(group)] }
    package var lists: [[Double]] { [limits.map(Double.init), heads.map(Double.init)] }

    package var contradiction: String? {
        if limits.count != heads.count {
            return say(
                "limits has \(limits.count.grouped) numbers and heads \(heads.count.grouped): give as many of both")
        }
        return zip(limits, limits.dropFirst()).allSatisfy { $0 < $1 }
            ? nil : say("limits do not rise: write limits=512/2048")
    }

    /// Active heads of a text of so many tokens, a whole number of groups, at most `total`.
    package func activeHeads(tokens: Int, of total: Int) -> Int {
        let table = limits.isEmpty ? zip([512, 2048], [4, 8]) : zip(limits, heads)
        guard let active = table.first(where: { tokens <= $0.0 })?.1 else { return total }
        return min(total, (active + group - 1) / group * group)
    }

    package var identity: String { "\(spec)#\(head)" }

    package func window(in place: HeadPlace) -> (any WindowMethod)? {
        DynamicHeads(group: group, limits: limits, heads: heads, head: place.head)
    }

    package func visibleKeys(query: Int, tokens: Int) -> KeyRanges {
        isActive(query: query) ? KeyRanges(from: 0, to: min(query + 1, tokens)) : KeyRanges()
    }

    package func zones(of queries: Range<Int>, tokens: Int) -> ZoneSum? {
        // Between two limits the head is active throughout or not at all.
        let edges = [0] + (limits.isEmpty ? [512, 2048] : limits) + [Int.max]
        let stretches = zip(edges, edges.dropFirst()).map { ($0..<max($0, $1)).clamped(to: queries) }
        return ZoneSum(
            stretches.filter { !$0.isEmpty && isActive(query: $0.lowerBound) }.map {
                Zone(queries: $0, keys: 0..<tokens, distances: Zone.distances(from: 0))
            })
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        if key > query { return .future(query: query, key: key) }
        let active = activeHeads(tokens: query + 1, of: .max)
        let rule = active == .max ? say("all heads") : say("the first \(active.grouped) heads")
        let text = say("head \(head.grouped), \(rule) are active with \((query + 1).grouped) tokens")
        return isActive(query: query)
            ? VisibilityReason(.visible, say("kept: \(text)")) : VisibilityReason(.outside, say("blocked: \(text)"))
    }

    private func isActive(query: Int) -> Bool { head < activeHeads(tokens: query + 1, of: .max) }
}
