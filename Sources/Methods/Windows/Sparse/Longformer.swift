import RopewalkPhrases

/// A window on both sides and some global tokens, which see all and are seen by all.
package struct Longformer: ZonedWindow, Equatable {
    package static let description = MethodDescription(
        name: "longformer", family: .window, title: "Longformer",
        summary: "Every token sees its neighbours on both sides; a few global tokens see all and are seen by all.",
        source: "Beltagy et al., Longformer: The Long-Document Transformer, 2020 (arXiv 2004.05150); window 512 is the "
            + "two-sided width of the released models",
        parameters: [
            .tokens("window", "two-sided width: half of it on each side of the query", default: 512, from: 0),
            .tokens("dilation", "distance between two keys of the window; 1 for none", default: 1),
            .choice("causal", "1: no later keys (the autoregressive form)", default: 0),
        ],
        lists: [.tokens("globals", "global tokens")],
        flops: "4·N·(window + 1 + 2·globals)·d a head", memory: "2·N·d numbers a key/value head")

    package let window: Int
    package let dilation: Int
    package let isCausal: Bool
    package let globals: [Int]
    private let globalRanges: KeyRanges

    package init(window: Int, globals: [Int] = [], dilation: Int = 1, isCausal: Bool = false) {
        self.window = window
        self.globals = globals
        self.dilation = dilation
        self.isCausal = isCausal
        globalRanges = KeyRanges(globals.map { $0..<$0 + 1 })
    }

    package init(values: [Double]) { self.init(values: values, lists: [[]]) }

    package init(values: [Double], lists: [[Double]]) {
        self.init(
            window: Int(values[0]), globals: lists[0].map { Int($0) }, dilation: Int(values[1]),
            isCausal: values[2] == 1)
    }

    package var values: [Double] { [Double(window), Double(dilation), isCausal ? 1 : 0] }
    package var lists: [[Double]] { [globals.map(Double.init)] }

    package var contradiction: String? {
        window % 2 == 0
            ? nil : say("window is \(window.grouped), but half of it lies on each side: give an even number")
    }

    private var side: Int { window / 2 }
    private var reach: Int { min(Zone.far / 2, side * dilation) }

    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum {
        let all = isCausal ? Zone.distances(from: 0) : -Zone.far..<Zone.far
        let comb = Congruence(period: dilation, phase: 0)
        let band = Zone(
            queries: queries, keys: 0..<tokens, distances: (isCausal ? 0 : -reach)..<reach + 1, distanceComb: comb)
        let text = globalRanges.intersection(0..<tokens).ranges
        // Band or global column, for all queries; then what a global row sees beside these.
        var zones = [band]
        for keys in text {
            zones.append(Zone(queries: queries, keys: keys, distances: all))
            zones.append(band.cut(keys: keys, weight: -1))
        }
        for rows in globalRanges.intersection(queries).ranges {
            zones.append(Zone(queries: rows, keys: 0..<tokens, distances: all))
            var there = band.cut(keys: 0..<tokens, weight: -1)
            there.queries = rows
            zones.append(there)
            for keys in text {
                zones.append(Zone(queries: rows, keys: keys, distances: all, weight: -1))
                var both = band.cut(keys: keys, weight: 1)
                both.queries = rows
                zones.append(both)
            }
        }
        return ZoneSum(zones)
    }

    package func visibleKeys(query: Int, tokens: Int) -> KeyRanges {
        let end = isCausal ? min(query + 1, tokens) : tokens
        if globalRanges.contains(query) { return KeyRanges(from: 0, to: end) }
        return KeyRanges(bandKeys(query: query, end: end)).union(globalRanges.intersection(0..<end))
    }

    private func bandKeys(query: Int, end: Int) -> [Range<Int>] {
        let last = min(end - 1, query + reach)
        if dilation == 1 { return [max(0, query - reach)..<max(0, query - reach, last + 1)] }
        let first = query - min(side, query / dilation) * dilation
        return stride(from: first, through: last, by: dilation).map { $0..<$0 + 1 }
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        if isCausal, key > query { return .future(query: query, key: key) }
        if globalRanges.contains(key) { return VisibilityReason(.global, say("kept: key \(key.grouped) is global")) }
        if globalRanges.contains(query) {
            return VisibilityReason(.global, say("kept: query \(query.grouped) is global and sees all"))
        }
        let distance = abs(query - key)
        guard distance > reach else { return .onComb(distance, of: dilation) }
        return VisibilityReason(
            .outside,
            say("blocked: distance \(distance.grouped) > half the window, \(reach.grouped), and neither is global")
        )
    }
}

extension Zone {
    /// The part with these keys, counted with another weight.
    func cut(keys: Range<Int>, weight: Int) -> Zone {
        var part = self
        part.keys = keys
        part.weight = weight
        return part
    }
}
