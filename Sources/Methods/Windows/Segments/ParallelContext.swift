import RopewalkPhrases

/// Windows that do not see each other, and the rest of the text, which sees them all.
package struct ParallelContext: ZonedWindow, Equatable {
    package static let description = MethodDescription(
        name: "pcw", family: .window, title: "Parallel context windows",
        summary:
            "Contexts are read side by side without seeing each other; the task tokens after them see them all. This is "
            + "the mask; with pcw-positions, which gives all contexts the same places, it is the method.",
        source:
            "Ratner et al., Parallel Context Windows for Large Language Models, 2022 (arXiv 2212.10947); the defaults "
            + "are ours",
        parameters: [
            .tokens("window", "length of a context, where lengths are not given", default: 512),
            ParameterDescription(
                "count", meaning: "number of contexts, where lengths are not given", default: 3, range: 1...4096,
                isInteger: true),
        ],
        lists: [.tokens("lengths", "lengths of the contexts, one after the other", from: 1)],
        flops: "2·(Σ length² + task·N)·d a head", memory: "2·N·d numbers a key/value head")

    package let window: Int
    package let count: Int
    package let lengths: [Int]
    /// Where the contexts begin, and then where the task tokens do.
    private let starts: [Int]
    private let longest: Int

    package init(lengths: [Int]) { self.init(window: 512, count: 3, lengths: lengths) }

    package init(window: Int, count: Int, lengths: [Int] = []) {
        self.window = window
        self.count = count
        self.lengths = lengths
        var starts = [0]
        let all = lengths.isEmpty ? Array(repeating: window, count: count) : lengths
        for length in all { starts.append(starts[starts.count - 1] + length) }
        self.starts = starts
        longest = all.max() ?? 0
    }

    package init(values: [Double]) { self.init(values: values, lists: [[]]) }
    package init(values: [Double], lists: [[Double]]) {
        self.init(window: Int(values[0]), count: Int(values[1]), lengths: lists[0].map { Int($0) })
    }
    package var values: [Double] { [Double(window), Double(count)] }
    package var lists: [[Double]] { [lengths.map(Double.init)] }

    package var companion: (any Method)? { ParallelPositions(self) }

    private var task: Int { starts[starts.count - 1] }

    /// Tokens of the first context.
    var firstLength: Int { starts[1] }

    /// Where a token stands when every context begins at 0 and the rest goes on behind the longest.
    func place(_ token: Int) -> Int {
        guard token >= task else { return token - starts[starts.stretch(of: token)] }
        return longest + token - task
    }

    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum {
        let contexts = ZoneSum.stretches(
            starts, isCausal: true, queries: queries.clamped(to: 0..<task), tokens: tokens)
        let rest = queries.clamped(to: task..<max(task, tokens))
        return contexts + ZoneSum([Zone(queries: rest, keys: 0..<tokens, distances: Zone.distances(from: 0))])
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        if key > query { return .future(query: query, key: key) }
        if query >= task {
            return VisibilityReason(
                .visible, say("kept: the query is a task token (from \(task.grouped) on) and sees all"))
        }
        let (own, other) = (starts.stretch(of: query), starts.stretch(of: key))
        return own == other
            ? VisibilityReason(.block, say("kept: query and key are in context \(own.grouped)"))
            : VisibilityReason(
                .outside, say("blocked: the query is in context \(own.grouped), the key in \(other.grouped)"))
    }
}
