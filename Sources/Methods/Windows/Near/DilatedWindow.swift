import RopewalkPhrases

/// Every dilation-th of the keys before the query.
package struct DilatedWindow: ZonedWindow, Equatable {
    package static let description = MethodDescription(
        name: "dilated", family: .window, title: "Dilated window",
        summary: "Every token sees itself and tokens before it at equal gaps: a wider window at the same cost.",
        source: "Beltagy et al., Longformer, 2020 (arXiv 2004.05150), autoregressive form; the defaults are ours",
        parameters: [
            .tokens("size", "keys a query sees, itself included", default: 256),
            .tokens("dilation", "distance between two of them; 1 for a plain window", default: 2),
        ],
        flops: "4·N·size·d a head", memory: "2·size·dilation·d numbers a key/value head")

    package let size: Int
    package let dilation: Int

    package init(size: Int, dilation: Int) {
        self.size = size
        self.dilation = dilation
    }

    package init(values: [Double]) { self.init(size: Int(values[0]), dilation: Int(values[1])) }
    package var values: [Double] { [Double(size), Double(dilation)] }

    private var reach: Int { min(Zone.far, (size - 1) * dilation + 1) }

    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum {
        let comb = Congruence(period: dilation, phase: 0)
        return ZoneSum([Zone(queries: queries, keys: 0..<tokens, distances: 0..<reach, distanceComb: comb)])
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        if key > query { return .future(query: query, key: key) }
        let distance = query - key
        if distance >= reach {
            return VisibilityReason(.outside, say("blocked: \(String.distance(query, key, reaching: reach))"))
        }
        return .onComb(distance, of: dilation)
    }
}

extension VisibilityReason {
    /// A distance inside of the window is a multiple of the dilation, or falls into a gap.
    static func onComb(_ distance: Int, of dilation: Int) -> VisibilityReason {
        let size = abs(distance)
        return size % dilation == 0
            ? VisibilityReason(
                .window, say("kept as window: distance \(size.grouped) is a multiple of \(dilation.grouped)"))
            : VisibilityReason(.outside, say("blocked: distance \(size.grouped) is no multiple of \(dilation.grouped)"))
    }
}
