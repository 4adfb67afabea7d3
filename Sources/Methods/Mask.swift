/// The mask of window methods over a text: a key is allowed where all of them allow it.
public struct Mask: MaskRows {
    /// What a mask may span; one pass over so many rows takes seconds.
    public static let tokenRange = 1...4_194_304

    public let windows: [any WindowMethod]
    public let tokens: Int
    /// Whether the future is cut off whatever the methods say, as in a decoder.
    public let isCausal: Bool

    /// A mask of windows; `tokens` must lie in `tokenRange`.
    public init(windows: [any WindowMethod], tokens: Int, isCausal: Bool) throws(MethodError) {
        guard Self.tokenRange.contains(tokens) else { throw .tokensOutOfRange(tokens, Self.tokenRange) }
        self.windows = windows
        self.tokens = tokens
        self.isCausal = isCausal
    }

    /// The mask that a decoder has in a scenario, without what its selection hides.
    public init(_ scenario: Scenario, tokens: Int) throws(MethodError) {
        try self.init(windows: scenario.windows, tokens: tokens, isCausal: true)
    }

    /// The mask of methods as published: `full` is full, and a two-sided method keeps both sides.
    ///
    /// Position methods and selections have no mask of their own and are refused.
    public init(parsing specs: [String], tokens: Int) throws(MethodError) {
        guard !specs.isEmpty else { throw .empty }
        var windows: [any WindowMethod] = []
        for spec in specs {
            let method = try MethodSpec.parse(spec)
            if method is any SelectionMethod { throw .needsScores(method.spec) }
            guard let window = method as? any WindowMethod else { throw .hidesNoKey(method.spec) }
            windows.append(window)
        }
        try self.init(windows: windows, tokens: tokens, isCausal: false)
    }

    /// The specs of its methods, with blanks between them.
    public var spec: String {
        windows.isEmpty ? (isCausal ? Causal().spec : Full().spec) : windows.map(\.spec).joined(separator: " ")
    }

    public func row(_ query: Int) -> KeyRanges {
        let limit = KeyRanges(from: 0, to: isCausal ? min(query + 1, tokens) : tokens)
        return windows.reduce(limit) { $0.intersection($1.visibleKeys(query: query, tokens: tokens)) }
    }

    /// Why `key` is visible to `query` or not: the first window that hides it, else the most telling of those that keep it.
    public func reason(query: Int, key: Int) -> VisibilityReason {
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

    /// The reason for a place that someone asked for; an error where the mask has no such place.
    public func why(query: Int, key: Int) throws(MethodError) -> VisibilityReason {
        for place in [query, key] where !(0..<tokens).contains(place) {
            throw .placeOutOfRange(place, tokens: tokens)
        }
        return reason(query: query, key: key)
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
