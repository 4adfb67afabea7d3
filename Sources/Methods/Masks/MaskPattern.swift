import RopewalkPhrases

/// What several claims say of a mask together: windows within documents, behind padding, with spans that see each other.
///
/// Of every pair that is not as claimed one claim is named; each makes one finding at most.
package struct MaskPattern: Equatable, Sendable {
    /// The last keys that a query sees, itself included.
    package var window: Int?
    /// The first keys, which a window does not hide.
    package var sinks: Int?
    /// The first tokens of the documents, ascending.
    package var starts: [Int]?
    package var chunk: Int?
    /// The first tokens, which all see.
    package var prefix: Int?
    /// Spans whose tokens see each other in both directions.
    package var spans: [Range<Int>]?
    /// Tokens of padding at the start and end; nil where none is claimed.
    package var left: Int?
    package var right: Int?
    /// Whether later keys may be seen.
    package var isTwoSided = false

    package init(window: Int? = nil, sinks: Int? = nil) {
        self.window = window
        self.sinks = sinks
    }

    package var isEmpty: Bool { self == MaskPattern() || self == Self.twoSided }
    private static var twoSided: MaskPattern {
        var pattern = MaskPattern()
        pattern.isTwoSided = true
        return pattern
    }

    /// The keys that are padding.
    func padding(tokens: Int) -> KeyRanges {
        KeyRanges([0..<min(left ?? 0, tokens), max(0, tokens - (right ?? 0))..<tokens])
    }

    /// The keys of the query's own document and chunk.
    private func room(query: Int, tokens: Int) -> (document: Range<Int>, chunk: Range<Int>) {
        var document = 0..<tokens
        if let starts {
            let bounds = starts.first == 0 ? starts : [0] + starts
            let index = bounds.stretch(of: query)
            let end = index + 1 < bounds.count ? bounds[index + 1] : tokens
            document = min(bounds[index], tokens)..<min(max(end, bounds[index]), tokens)
        }
        guard let chunk else { return (document, 0..<tokens) }
        // Padding shifts the chunks: a text's first token begins the first one.
        let first = left ?? 0
        let start = first + (query - first).floorDivided(by: chunk) * chunk
        return (document, (start..<start + chunk).clamped(to: 0..<tokens))
    }

    /// Later keys that the query may see.
    private func ahead(query: Int, tokens: Int) -> KeyRanges {
        var keys = KeyRanges(from: query + 1, to: min(tokens, prefix ?? 0))
        for span in spans ?? [] where span.contains(query) {
            keys = keys.union(KeyRanges(from: query + 1, to: min(tokens, span.upperBound)))
        }
        guard let window else { return keys }
        return keys.intersection(KeyRanges(from: query + 1, to: query + window))
    }

    private var asksForAll: Bool { window != nil || starts != nil || chunk != nil || prefix != nil || spans != nil }
    private var asksForFuture: Bool {
        !isTwoSided && asksForAll
    }

    /// The keys of a row that should not be seen, or should, by the claim that says so.
    private func faults(_ row: KeyRanges, query: Int, tokens: Int) -> [Fault: KeyRanges] {
        var faults: [Fault: KeyRanges] = [:]
        let padding = padding(tokens: tokens)
        faults[.seesPadding] = row.intersection(padding)
        guard !padding.contains(query) else { return faults }
        let (document, chunk) = room(query: query, tokens: tokens)
        let ahead = ahead(query: query, tokens: tokens)
        let sinkKeys = KeyRanges(from: 0, to: min(sinks ?? 0, tokens, query + 1))
        let near = KeyRanges(from: max(0, window.map { query - $0 + 1 } ?? 0), to: min(tokens, query + 1))

        var seen = row.subtracting(padding)
        faults[.crossesDocuments] = seen.subtracting(KeyRanges(document))
        seen = seen.intersection(document)
        faults[.crossesChunks] = seen.subtracting(KeyRanges(chunk))
        seen = seen.intersection(chunk)
        if window != nil {
            faults[.beyondWindow] = seen.intersection(
                KeyRanges(from: 0, to: near.ranges.first?.lowerBound ?? min(tokens, query + 1))
            )
            .subtracting(sinkKeys)
        }
        if asksForFuture {
            faults[.ahead] = seen.intersection(KeyRanges(from: max(0, query + 1), to: tokens)).subtracting(ahead)
        }

        let allowed = KeyRanges(document).intersection(chunk).subtracting(padding)
        let missing = allowed.subtracting(row)
        faults[.missesSink] = missing.intersection(sinkKeys).subtracting(window == nil ? KeyRanges() : near)
        if asksForAll {
            faults[.missesAhead] = missing.intersection(ahead)
            faults[.misses] = missing.intersection(near)
        }
        if left != nil || right != nil, row.isEmpty, !asksForAll { faults[.seesNothing] = KeyRanges(query..<query + 1) }
        return faults
    }

    /// In the order in which findings are named.
    private enum Fault: CaseIterable {
        case seesNothing, seesPadding, hidesText, crossesDocuments, crossesChunks, beyondWindow, missesSink, ahead,
            missesAhead,
            misses
    }

    fileprivate struct Tally {
        var pairs = 0
        var queries = 0
        var first: (query: Int, key: Int, distance: Int)?
    }

    package func findings(in mask: some MaskRows) -> [Finding] {
        var tallies: [Fault: Tally] = [:]
        var window = Tally()
        for query in mask.queries {
            let faults = faults(mask.row(query), query: query, tokens: mask.tokens)
            for (fault, keys) in faults where !keys.isEmpty {
                // Of keys beyond a window the nearest tells most, of missing ones the first.
                let isBeyond = fault == .beyondWindow
                guard let key = isBeyond ? keys.ranges.last.map({ $0.upperBound - 1 }) : keys.ranges.first?.lowerBound
                else { continue }
                tallies[fault, default: Tally()].add(query, key, pairs: keys.count)
            }
            guard self.window != nil else { continue }
            if let key = faults[.misses]?.ranges.first?.lowerBound {
                window.add(query, key, pairs: 1)
            } else if let key = faults[.beyondWindow]?.ranges.last.map({ $0.upperBound - 1 }) {
                window.add(query, key, pairs: 1)
            }
        }
        if let unseen = unseenText(mask) {
            for key in unseen { tallies[.hidesText, default: Tally()].add(mask.queries.lowerBound, key, pairs: 1) }
        }
        return Fault.allCases.compactMap { fault in
            guard self.window == nil || fault != .misses && fault != .beyondWindow else {
                return fault == .misses ? windowFinding(window, mask) : nil
            }
            return tallies[fault].flatMap { finding(fault, $0, mask) }
        }
    }

    /// Tokens beside the claimed padding that no query sees: there is more padding than claimed.
    private func unseenText(_ mask: some MaskRows) -> Range<Int>? {
        guard left != nil || right != nil, mask.isSquare || window == nil else { return nil }
        let text = min(left ?? 0, mask.tokens)..<max(min(left ?? 0, mask.tokens), mask.tokens - (right ?? 0))
        let rows = mask.queries.lazy.map { mask.row($0) }.filter { !$0.isEmpty }
        if left != nil {
            let first = rows.map { $0.ranges.first?.lowerBound ?? text.upperBound }.min() ?? text.upperBound
            return first > text.lowerBound ? text.lowerBound..<min(first, text.upperBound) : nil
        }
        let end = rows.map { $0.ranges.last?.upperBound ?? text.lowerBound }.max() ?? text.lowerBound
        return end < text.upperBound ? max(end, text.lowerBound)..<text.upperBound : nil
    }

    private func windowFinding(_ tally: Tally, _ mask: some MaskRows) -> Finding? {
        guard let first = tally.first, let window else { return nil }
        let verb = mask.row(first.query).contains(first.key) ? say("sees") : say("misses")
        return Finding(
            kind: .window, count: tally.queries,
            message: say(
                """
                queries whose window is not the stated \(window.grouped): \(tally.queries.grouped), first: \
                \(mask.name(ofQuery: first.query)) \(verb) key \(first.key.grouped), \(first.distance.grouped) \
                before it
                """),
            query: first.query, key: first.key)
    }

    private func finding(_ fault: Fault, _ tally: Tally, _ mask: some MaskRows) -> Finding? {
        guard let first = tally.first else { return nil }
        let (kind, what, verb) = words(fault)
        let query = mask.name(ofQuery: first.query)
        let place =
            switch fault {
            case .seesNothing: query
            case .hidesText: say("key \(first.key.grouped)")
            default: say("\(query) \(verb) key \(first.key.grouped)")
            }
        return Finding(
            kind: kind, count: tally.pairs, message: say("\(what): \(tally.pairs.grouped), first: \(place)"),
            query: fault == .hidesText ? nil : first.query, key: fault == .seesNothing ? nil : first.key)
    }

    private func words(_ fault: Fault) -> (kind: Finding.Kind, what: String, verb: String) {
        let owner: Finding.Kind =
            spans != nil ? .bidirectional : prefix != nil ? .prefix : chunk != nil ? .chunks : .documents
        switch fault {
        case .seesNothing: return (.emptyQuery, say("queries that are no padding and see no key"), "")
        case .hidesText: return (.padding, say("tokens that are no padding and that no query sees"), "")
        case .seesPadding: return (.padding, say("pairs that see padding"), say("sees"))
        case .crossesDocuments: return (.documents, say("pairs across documents"), say("sees"))
        case .crossesChunks: return (.chunks, say("pairs across chunks"), say("sees"))
        case .beyondWindow: return (.window, say("pairs beyond the window"), say("sees"))
        case .missesSink: return (.sinks, say("pairs whose sink is hidden"), say("misses"))
        case .ahead:
            return (spans == nil && prefix == nil ? .future : owner, seenAhead, say("sees"))
        case .missesAhead:
            let what =
                spans != nil
                ? say("pairs ahead that are hidden, within a span")
                : say("pairs ahead that are hidden, within the prefix")
            return (owner, what, say("misses"))
        case .misses: return (starts != nil ? .documents : chunk != nil ? .chunks : owner, hidden, say("misses"))
        }
    }

    /// What pairs are called that see ahead where they should not.
    private var seenAhead: String {
        if spans != nil {
            return window == nil
                ? say("pairs that see ahead, outside of their span")
                : say("pairs that see ahead, outside of their span or window")
        }
        return prefix != nil ? say("pairs that see ahead, outside of the prefix") : say("pairs that leak the future")
    }

    /// What pairs are called that should be seen and are not.
    private var hidden: String {
        if starts != nil { return say("pairs within a document that are hidden") }
        return chunk != nil
            ? say("pairs within a chunk that are hidden") : say("pairs before the query that are hidden")
    }
}

extension MaskPattern.Tally {
    fileprivate mutating func add(_ query: Int, _ key: Int, pairs: Int) {
        self.pairs += pairs
        queries += 1
        if first == nil { first = (query, key, query - key) }
    }
}
