import RopewalkPhrases

extension MaskLint {
    /// What is not as claimed, one finding a claim at most.
    ///
    /// - Parameters:
    ///   - place: the head whose mask it is: claims about others are left out.
    ///   - block: side of the blocks that `blocks` counts.
    ///   - layers: the masks of a model's layers, for `reach`; without them all layers have this mask.
    ///   - loader: reads the files of `equals=file:PATH`.
    package static func findings(
        in mask: Mask, claims: [MaskClaim], at place: HeadPlace? = nil, block: Int = 128, layers: [any MaskRows] = [],
        loader: MaskLoader? = nil
    ) throws(MethodError) -> [Finding] {
        var findings: [Finding] = []
        for claim in claims {
            try claim.requireTokens(mask.tokens)
            try claim.requireOrder(in: mask)
        }
        let claims = claims.filter { claim in place.map { claim.scope.contains($0) } ?? true }
        for claim in claims {
            if case .equals(let specs) = claim.statement {
                if let finding = try difference(mask, specs, place, loader) { findings.append(finding) }
            } else if let finding = try finding(in: mask, claim.statement, block: block, layers: layers) {
                findings.append(finding)
            }
        }
        return findings + MaskPattern(claims, item: place?.item ?? 0).findings(in: mask)
    }

    /// The same of a mask without heads.
    package static func findings(
        in mask: some MaskRows, claims: [MaskClaim], block: Int = 128
    ) throws(MethodError) -> [Finding] {
        var findings: [Finding] = []
        for claim in claims {
            try claim.requireTokens(mask.tokens)
            if let finding = try finding(in: mask, claim.statement, block: block, layers: []) {
                findings.append(finding)
            }
        }
        return findings + MaskPattern(claims, item: 0).findings(in: mask)
    }

    private static func finding(
        in mask: some MaskRows, _ claim: MaskClaim.Statement, block: Int, layers: [any MaskRows]
    ) throws(MethodError) -> Finding? {
        switch claim {
        case .causal: return future(mask, MaskScan(mask))
        case .seesSelf: return hiddenSelves(mask)
        case .symmetric: return asymmetry(mask)
        case .noEmptyRows: return emptyQueries(mask, MaskScan(mask))
        case .noUnseenKeys:
            let scan = MaskScan(mask)
            return unreachableKeys(mask, scan, isCausal: scan.future.count == 0)
        case .measure(let measure, let relation, let bound):
            let value = try value(of: measure, mask, block: block, layers: layers, bound: bound)
            guard !relation.holds(value, bound) else { return nil }
            let shown = value.isFinite ? number(value) : say("beyond \(number(bound))")
            return Finding(
                kind: .claim, count: 1,
                message: say("\(measure.rawValue) is \(shown), not \(relation.rawValue) \(number(bound))"))
        default: return nil
        }
    }

    /// How the mask differs from methods.
    private static func difference(
        _ mask: Mask, _ text: String, _ place: HeadPlace?, _ loader: MaskLoader?
    ) throws(MethodError) -> Finding? {
        var other = try Mask(
            methods: [MethodSpec.parse(text, loader: loader)], tokens: mask.tokens, queries: mask.queries)
        if let place {
            let counts = HeadCounts(items: place.item + 1, layers: place.layers, heads: place.heads)
            for scope in other.windows.flatMap(\.scopes) {
                // Items beyond this one may be there.
                let own = HeadScope(layers: scope.layers, heads: scope.heads)
                if let problem = counts.problem(with: own) { throw problem }
            }
            other = try other.mask(in: place)
        }
        let diff = try MaskDiff(mask, other)
        guard let first = diff.first else { return nil }
        let verb = first.isAllowedInFirst ? say("sees") : say("misses")
        return Finding(
            kind: .rule, count: diff.count,
            message:
                say(
                    """
                    pairs that are not as in \(text): \(diff.count.grouped), first: \
                    \(mask.name(ofQuery: first.query)) \(verb) key \(first.key.grouped)
                    """), query: first.query, key: first.key)
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
        case .keys: return Double(mask.queries.lazy.map { mask.row($0).count }.max() ?? 0)
        case .reach:
            guard mask.isSquare else { throw .unfit(say("reach asks for as many queries as keys: leave it out")) }
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

    /// What masks of the user's own show of the future, before a decoder hides it; nil where there are none, or it does not.
    package static func leaks(before mask: Mask, windows: [any WindowMethod]) throws(MethodError) -> Finding? {
        guard mask.isCausal, windows.contains(where: { $0 is ExpressionWindow || !$0.fileWindows.isEmpty }) else {
            return nil
        }
        let own = try Mask(windows: windows, tokens: mask.tokens, isCausal: false)
        guard let leak = future(own, MaskScan(own)) else { return nil }
        return Finding(
            kind: .future, count: leak.count, message: say("only the model hides later keys: \(leak.message)"),
            query: leak.query, key: leak.key)
    }

    package static func hiddenSelves(_ mask: some MaskRows) -> Finding? {
        let hidden = MaskScan(mask).hiddenSelf
        guard let first = hidden.first else { return nil }
        return Finding(
            kind: .hiddenSelf, count: hidden.count,
            message: say(
                """
                queries that do not see themselves: \(hidden.count.grouped), first: \
                \(mask.name(ofQuery: first.query))
                """), query: first.query, key: first.key)
    }

    /// Keys that the last token cannot know of after all layers.
    ///
    /// - Parameter ownDocument: leaves out what lies in earlier documents, whose tokens no later one sees.
    package static func unreachableTokens(_ layers: [any MaskRows], ownDocument: Bool = false) -> Finding? {
        guard let tokens = layers.first?.tokens, tokens > 0, layers.allSatisfy(\.isSquare) else { return nil }
        let reached = Reachability(layers).keys(reaching: tokens - 1)
        var lost = KeyRanges(0..<tokens).subtracting(reached)
        if ownDocument, !lost.isEmpty {
            let ends = layers.map { MaskScan($0).ends }
            let start = (0..<tokens - 1).last { key in ends.allSatisfy { $0[key] } }.map { $0 + 1 } ?? 0
            lost = lost.intersection(start..<tokens)
        }
        guard let first = lost.ranges.first?.lowerBound else { return nil }
        return Finding(
            kind: .unreachableToken, count: lost.count,
            message: say(
                """
                tokens that the last one cannot know of after \(layers.count.grouped) layers: \
                \(lost.count.grouped), first: token \(first.grouped)
                """), query: tokens - 1, key: first)
    }
}

extension MaskPattern {
    /// What claims say together of one item of a batch.
    package init(_ claims: [MaskClaim], item: Int) {
        self.init()
        func own(_ lengths: [Int]) -> Int { lengths[min(item, lengths.count - 1)] }
        for claim in claims {
            switch claim.statement {
            case .window(let size): window = size
            case .sinks(let count): sinks = count
            case .documents(let first): starts = first
            case .chunks(let size): chunk = size
            case .prefix(let length): prefix = length
            case .bidirectional(let ranges): spans = ranges
            case .padding(let left, let right):
                if let left { self.left = own(left) }
                if let right { self.right = own(right) }
            case .twoSided: isTwoSided = true
            default: break
            }
        }
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
