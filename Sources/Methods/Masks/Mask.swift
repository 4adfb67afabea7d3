import RopewalkPhrases

/// The mask of window methods over a text: a key is allowed where all of them allow it.
public struct Mask: MaskRows {
    /// What a mask may span; one pass over so many rows takes seconds.
    package static let tokenRange = 1...4_194_304

    package let windows: [any WindowMethod]
    /// How many keys there are; mostly as many as queries.
    public let tokens: Int
    /// Whether the future is cut off whatever the methods say, as in a decoder.
    package let isCausal: Bool
    /// The places of the queries among the keys.
    public let queries: Range<Int>

    /// A mask of windows; `tokens` must lie in `tokenRange`.
    ///
    /// - Parameter queries: their places among the keys; nil for as many as there are keys.
    package init(
        windows: [any WindowMethod], tokens: Int, isCausal: Bool, queries: Range<Int>? = nil
    ) throws(MethodError) {
        guard Self.tokenRange.contains(tokens) else { throw .tokensOutOfRange(tokens, Self.tokenRange) }
        for window in windows {
            if let problem = window.problem(tokens: tokens) { throw .unfit(problem) }
        }
        self.windows = windows
        self.tokens = tokens
        self.isCausal = isCausal
        self.queries = queries ?? 0..<tokens
    }

    /// The mask that a decoder has in a scenario, without what its selection hides.
    package init(_ scenario: Scenario, tokens: Int) throws(MethodError) {
        try self.init(windows: scenario.windows, tokens: tokens, isCausal: true)
    }

    /// The mask of methods as published: `full` is full, and a two-sided method keeps both sides.
    ///
    /// Position methods and selections have no mask of their own and are refused.
    package init(
        parsing specs: [String], tokens: Int, loader: MaskLoader? = nil
    ) throws(MethodError) {
        guard !specs.isEmpty else { throw .empty }
        var methods: [any Method] = []
        for spec in specs { methods.append(try MethodSpec.parse(spec, loader: loader)) }
        try self.init(methods: methods, tokens: tokens)
    }

    /// The mask of methods as published, which must all be windows.
    ///
    /// - Parameter queries: their places among the keys; nil for those of the files among the methods, else all.
    package init(methods: [any Method], tokens: Int, queries: Range<Int>? = nil) throws(MethodError) {
        var windows: [any WindowMethod] = []
        for method in methods {
            if method is any SelectionMethod || method is any StateSelection { throw .needsScores(method.spec) }
            if method is any CompressionMethod { throw .compressesOnly(method.spec) }
            if method is Ablation { throw .leavesOutOnly(method.spec) }
            if method is any KernelMethod { throw .weighsOnly(method.spec) }
            guard let window = method as? any WindowMethod else { throw .hidesNoKey(method.spec) }
            windows.append(window)
        }
        let own = try Self.queries(of: windows, tokens: tokens)
        try self.init(windows: windows, tokens: tokens, isCausal: false, queries: own ?? queries)
    }

    /// The places of the queries of mask files; an error where these have different sizes.
    private static func queries(of windows: [any WindowMethod], tokens: Int) throws(MethodError) -> Range<Int>? {
        let files = windows.flatMap(\.fileWindows)
        guard let first = files.first else { return nil }
        let (keys, queries) = (first.stack.keys, first.stack.queries)
        for file in files where file.stack.keys != keys || file.stack.queries != queries {
            throw .unfit(
                say(
                    """
                    \(first.path) is \(first.stack.sizeText) and \(file.path) \(file.stack.sizeText): combine \
                    masks of one size
                    """)
            )
        }
        if queries == 0..<keys { return nil }
        guard tokens == keys else {
            throw .unfit(
                say("\(first.path) is \(first.stack.sizeText), not \(tokens.grouped) tokens: leave out --tokens"))
        }
        return queries
    }

    /// Whether its queries are another text than its keys, so that none is before or after a key.
    package var isCross: Bool { windows.contains { $0.fileWindows.contains { $0.stack.offset == .cross } } }

    /// The mask as it is in one head of a model.
    package func mask(in place: HeadPlace) throws(MethodError) -> Mask {
        try Mask(
            windows: windows.compactMap { $0.window(in: place) }, tokens: tokens, isCausal: isCausal,
            queries: isSquare ? nil : queries)
    }

    /// The specs of its methods, with blanks between them.
    public var spec: String {
        windows.isEmpty ? (isCausal ? Causal().spec : Full().spec) : windows.map(\.spec).joined(separator: " ")
    }

    /// Masks with the same identity allow the same pairs.
    package var identity: String { windows.map(\.identity).joined(separator: " ") }

    /// "64 tokens", or "8 queries and 64 keys".
    package var sizeText: String {
        isSquare
            ? say("\(tokens.grouped) tokens") : say("\(queries.count.grouped) queries and \(tokens.grouped) keys")
    }

    package func row(_ query: Int) -> KeyRanges {
        let end = isCausal ? max(0, min(query + 1, tokens)) : tokens
        guard (0..<tokens).contains(query) else { return outlyingRow(query).intersection(0..<end) }
        guard var row = windows.first?.visibleKeys(query: query, tokens: tokens) else { return KeyRanges(0..<end) }
        for window in windows.dropFirst() {
            row = row.intersection(window.visibleKeys(query: query, tokens: tokens))
        }
        guard let last = row.ranges.last, last.upperBound > end else { return row }
        return row.intersection(0..<end)
    }

    package func bits(_ query: Int) -> KeyBits {
        guard (0..<tokens).contains(query), let first = windows.first else {
            return KeyBits(row(query), tokens: tokens)
        }
        var bits = first.visibleBits(query: query, tokens: tokens)
        for window in windows.dropFirst() {
            bits = bits.intersection(window.visibleBits(query: query, tokens: tokens))
        }
        if isCausal { bits.cut(from: query + 1) }
        return bits
    }

    /// The row of a query that stands before the first key or after the last one.
    private func outlyingRow(_ query: Int) -> KeyRanges {
        windows.reduce(KeyRanges(0..<tokens)) { row, window in
            let isFile = window is FileWindow || (window as? ScopedWindow)?.window is FileWindow
            if query < 0, !isFile { return KeyRanges() }
            return row.intersection(window.visibleKeys(query: query, tokens: isFile ? tokens : query + 1))
        }
    }

    package func zones(of queries: Range<Int>) -> ZoneSum? {
        guard queries.lowerBound >= 0, queries.upperBound <= tokens else { return nil }
        let causal = ZoneSum([Zone(queries: queries, keys: 0..<tokens, distances: Zone.distances(from: 0))])
        var result: ZoneSum? = isCausal ? causal : nil
        for window in windows {
            guard let next = window.zones(of: queries, tokens: tokens) else { return nil }
            if let known = result {
                guard let both = known.intersection(next) else { return nil }
                result = both
            } else {
                result = next
            }
        }
        return result ?? ZoneSum([Zone(queries: queries, keys: 0..<tokens)])
    }

    /// Why `key` is visible to `query` or not: the first window that hides it, else the most telling of those that keep it.
    package func reason(query: Int, key: Int) -> VisibilityReason {
        VisibilityReason.composed(windows, isCausal: isCausal, query: query, key: key, tokens: tokens)
    }

    /// The reason for a place that someone asked for; an error where the mask has no such place.
    public func why(query: Int, key: Int) throws(MethodError) -> VisibilityReason {
        guard (0..<tokens).contains(key) else { throw .placeOutOfRange(key, tokens: tokens) }
        guard queries.contains(query) else {
            if isSquare { throw .placeOutOfRange(query, tokens: tokens) }
            throw .unfit(
                say(
                    """
                    query \(query.grouped) is outside of the mask: it has \(queries.lowerBound.grouped) to \
                    \((queries.upperBound - 1).grouped)
                    """))
        }
        return reason(query: query, key: key)
    }
}

extension Scenario {
    /// Why a decoder's query sees a key or not, as far as places decide it.
    package func placeReason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        VisibilityReason.composed(windows, isCausal: true, query: query, key: key, tokens: tokens)
    }
}

extension VisibilityReason {
    /// The reason for padding: no token of the text.
    package static func isPadding(key: Int) -> VisibilityReason {
        VisibilityReason(.outside, say("blocked: \(key.grouped) is padding, no token of the text"))
    }

    /// The reason of windows together: the first that hides the key, else the most telling of those that keep it.
    package static func composed(
        _ windows: [any WindowMethod], isCausal: Bool, query: Int, key: Int, tokens: Int
    ) -> VisibilityReason {
        if isCausal, key > query { return .future(query: query, key: key) }
        var kept: VisibilityReason?
        for window in windows {
            let reason = window.reason(query: query, key: key, tokens: tokens)
            guard reason.isVisible else { return reason }
            if reason.rule.specificity > kept?.rule.specificity ?? -1 { kept = reason }
        }
        return kept
            ?? (isCausal
                ? Causal().reason(query: query, key: key, tokens: tokens)
                : Full().reason(query: query, key: key, tokens: tokens))
    }
}

extension VisibilityReason.Rule {
    /// How much a rule that keeps a key tells: a sink or a global token more than mere nearness.
    fileprivate var specificity: Int {
        switch self {
        case .future, .outside, .notSelected: -1
        case .visible: 0
        case .window: 1
        case .block: 2
        case .selected: 3
        case .random: 4
        case .global: 5
        case .sink: 6
        }
    }
}
