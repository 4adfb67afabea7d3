/// Several windows of which one is enough: `lambda:sink=4,window=512+dilated:size=64,dilation=16`.
package struct UnionWindow: WindowMethod {
    package static let description = MethodDescription(
        name: "union", family: .window, title: "Union of masks",
        summary: "A query sees what one of several masks lets it see.",
        source: "the user", flops: "the sum of the parts, less what they share",
        memory: "the most that one of the parts keeps")

    package let parts: [any WindowMethod]

    package init(_ parts: [any WindowMethod]) { self.parts = parts }
    package init(values: [Double]) { self.init([]) }
    package var values: [Double] { [] }
    package var spec: String { parts.map(\.spec).joined(separator: "+") }
    package var identity: String { parts.map(\.identity).joined(separator: "+") }

    /// A part that restricts nothing in a head lets everything be seen there.
    package func window(in place: HeadPlace) -> (any WindowMethod)? {
        let windows = parts.compactMap { $0.window(in: place) }
        return windows.count == parts.count ? UnionWindow(windows) : nil
    }

    package var ownTokens: Int? { parts.compactMap(\.ownTokens).min() }
    package var ownQueries: Range<Int>? { parts.lazy.compactMap(\.ownQueries).first }
    package func problem(tokens: Int) -> String? { parts.lazy.compactMap { $0.problem(tokens: tokens) }.first }

    package func visibleKeys(query: Int, tokens: Int) -> KeyRanges {
        KeyRanges(parts.flatMap { $0.visibleKeys(query: query, tokens: tokens).ranges })
    }

    package func zones(of queries: Range<Int>, tokens: Int) -> ZoneSum? {
        var sum = ZoneSum()
        for part in parts {
            guard let next = part.zones(of: queries, tokens: tokens).flatMap({ sum.union($0) }) else { return nil }
            sum = next
        }
        return sum
    }

    /// The first part that keeps the key, else what each of them has against it.
    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        let reasons = parts.map { $0.reason(query: query, key: key, tokens: tokens) }
        if let kept = reasons.first(where: \.isVisible) { return kept }
        if let future = reasons.first, reasons.allSatisfy({ $0.rule == .future }) { return future }
        return VisibilityReason(.outside, reasons.map(\.sentence).joined(separator: "; "))
    }
}
