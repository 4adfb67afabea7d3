import RopewalkPhrases

/// One thing that a test claims of a mask, such as `causal`, `window=256` or `density<=0.1`.
package struct MaskClaim: Equatable, Sendable {
    package enum Measure: String, CaseIterable, Equatable, Sendable {
        /// Share of all pairs, and of the causal triangle.
        case density
        case causalDensity = "causal-density"
        /// Share of blocks that are not empty.
        case blocks
        /// Most keys of a query.
        case keys
        /// Layers until the last token knows of all that it may know of.
        case reach
    }

    package enum Statement: Equatable, Sendable {
        case causal
        case twoSided
        case seesSelf
        case symmetric
        case noEmptyRows
        case noUnseenKeys
        case window(Int)
        case sinks(Int)
        /// The first tokens of documents.
        case documents([Int])
        case chunks(Int)
        case prefix(Int)
        case bidirectional([Range<Int>])
        /// Of every item of a batch; one for all.
        case padding(left: [Int]?, right: [Int]?)
        /// As the specs of methods.
        case equals(String)
        case measure(Measure, MaskExpression.Relation, Double)
    }

    package let statement: Statement
    /// The items, layers and heads that it is about.
    package var scope = HeadScope()

    /// What a claim may say, for help and errors.
    package static var grammar: String {
        say(
            """
            causal, two-sided, self, symmetric, no-empty-rows, no-unseen-keys, window=N, sinks=N, documents=A/B \
            (first tokens), chunks=N, prefix=N, bidirectional=A-B,C-D, padding=left:N or right:N (N/M: each \
            item of a batch), equals=METHOD (the last claim), and density, causal-density, blocks, keys or \
            reach with <=, >=, <, > or == and a number; each with @items, @layers and @heads after it
            """)
    }

    /// How claims begin, for completion.
    package static let names =
        words.keys.sorted()
        + [
            "window=", "sinks=", "documents=", "chunks=", "prefix=", "bidirectional=", "padding=left:",
            "padding=right:",
        ]
        + Measure.allCases.map(\.rawValue) + ["equals="]
}

extension MaskClaim {
    /// Claims joined by commas; what follows `equals=` is a method, with all its commas.
    package static func parse(_ text: String) throws(MethodError) -> [MaskClaim] {
        var claims: [MaskClaim] = []
        for part in parts(text) {
            if part.hasPrefix("equals=") {
                claims.append(MaskClaim(statement: .equals(String(part.dropFirst("equals=".count)))))
                continue
            }
            let (token, scope) = try HeadScope.split(String(part.filter { $0 != " " }))
            claims.append(MaskClaim(statement: try statement(token), scope: scope))
        }
        return claims
    }

    /// Spans are joined by commas too: what is only numbers belongs to the claim before it.
    private static func parts(_ text: String) -> [String] {
        var parts: [String] = []
        var rest = text[...]
        while true {
            let start = rest.drop(while: \.isWhitespace)
            if start.hasPrefix("equals=") { return parts + [String(start)] }
            let end = rest.firstIndex(of: ",") ?? rest.endIndex
            let part = String(rest[..<end])
            let isSpan = part.first.map { $0.isNumber } ?? false
            if isSpan, let last = parts.last, last.contains("bidirectional=") {
                parts[parts.count - 1] = last + "/" + part
            } else {
                parts.append(part)
            }
            guard end < rest.endIndex else { return parts }
            rest = rest[rest.index(after: end)...]
        }
    }

    private static let words: [String: Statement] = [
        "causal": .causal, "two-sided": .twoSided, "self": .seesSelf, "symmetric": .symmetric,
        "no-empty-rows": .noEmptyRows, "no-unseen-keys": .noUnseenKeys,
    ]

    private static func statement(_ token: String) throws(MethodError) -> Statement {
        if let word = words[token] { return word }
        let parts = token.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, let value = try valued(String(parts[0]), String(parts[1]), token) { return value }
        guard let start = token.firstIndex(where: { "<>=".contains($0) }),
            let measure = Measure(rawValue: String(token[..<start]))
        else { throw .claim(token, say("it takes \(grammar)")) }
        let mark = token[start...].prefix { "<>=".contains($0) }
        guard let relation = MaskExpression.Relation(rawValue: String(mark)),
            let number = Double(token[mark.endIndex...]), number.isFinite, number >= 0
        else { throw .claim(token, say("write \(measure.rawValue)<=NUMBER, or with >=, <, > or ==")) }
        return .measure(measure, relation, number)
    }

    private static func valued(_ name: String, _ value: String, _ token: String) throws(MethodError) -> Statement? {
        switch name {
        case "window": return .window(try count(value, token, from: 1))
        case "sinks": return .sinks(try count(value, token, from: 0))
        case "chunks": return .chunks(try count(value, token, from: 1))
        case "prefix": return .prefix(try count(value, token, from: 0))
        case "documents":
            let starts = try counts(value, token)
            guard zip(starts, starts.dropFirst()).allSatisfy({ $0 < $1 }) else {
                throw .claim(token, say("first tokens of documents ascend: write documents=20/50"))
            }
            return .documents(starts)
        case "bidirectional": return .bidirectional(try spans(value, token))
        case "padding":
            let side = value.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard side.count == 2, side[0] == "left" || side[0] == "right" else {
                throw .claim(token, say("write padding=left:N or padding=right:N"))
            }
            let lengths = try counts(String(side[1]), token)
            return .padding(left: side[0] == "left" ? lengths : nil, right: side[0] == "right" ? lengths : nil)
        default: return nil
        }
    }

    private static func spans(_ value: String, _ token: String) throws(MethodError) -> [Range<Int>] {
        var spans: [Range<Int>] = []
        for part in value.split(separator: "/", omittingEmptySubsequences: false).prefix(ListDescription.limit) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard ends.count == 2, let first = ends[0], let last = ends[1], first >= 0, first <= last,
                last < 1_073_741_824
            else { throw .claim(token, say("write the first and last token of every span: bidirectional=8-19,30-41")) }
            spans.append(first..<last + 1)
        }
        return spans
    }

    private static func counts(_ value: String, _ token: String) throws(MethodError) -> [Int] {
        var counts: [Int] = []
        for part in value.split(separator: "/", omittingEmptySubsequences: false).prefix(ListDescription.limit) {
            counts.append(try count(String(part), token, from: 0))
        }
        return counts
    }

    private static func count(_ text: String, _ token: String, from lowest: Int) throws(MethodError) -> Int {
        guard let value = Int(text), (lowest...1_073_741_824).contains(value) else {
            let name = token.prefix { $0 != "=" }
            throw .claim(token, say("\(name) takes whole numbers \(lowest) to 1,073,741,824 tokens"))
        }
        return value
    }
}
