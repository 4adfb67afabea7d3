import RopewalkPhrases

/// Two levels: the words of a sentence see each other, and the ends of all sentences see each other.
package struct Hibert: WindowMethod, PartedMethod, Equatable {
    package static let description = MethodDescription(
        name: "hibert", family: .window, title: "HIBERT, sentences in a document",
        summary:
            "In the first half of the layers the tokens of a sentence see each other, in the second half the last tokens "
            + "of all sentences do; other tokens skip these. A model that was not trained for it has a mask of its own "
            + "attention so.",
        source: "Zhang, Wei and Zhou, HIBERT, 2019 (arXiv 1905.06566), at most 50 tokens of 30 sentences there",
        parameters: [
            .choice(
                "level", "0: half of the layers each, 1: sentences alone, 2: the document alone", default: 0, to: 2),
            .kind("unit", "what a text is cut into where lengths are not given", of: ["sentence", "paragraph"]),
            .tokens(
                "longest", "first tokens of a sentence that are read, of which the last stands for it; 0: none",
                default: 0, from: 0),
            .count("most", "sentences that are read; 0: none", unit: "sentences", default: 0, from: 0),
        ],
        lists: [.tokens("lengths", "lengths of the sentences; what follows is one more", from: 1)],
        flops: "4·N·sentence·d a head in the first half, 4·(N + sentences²)·d in the second",
        memory: "2·N·d numbers a key/value head")

    package let level: Int
    private let ownUnit: TextUnit
    /// Tokens of a sentence and sentences that are read; 0 for no limit.
    package let longest: Int
    package let most: Int
    package let lengths: [Int]
    package let borders: PartBorders?
    private let parts: PartBorders

    package init(
        level: Int = 0, unit: TextUnit = .sentence, longest: Int = 0, most: Int = 0, lengths: [Int] = [],
        borders: PartBorders? = nil
    ) {
        self.level = level
        ownUnit = unit
        (self.longest, self.most) = (longest, most)
        self.lengths = lengths
        self.borders = borders
        parts = lengths.isEmpty ? borders ?? PartBorders(starts: [0]) : PartBorders(lengths: lengths)
    }

    package init(values: [Double]) { self.init(values: values, lists: [[]]) }
    package init(values: [Double], lists: [[Double]]) {
        self.init(
            level: Int(values[0]), unit: TextUnit(values[1]), longest: Int(values[2]), most: Int(values[3]),
            lengths: lists[0].map { Int($0) })
    }
    package var values: [Double] { [level, ownUnit.rawValue, longest, most].map(Double.init) }
    package var lists: [[Double]] { [lengths.map(Double.init)] }

    package var identity: String { borders.map { "\(spec)#\($0.fingerprint)" } ?? spec }
    package var unit: TextUnit? { lengths.isEmpty ? ownUnit : nil }

    package func with(_ borders: PartBorders?) -> Hibert { at(level: level, borders) }

    private func at(level: Int, _ borders: PartBorders?) -> Hibert {
        Hibert(level: level, unit: ownUnit, longest: longest, most: most, lengths: lengths, borders: borders)
    }

    package func problem(tokens: Int) -> String? { missingBorders }

    /// As many layers for the document as for its sentences; the one in the middle is for sentences.
    package func window(in place: HeadPlace) -> (any WindowMethod)? {
        level > 0 ? self : at(level: place.layer * 2 < place.layers ? 1 : 2, borders)
    }

    /// How many sentences begin in a text.
    func partCount(tokens: Int) -> Int { parts.count(in: tokens) }

    /// The number of the sentence that holds a token.
    func part(of token: Int) -> Int { parts.part(of: token) }

    /// What is read of a sentence; empty where none of it is.
    package func sentence(_ part: Int, tokens: Int) -> Range<Int> {
        let all = parts.tokens(ofPart: part, in: tokens)
        if most > 0, part >= most { return all.lowerBound..<all.lowerBound }
        return longest > 0 ? all.prefix(longest) : all
    }

    /// Whether a token stands for its sentence.
    package func isEnd(_ token: Int, tokens: Int) -> Bool {
        sentence(parts.part(of: token), tokens: tokens).last == token
    }

    package func visibleKeys(query: Int, tokens: Int) -> KeyRanges {
        guard (0..<tokens).contains(query) else { return KeyRanges() }
        let own = sentence(parts.part(of: query), tokens: tokens)
        if level != 2 { return KeyRanges(own.contains(query) ? own : query..<query + 1) }
        return own.last == query
            ? KeyRanges(ends(of: parts.starts.indices, tokens: tokens)) : KeyRanges(query..<query + 1)
    }

    /// The last tokens of some sentences.
    private func ends(of parts: Range<Int>, tokens: Int) -> [Range<Int>] {
        parts.compactMap { sentence($0, tokens: tokens).last }.map { $0..<$0 + 1 }
    }

    package func zones(of queries: Range<Int>, tokens: Int) -> ZoneSum? {
        guard !queries.isEmpty else { return ZoneSum() }
        let own = parts.part(of: queries.lowerBound)..<parts.part(of: queries.upperBound - 1) + 1
        return level == 2 ? document(own, queries, tokens) : sentences(own, queries, tokens)
    }

    private func sentences(_ own: Range<Int>, _ queries: Range<Int>, _ tokens: Int) -> ZoneSum {
        ZoneSum(
            own.flatMap { part -> [Zone] in
                let (all, read) = (parts.tokens(ofPart: part, in: tokens), sentence(part, tokens: tokens))
                return [
                    Zone(queries: read.clamped(to: queries), keys: read),
                    Zone(
                        queries: (read.upperBound..<max(read.upperBound, all.upperBound)).clamped(to: queries),
                        keys: all, distances: 0..<1),
                ]
            })
    }

    /// Nil where the ends of these queries and those of all sentences make too many pairs to be worth a sum.
    private func document(_ own: Range<Int>, _ queries: Range<Int>, _ tokens: Int) -> ZoneSum? {
        let rows = ends(of: own, tokens: tokens).filter { queries.contains($0.lowerBound) }
        let count = parts.count(in: tokens)
        guard rows.count * count <= Self.mostPairs else { return nil }
        let keys = rows.isEmpty ? [] : ends(of: 0..<count, tokens: tokens)
        let others = keys.flatMap { key in
            rows.filter { $0 != key }.map { Zone(queries: $0, keys: key) }
        }
        return ZoneSum([Zone(queries: queries, keys: 0..<tokens, distances: 0..<1)] + others)
    }

    private static let mostPairs = 1 << 14

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        let (own, other) = (parts.part(of: query), parts.part(of: key))
        let isRead = sentence(own, tokens: tokens).contains(query)
        if query == key, level == 2 ? !isEnd(query, tokens: tokens) : !isRead {
            return VisibilityReason(
                .window,
                level == 2
                    ? say("kept: the query does not end its sentence and skips the layer")
                    : say("kept: the query is past what is read of sentences and sees itself alone"))
        }
        if level == 2 { return documentReason(query, key, own, other, tokens) }
        if own == other, isRead, sentence(other, tokens: tokens).contains(key) {
            return VisibilityReason(.block, say("kept: query and key are in sentence \(own.grouped)"))
        }
        return own == other
            ? VisibilityReason(.outside, say("blocked: query or key is past what is read of sentences"))
            : VisibilityReason(
                .outside, say("blocked: the query is in sentence \(own.grouped), the key in \(other.grouped)"))
    }

    private func documentReason(
        _ query: Int, _ key: Int, _ own: Int, _ other: Int, _ tokens: Int
    ) -> VisibilityReason {
        isEnd(query, tokens: tokens) && isEnd(key, tokens: tokens)
            ? VisibilityReason(
                .global, say("kept: query and key end sentences \(own.grouped) and \(other.grouped)"))
            : VisibilityReason(.outside, say("blocked: only the last tokens of sentences see each other"))
    }
}
