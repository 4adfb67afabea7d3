/// One thing that a test claims of a mask, such as `causal`, `window=256` or `density<=0.1`.
package enum MaskClaim: Equatable, Sendable {
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

    case causal
    case seesSelf
    case symmetric
    case noEmptyRows
    case noUnseenKeys
    case window(Int, sinks: Int)
    case measure(Measure, MaskExpression.Relation, Double)

    /// What a claim may say, for help and errors.
    package static let grammar =
        "causal, self, symmetric, no-empty-rows, no-unseen-keys, window=N, sinks=N, and density, causal-density, blocks, "
        + "keys or reach with <=, >=, <, > or == and a number"

    /// Claims joined by commas; `sinks=N` says what `window=N` leaves out at the start.
    package static func parse(_ text: String) throws(MethodError) -> [MaskClaim] {
        var claims: [MaskClaim] = []
        var sinks: Int?
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let token = String(part.filter { $0 != " " })
            if token.hasPrefix("sinks=") {
                sinks = try count(token, after: "sinks=", from: 0)
            } else {
                claims.append(try claim(token))
            }
        }
        guard let sinks else { return claims }
        guard claims.contains(where: { if case .window = $0 { true } else { false } }) else {
            throw .claim("sinks=\(sinks)", "it goes with window=N")
        }
        return claims.map { claim in
            if case .window(let size, _) = claim { return .window(size, sinks: sinks) }
            return claim
        }
    }

    private static func claim(_ token: String) throws(MethodError) -> MaskClaim {
        switch token {
        case "causal": return .causal
        case "self": return .seesSelf
        case "symmetric": return .symmetric
        case "no-empty-rows": return .noEmptyRows
        case "no-unseen-keys": return .noUnseenKeys
        default: break
        }
        if token.hasPrefix("window=") { return .window(try count(token, after: "window=", from: 1), sinks: 0) }
        guard let start = token.firstIndex(where: { "<>=".contains($0) }),
            let measure = Measure(rawValue: String(token[..<start]))
        else { throw .claim(token, "it takes \(grammar)") }
        let mark = token[start...].prefix { "<>=".contains($0) }
        guard let relation = MaskExpression.Relation(rawValue: String(mark)),
            let number = Double(token[mark.endIndex...]), number.isFinite, number >= 0
        else { throw .claim(token, "write \(measure.rawValue)<=NUMBER, or with >=, <, > or ==") }
        return .measure(measure, relation, number)
    }

    private static func count(_ token: String, after prefix: String, from lowest: Int) throws(MethodError) -> Int {
        guard let value = Int(token.dropFirst(prefix.count)), (lowest...1_073_741_824).contains(value) else {
            throw .claim(token, "\(prefix.dropLast()) takes whole numbers \(lowest) to 1,073,741,824 tokens")
        }
        return value
    }
}

extension MaskLint {
    /// What is not as claimed, one finding a claim at most.
    ///
    /// - Parameters:
    ///   - block: side of the blocks that `blocks` counts.
    ///   - layers: the masks of a model's layers, for `reach`; without them all layers have this mask.
    package static func findings(
        in mask: some MaskRows, claims: [MaskClaim], block: Int = 128, layers: [any MaskRows] = []
    ) throws(MethodError) -> [Finding] {
        var findings: [Finding] = []
        for claim in claims {
            if let finding = try finding(in: mask, claim, block: block, layers: layers) { findings.append(finding) }
        }
        return findings
    }

    private static func finding(
        in mask: some MaskRows, _ claim: MaskClaim, block: Int, layers: [any MaskRows]
    ) throws(MethodError) -> Finding? {
        switch claim {
        case .causal: return future(mask)
        case .seesSelf: return hiddenSelves(mask)
        case .symmetric: return asymmetry(mask)
        case .noEmptyRows: return emptyQueries(mask)
        case .noUnseenKeys: return unreachableKeys(mask, isCausal: future(mask) == nil)
        case .window(let size, let sinks): return windowFaults(mask, window: size, sinks: sinks)
        case .measure(let measure, let relation, let bound):
            let value = try value(of: measure, mask, block: block, layers: layers, bound: bound)
            guard !relation.holds(value, bound) else { return nil }
            let shown = value.isFinite ? number(value) : "beyond \(number(bound))"
            return Finding(
                kind: .claim, count: 1,
                message: "\(measure.rawValue) is \(shown), not \(relation.rawValue) \(number(bound))")
        }
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? Int(value).grouped : String(value)
    }

    private static func value(
        of measure: MaskClaim.Measure, _ mask: some MaskRows, block: Int, layers: [any MaskRows], bound: Double
    ) throws(MethodError) -> Double {
        switch measure {
        case .density: return mask.density
        case .causalDensity: return mask.causalDensity
        case .blocks: return try MaskTiles(mask, side: block).density
        case .keys: return Double((0..<mask.tokens).lazy.map { mask.row($0).count }.max() ?? 0)
        case .reach:
            if mask.tokens == 1 { return 0 }
            let most = min(layers.isEmpty ? 1024 : layers.count, Int(min(bound, 1023)) + 1)
            return layersToReachAll(mask, layers, most: most).map(Double.init) ?? .infinity
        }
    }

    /// After how many layers the last token knows of as many keys as it ever can (in a causal mask all); nil for more
    /// than `most`, or never.
    private static func layersToReachAll(_ mask: some MaskRows, _ layers: [any MaskRows], most: Int) -> Int? {
        var reached = KeyRanges(mask.tokens - 1..<mask.tokens)
        for count in 1...max(1, most) {
            if layers.isEmpty {
                let next = Reachability.keys(behind: reached, in: mask)
                if next == reached { return nil }
                reached = next
            } else {
                // Another layer on top changes what every layer below is asked for.
                reached = Reachability(Array(layers.prefix(count))).keys(reaching: mask.tokens - 1)
            }
            if reached.count == mask.tokens { return count }
        }
        return nil
    }

    package static func hiddenSelves(_ mask: some MaskRows) -> Finding? {
        let hidden = (0..<mask.tokens).filter { !mask.allows(query: $0, key: $0) }
        guard let first = hidden.first else { return nil }
        return Finding(
            kind: .hiddenSelf, count: hidden.count,
            message: "queries that do not see themselves: \(hidden.count.grouped), first: query \(first.grouped)",
            query: first, key: first)
    }

    /// Keys that the last token cannot know of after all layers.
    package static func unreachableTokens(_ layers: [any MaskRows]) -> Finding? {
        guard let tokens = layers.first?.tokens, tokens > 0 else { return nil }
        let reached = Reachability(layers).keys(reaching: tokens - 1)
        let lost = KeyRanges(0..<tokens).subtracting(reached)
        guard let first = lost.ranges.first?.lowerBound else { return nil }
        return Finding(
            kind: .unreachableToken, count: lost.count,
            message: "tokens that the last one cannot know of after \(layers.count.grouped) layers: "
                + "\(lost.count.grouped), first: token \(first.grouped)", query: tokens - 1, key: first)
    }
}

extension MaskExpression.Relation {
    func holds(_ a: Double, _ b: Double) -> Bool {
        switch self {
        case .less: a < b
        case .atMost: a <= b
        case .equal: a == b
        case .unequal: a != b
        case .more: a > b
        case .atLeast: a >= b
        }
    }
}
