import RopewalkPhrases

/// What a mask promises, for `MaskLint` to hold it to.
package struct MaskExpectation: Equatable, Sendable {
    /// No query sees a later key.
    package var isCausal: Bool
    /// A query sees a key where the key, as a query, sees it; asked of two-sided masks only.
    package var isSymmetric: Bool
    /// Every query sees exactly the last `window` keys, itself included, and beside them what lies before `sinks`.
    package var window: Int?
    package var sinks: Int

    package init(isCausal: Bool = true, isSymmetric: Bool = false, window: Int? = nil, sinks: Int = 0) {
        self.isCausal = isCausal
        self.isSymmetric = isSymmetric
        self.window = window
        self.sinks = sinks
    }
}

extension Mask {
    /// What a decoder asks of the mask: no future, and the window that its method states where it has just one.
    package var expectation: MaskExpectation {
        if isCross { return MaskExpectation(isCausal: false) }
        let stating = windows.filter { !($0 is Causal || $0 is Full) }
        guard stating.count == 1 else { return MaskExpectation() }
        if let window = stating[0] as? SlidingWindow { return MaskExpectation(window: window.size) }
        if let banded = stating[0] as? Banded { return MaskExpectation(window: banded.size) }
        if let lambda = stating[0] as? LambdaWindow ?? (stating[0] as? StreamingWindow)?.lambda {
            return MaskExpectation(window: lambda.window, sinks: lambda.sink)
        }
        return MaskExpectation(isCausal: !stating[0].isTwoSided, isSymmetric: stating[0].isSymmetric)
    }
}

extension WindowMethod {
    /// Whether it shows later keys on purpose.
    fileprivate var isTwoSided: Bool { isSymmetric || self is PrefixWindow || (self as? BigBird)?.isCausal == false }

    /// Whether a query is meant to see a key where the key, as a query, sees it.
    fileprivate var isSymmetric: Bool {
        (self as? Longformer)?.isCausal == false || (self as? DocumentMask)?.isCausal == false
            || self is HierarchicalSegments || self is Hibert || self is ChunkJoin || self is GlobalTokens
    }
}

/// One kind of fault in a mask: how often it occurs, and where first.
public struct Finding: Equatable, Sendable {
    /// What can be wrong with a mask; the raw value is its name in reports.
    public enum Kind: String, CaseIterable, Equatable, Sendable {
        /// A query that sees no key: its softmax is undefined.
        case emptyQuery = "empty-query"
        /// A query that sees a later key.
        case future
        /// A key that no query but its own sees.
        case unreachableKey = "unreachable-key"
        /// A window that is wider or narrower than stated.
        case window
        /// A pair that is allowed in one direction only.
        case asymmetry
        /// A query that does not see itself.
        case hiddenSelf = "hidden-self"
        /// A token that the last one cannot know of after all layers.
        case unreachableToken = "unreachable-token"
        /// A sink that a query does not see.
        case sinks
        /// A pair across documents, or one within a document that is hidden.
        case documents
        /// A pair across chunks, or one within a chunk that is hidden.
        case chunks
        /// A token of the prefix that another one does not see.
        case prefix
        /// A pair of one span that is hidden, or one of two spans that is visible.
        case bidirectional
        /// A padding token that is seen.
        case padding
        /// A pair that another rule has otherwise.
        case rule
        /// A number that is not as claimed.
        case claim
    }

    /// What is wrong.
    public let kind: Kind
    /// Queries, keys or pairs concerned.
    public let count: Int
    /// One line for people that names the first place.
    public let message: String
    /// The first place: a query, a key, or both; nil where the fault has none.
    public let query: Int?
    /// Likewise.
    public let key: Int?

    package init(kind: Kind, count: Int, message: String, query: Int? = nil, key: Int? = nil) {
        self.kind = kind
        self.count = count
        self.message = message
        self.query = query
        self.key = key
    }
}

/// Looks for faults in a mask, whoever made it; a few passes over the rows.
package enum MaskLint {
    /// At most one finding of each kind, in the order of the kinds.
    ///
    /// - Parameter progress: hears now and then how many of how many queries are done.
    package static func findings(
        in mask: some MaskRows, expecting expectation: MaskExpectation, progress: ((Int, Int) -> Void)? = nil
    ) -> [Finding] {
        let scan = MaskScan(mask, progress: progress)
        var findings = [emptyQueries(mask, scan)]
        if expectation.isCausal { findings += [future(mask, scan), misaligned(mask, scan)] }
        findings.append(unreachableKeys(mask, scan, isCausal: expectation.isCausal))
        if let window = expectation.window {
            // Whether later keys may be seen was asked already.
            var pattern = MaskPattern(window: window, sinks: expectation.sinks)
            pattern.isTwoSided = true
            findings += pattern.findings(in: mask)
        }
        if expectation.isSymmetric, !expectation.isCausal { findings.append(asymmetry(mask)) }
        return findings.compactMap { $0 }
    }

    static func emptyQueries(_ mask: some MaskRows, _ scan: MaskScan) -> Finding? {
        guard let first = scan.empty.first else { return nil }
        return Finding(
            kind: .emptyQuery, count: scan.empty.count,
            message: say(
                "queries that see no key: \(scan.empty.count.grouped), first: \(mask.name(ofQuery: first.query))"),
            query: first.query)
    }

    static func future(_ mask: some MaskRows, _ scan: MaskScan) -> Finding? {
        guard let first = scan.future.first else { return nil }
        let hint = isComplementCausal(mask) ? say("; visible and hidden look swapped: its complement is causal") : ""
        return Finding(
            kind: .future, count: scan.future.count,
            message:
                say(
                    """
                    pairs that leak the future: \(scan.future.count.grouped), first: \
                    \(mask.name(ofQuery: first.query)) sees key \(first.key.grouped)\(hint)
                    """), query: first.query, key: first.key)
    }

    /// Queries that do not see themselves because their rows count from the first key on, not up to the last one.
    private static func misaligned(_ mask: some MaskRows, _ scan: MaskScan) -> Finding? {
        let shift = mask.queries.lowerBound
        guard shift > 0, mask.queries.upperBound <= mask.tokens, let first = scan.hiddenSelf.first,
            mask.queries.allSatisfy({ query in
                let row = mask.row(query)
                return row.contains(query - shift) && row.ranges.last?.upperBound == query - shift + 1
            })
        else { return nil }
        return Finding(
            kind: .hiddenSelf, count: scan.hiddenSelf.count,
            message: say(
                """
                queries that do not see themselves: \(scan.hiddenSelf.count.grouped), first: \
                \(mask.name(ofQuery: first.query)); every row ends at the key of its own number, as in a mask \
                that is aligned to the top left
                """), query: first.query, key: first.key)
    }

    /// Whether a mask shows all that comes later and hides every token from itself, as one that was inverted does.
    private static func isComplementCausal(_ mask: some MaskRows) -> Bool {
        mask.tokens > 1
            && mask.queries.allSatisfy { query in
                let row = mask.row(query)
                let later = KeyRanges(from: max(0, query + 1), to: mask.tokens)
                return !row.contains(query) && later.subtracting(row).isEmpty
            }
    }

    /// Keys that only their own query sees, or none.
    ///
    /// The last token of a document is seen by no other, and tokens at the start or end that neither see nor are seen
    /// are padding: neither is a fault of the keys. Of a cache, whose queries are not there, not all is seen by a step.
    static func unreachableKeys(_ mask: some MaskRows, _ scan: MaskScan, isCausal: Bool) -> Finding? {
        // Nothing comes after the last token that could see it.
        let candidates =
            isCausal ? max(0, min(mask.tokens, mask.queries.upperBound) - 1) : (mask.tokens == 1 ? 0 : mask.tokens)
        let unseen = (0..<candidates).filter { scan.viewers[$0] == 0 }
        guard !unseen.isEmpty else { return nil }
        let own = mask.queries.clamped(to: 0..<mask.tokens)
        let isCross = !isCausal && !mask.isSquare
        func isIdle(_ token: Int) -> Bool {
            guard scan.viewers[token] == 0 else { return false }
            guard own.contains(token) else { return isCross }
            return isCross ? !mask.allows(query: token, key: token) : mask.row(token).isEmpty
        }
        let cache = 0..<max(0, min(mask.queries.lowerBound, mask.tokens))
        let isCacheLost = cache.allSatisfy { scan.viewers[$0] == 0 }
        let text = (0..<mask.tokens).first { !isIdle($0) } ?? 0
        let padding = (0..<mask.tokens).last { !isIdle($0) } ?? mask.tokens
        let faults = unseen.filter { key in
            if key < text || key > padding { return false }
            if isCross { return isIdle(key) }
            guard own.contains(key) else { return isCacheLost }
            guard scan.ends[key] else { return true }
            let row = mask.row(key)
            return !(row.contains(key) && row.count > 1)
        }
        guard let first = faults.first else { return nil }
        return Finding(
            kind: .unreachableKey, count: faults.count,
            message: say("keys that no other query sees: \(faults.count.grouped), first: key \(first.grouped)"),
            key: first)
    }

    /// A row and its column have the same keys where their sums of scattered numbers agree: no N × N comparison.
    static func asymmetry(_ mask: some MaskRows) -> Finding? {
        guard mask.isSquare else { return nil }
        var prefix = [0]
        prefix.reserveCapacity(mask.tokens + 1)
        for token in 0..<mask.tokens { prefix.append(prefix[token] &+ scattered(token)) }
        let columns = columnSums(mask, scattered)
        let differing = (0..<mask.tokens).filter { token in
            mask.row(token).ranges.reduce(0) { $0 &+ prefix[$1.upperBound] &- prefix[$1.lowerBound] } != columns[token]
        }
        guard let token = differing.first,
            let other = (0..<mask.tokens).first(where: {
                mask.allows(query: token, key: $0) != mask.allows(query: $0, key: token)
            })
        else { return nil }
        let (query, key) = mask.allows(query: token, key: other) ? (token, other) : (other, token)
        return Finding(
            kind: .asymmetry, count: differing.count,
            message: say(
                """
                tokens with a pair in one direction only: \(differing.count.grouped), first: query \
                \(query.grouped) sees key \(key.grouped), but query \(key.grouped) does not see key \
                \(query.grouped)
                """),
            query: query, key: key)
    }

    /// The sum of `value(query)` over the queries that see a key, for every key; by differences along the keys.
    private static func columnSums(_ mask: some MaskRows, _ value: (Int) -> Int) -> [Int] {
        var sums = Array(repeating: 0, count: mask.tokens + 1)
        for query in mask.queries {
            for range in mask.row(query).ranges {
                sums[range.lowerBound] &+= value(query)
                sums[range.upperBound] &-= value(query)
            }
        }
        for key in 1..<sums.count { sums[key] &+= sums[key - 1] }
        return Array(sums.dropLast())
    }

    /// A number that looks random but is always the same for a token (the finaliser of SplitMix64).
    private static func scattered(_ token: Int) -> Int {
        var z = UInt64(truncatingIfNeeded: token) &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int(truncatingIfNeeded: z ^ (z >> 31))
    }
}

extension MaskRows {
    /// "query 1,204", and of a mask with other queries than keys "query 56 (row 0)".
    package func name(ofQuery query: Int) -> String {
        isSquare
            ? say("query \(query.grouped)")
            : say("query \(query.grouped) (row \((query - queries.lowerBound).grouped))")
    }
}
