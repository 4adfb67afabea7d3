import RopewalkPhrases

/// The simplest rule that a mask follows, and where it does not.
package struct MaskExplanation: Equatable, Sendable {
    /// Methods that give the rule when they are combined.
    package let specs: [String]
    /// Whether the mask is the rule's complement: what it should hide is visible.
    package let isComplement: Bool
    /// Pairs that are visible, and hidden, against the rule.
    package let extra: Int
    package let missing: Int
    /// The first pair that is not as the rule has it.
    package let first: MaskDiff.Place?
    /// What all these pairs have in common: "all at key = query − 256: the window is one too wide"; empty for nothing.
    package let pattern: String

    package var isExact: Bool { extra + missing == 0 }

    /// As it can be typed: rules with blanks in quotes.
    package var text: String {
        specs.map { $0.contains(" ") || $0.contains("|") ? "'\($0)'" : $0 }.joined(separator: " ")
    }

    /// Whether the rule holds where the first query is taken to stand at the first key.
    package var isTopLeft = false
    private let cost: Int

    /// Whether the rule tells more than a list of pairs would.
    package var isTelling: Bool
}

extension MaskExplanation {
    /// Rows that candidates are compared on; the best ones are compared on all.
    private static let sampleRows = 512
    private static let finalists = 4

    /// Looks for the rule. Some passes over the rows.
    package init(_ mask: some MaskRows) throws(MethodError) {
        let direct = try Self.best(mask)
        if mask.queries.lowerBound > 0, mask.queries.upperBound <= mask.tokens {
            var shifted = try Self.best(TopLeft(mask: mask))
            if shifted.isExact, !direct.isExact || shifted.cost < direct.cost {
                shifted.isTopLeft = true
                self = shifted
                return
            }
        }
        if direct.isExact {
            self = direct
            return
        }
        let swapped = try Self.best(Complement(mask: mask), isComplement: true)
        self = swapped.isExact && swapped.cost <= direct.cost ? swapped : direct
    }

    private static func best(_ mask: some MaskRows, isComplement: Bool = false) throws(MethodError) -> MaskExplanation {
        // What is turned is no simpler for being the complement of something.
        let candidates = candidates(mask) + (isComplement ? [] : [.turned(mask)])
        let step = max(1, mask.queries.count / sampleRows)
        let sample = Array(stride(from: mask.queries.lowerBound, to: mask.queries.upperBound, by: step))
        let rows = sample.map { mask.row($0) }
        var scored: [(cost: Int, rule: Rule)] = []
        for candidate in candidates {
            var departures = 0
            for (query, row) in zip(sample, rows) {
                let own = candidate.rows.row(query)
                guard own != row else { continue }
                departures += own.subtracting(row).count + row.subtracting(own).count
            }
            scored.append((candidate.cost + 2 * step * departures, candidate))
        }
        scored.sort { ($0.cost, $0.rule.cost) < ($1.cost, $1.rule.cost) }
        var best: (cost: Int, rule: Rule, diff: MaskDiff)?
        for entry in scored.prefix(finalists) {
            let diff = try MaskDiff(mask, AnyRows(entry.rule.rows))
            let cost = entry.rule.cost + 2 * diff.count
            // Of two that take as much to say, the one without exceptions.
            if best.map({ (cost, diff.count) < ($0.cost, $0.diff.count) }) ?? true { best = (cost, entry.rule, diff) }
            if diff.isEmpty { break }
        }
        guard let best else { throw .unfit(say("the mask has no rows to explain")) }
        return MaskExplanation(
            specs: best.rule.specs, isComplement: isComplement, extra: best.diff.onlyInFirst,
            missing: best.diff.onlyInSecond, first: best.diff.first,
            pattern: best.rule.note + (best.rule.note.isEmpty || best.diff.isEmpty ? "" : ", ")
                + (best.diff.isEmpty ? "" : DeparturePattern(mask, best.rule.rows, window: best.rule.window).text),
            cost: best.cost,
            isTelling: best.diff.count * 4 <= max(1, mask.allowedCount))
    }

    fileprivate struct Rule {
        let rows: any MaskRows
        let specs: [String]
        let cost: Int
        let window: Int?
        /// What it is in words, where its methods do not tell.
        var note = ""

        static func turned(_ mask: some MaskRows) -> Rule {
            Rule(
                rows: Turned(tokens: mask.tokens, queries: mask.queries), specs: ["expr:k >= q"], cost: 15, window: nil,
                note: say("causal with queries and keys swapped"))
        }
    }

    /// All combinations of what the rows suggest.
    private static func candidates(_ mask: some MaskRows) -> [Rule] {
        let traits = MaskTraits(mask)
        let plain = MaskShape(tokens: mask.tokens, queries: mask.queries)
        var bases: [MaskShape.Base] = [.causal, .full]
        if let prefix = traits.prefix { bases.append(.prefix(prefix)) }
        if let block = traits.block { bases.append(.blocks(block)) }
        if !traits.spans.isEmpty { bases.append(.spans(traits.spans)) }
        let windows: [(Int?, Int)] =
            [(nil, 0)] + traits.windows.flatMap { window in [(window, 0)] + traits.sinks.map { (window, $0) } }
        var documents: [(starts: [Int], chunk: Int?, chunkStart: Int)] = [([], nil, 0)]
        if !traits.starts.isEmpty { documents.append((traits.starts, nil, 0)) }
        if traits.allStarts != traits.starts { documents.append((traits.allStarts, nil, 0)) }
        // What is no text is a document that sees nothing.
        if traits.right > 0 { documents.append((traits.starts + [mask.tokens - traits.right], nil, 0)) }
        if let chunk = traits.chunk { documents.append(([], chunk.size, chunk.start)) }
        let paddings = Set([0, traits.left]).flatMap { left in Set([0, traits.right]).map { (left, $0) } }
        var shapes: [MaskShape] = []
        for base in bases {
            for (window, sinks) in windows {
                for document in documents {
                    for (left, right) in paddings {
                        var shape = plain
                        (shape.base, shape.window, shape.sinks) = (base, window, sinks)
                        (shape.starts, shape.chunk, shape.chunkStart) = document
                        (shape.left, shape.right) = (left, right)
                        shapes.append(shape)
                    }
                }
            }
        }
        let rules = shapes.map { Rule(rows: $0, specs: $0.specs, cost: $0.cost, window: $0.window) }
        let tree = DraftTree(mask).map { Rule(rows: $0, specs: $0.specs, cost: $0.cost, window: nil, note: $0.note) }
        return rules + published(traits, mask) + (tree.map { [$0] } ?? [])
    }

    /// Methods of the catalogue that are no combination of these.
    private static func published(_ traits: MaskTraits, _ mask: some MaskRows) -> [Rule] {
        var specs: [String] = []
        for step in Set(traits.strides + traits.windows).sorted() where step > 1 {
            specs += [
                "strided:stride=\(step)", "fixed:stride=\(step)", "longformer:window=\(step)",
                "block-local:block=\(step)",
            ]
            for size in traits.windows + [traits.mostRanges, 16, 32, 64, 128, 256, 512] {
                specs.append("dilated:size=\(size),dilation=\(step)")
            }
        }
        for start in traits.starts.prefix(1) { specs += (1...3).map { "chunked:size=\(start),back=\($0)" } }
        return specs.compactMap { spec in
            guard let window = try? MethodSpec.parse(spec) as? any WindowMethod,
                let rows = try? Mask(windows: [window], tokens: mask.tokens, isCausal: false, queries: mask.queries)
            else { return nil }
            return Rule(rows: rows, specs: [spec], cost: 12 + 10 * spec.count { $0 == "=" }, window: nil)
        }
    }
}

/// A causal mask whose queries and keys are swapped: all sees what comes later.
private struct Turned: MaskRows {
    let tokens: Int
    let queries: Range<Int>
    func row(_ query: Int) -> KeyRanges { KeyRanges(from: max(0, query), to: tokens) }
}

/// A mask whose type is not known.
private struct AnyRows: MaskRows {
    let rows: any MaskRows
    init(_ rows: any MaskRows) { self.rows = rows }
    var tokens: Int { rows.tokens }
    var queries: Range<Int> { rows.queries }
    func row(_ query: Int) -> KeyRanges { rows.row(query) }
}

/// Visible and hidden swapped.
private struct Complement<Rows: MaskRows>: MaskRows {
    let mask: Rows
    var tokens: Int { mask.tokens }
    var queries: Range<Int> { mask.queries }
    func row(_ query: Int) -> KeyRanges { KeyRanges(0..<mask.tokens).subtracting(mask.row(query)) }
}

/// The first query at the first key.
private struct TopLeft<Rows: MaskRows>: MaskRows {
    let mask: Rows
    var tokens: Int { mask.tokens }
    var queries: Range<Int> { 0..<mask.queries.count }
    func row(_ query: Int) -> KeyRanges { mask.row(query + mask.queries.lowerBound) }
}

/// What pairs have in common that are not as a rule has them.
private struct DeparturePattern {
    private(set) var text = ""
    private static let looked = 100_000

    init(_ mask: some MaskRows, _ rule: any MaskRows, window: Int?) {
        var distances: Set<Int> = []
        var keys: Set<Int> = []
        var queries: Set<Int> = []
        var extra = 0
        var missing = 0
        for query in mask.queries {
            let (own, stated) = (mask.row(query), rule.row(query))
            guard own != stated, extra + missing < Self.looked else { continue }
            let (more, less) = (own.subtracting(stated), stated.subtracting(own))
            for key in (more.ranges + less.ranges).joined() {
                if distances.count < 64 { distances.insert(query - key) }
                if keys.count < 64 { keys.insert(key) }
                queries.insert(query)
            }
            extra += more.count
            missing += less.count
        }
        if distances.count == 1, let distance = distances.first {
            let width =
                distance == window && missing == 0
                ? say(": the window is one too wide")
                : distance + 1 == window && extra == 0 ? say(": the window is one too narrow") : ""
            let sign = distance < 0 ? "+ \((-distance).grouped)" : "− \(distance.grouped)"
            text = distance == 0 ? say("all at key = query") : say("all at key = query \(sign)\(width)")
        } else if keys.count == 1, let key = keys.first {
            text = say("all at key \(key.grouped)")
        } else if queries.count == 1, let query = queries.first {
            text = say("all at query \(query.grouped)")
        } else if distances.allSatisfy({ $0 < 0 }), missing == 0 {
            text = say("all of later keys")
        }
    }
}
