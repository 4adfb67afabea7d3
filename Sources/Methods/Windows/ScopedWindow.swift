import RopewalkPhrases

/// A window that holds in some layers and heads only: `lambda:sink=4,window=512@layers=0-3/5@heads=0-1`.
///
/// In other layers and heads it restricts nothing. Asked without a head it is the window itself.
package struct ScopedWindow: WindowMethod {
    package static let description = MethodDescription(
        name: "scoped", family: .window, title: "Mask of some layers and heads",
        summary: "A mask holds in some layers and heads, the others see all.",
        source: "the user", flops: "those of the mask, in its layers and heads",
        memory: "that of the mask, in its layers and heads")

    package let window: any WindowMethod
    package let scope: HeadScope

    package init(_ window: any WindowMethod, scope: HeadScope) {
        self.window = window
        self.scope = scope
    }

    package init(values: [Double]) { self.init(Causal(), scope: HeadScope()) }
    package var values: [Double] { [] }
    package var spec: String { window.spec + scope.suffix }
    package var identity: String { window.identity + scope.suffix }

    package func window(in place: HeadPlace) -> (any WindowMethod)? {
        scope.contains(place) ? window.window(in: place) : nil
    }

    package var ownTokens: Int? { window.ownTokens }
    package var ownQueries: Range<Int>? { window.ownQueries }
    package func problem(tokens: Int) -> String? { window.problem(tokens: tokens) }

    package func visibleKeys(query: Int, tokens: Int) -> KeyRanges { window.visibleKeys(query: query, tokens: tokens) }

    package func visibleBits(query: Int, tokens: Int) -> KeyBits { window.visibleBits(query: query, tokens: tokens) }

    package func zones(of queries: Range<Int>, tokens: Int) -> ZoneSum? { window.zones(of: queries, tokens: tokens) }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        window.reason(query: query, key: key, tokens: tokens)
    }
}

/// Some items of a batch, layers and heads, as `@items=0@layers=0-3/5@heads=0-1` says.
package struct HeadScope: Equatable, Sendable {
    /// Nil for all.
    package var layers: KeyRanges?
    package var heads: KeyRanges?
    package var items: KeyRanges?

    static let largestIndex = 65_535

    package init(layers: KeyRanges? = nil, heads: KeyRanges? = nil, items: KeyRanges? = nil) {
        self.layers = layers
        self.heads = heads
        self.items = items
    }

    package func contains(_ place: HeadPlace) -> Bool {
        layers?.contains(place.layer) ?? true && heads?.contains(place.head) ?? true
            && items?.contains(place.item) ?? true
    }

    /// In the method grammar; empty where it is everywhere.
    var suffix: String {
        (items.map { "@items=" + Self.text($0) } ?? "") + (layers.map { "@layers=" + Self.text($0) } ?? "")
            + (heads.map { "@heads=" + Self.text($0) } ?? "")
    }

    private static func text(_ indices: KeyRanges) -> String {
        indices.ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound - 1)" }
            .joined(separator: "/")
    }

    /// Takes the scope off the end of a method's text.
    static func split(_ text: String) throws(MethodError) -> (method: String, scope: HeadScope) {
        var scope = HeadScope()
        var rest = Substring(text)
        while let mark = rest.lastIndex(of: "@") {
            let clause = rest[rest.index(after: mark)...].filter { $0 != " " }
            let parts = clause.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let axes: [Substring: WritableKeyPath<HeadScope, KeyRanges?>] = [
                "layers": \.layers, "heads": \.heads, "items": \.items,
            ]
            guard parts.count == 2, let axis = axes[parts[0]] else {
                // The name of a file may have such a character.
                if FileWindow.isSpec(rest) || rest.firstRange(of: " where ") != nil { break }
                throw .scope("@" + clause, say("it takes @layers=0-3/5, @heads=0-1 and @items=0 after a mask"))
            }
            guard scope[keyPath: axis] == nil else {
                throw .scope("@" + clause, say("\(parts[0]) is given twice: give it once"))
            }
            scope[keyPath: axis] = try indices(parts[1], clause: "@" + clause)
            rest = rest[..<mark]
        }
        return (String(rest), scope)
    }

    private static func indices(_ text: Substring, clause: String) throws(MethodError) -> KeyRanges {
        var ranges: [Range<Int>] = []
        for part in text.split(separator: "/", omittingEmptySubsequences: false).prefix(ListDescription.limit) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { index($0) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last
            else {
                throw .scope(
                    clause, say("it takes indices 0 to \(largestIndex.grouped) and ranges joined by /, such as 0-3/5"))
            }
            ranges.append(first..<last + 1)
        }
        return KeyRanges(ranges)
    }

    private static func index(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let index = Int(text) else {
            return nil
        }
        return index <= largestIndex ? index : nil
    }
}
