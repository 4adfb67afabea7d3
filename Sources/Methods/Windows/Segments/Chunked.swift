import RopewalkPhrases

/// The own chunk up to the query, and some chunks before it.
package struct Chunked: ZonedWindow, Equatable {
    package static let description = MethodDescription(
        name: "chunked", family: .window, title: "Chunked attention",
        summary: "Every token sees its own chunk up to itself and a number of whole chunks before it.",
        source: "Meta AI, Llama 4, 2025 (local layers, 8,192 tokens, none before); positions stay absolute",
        parameters: [
            .tokens("size", "length of a chunk", default: 8192),
            ParameterDescription(
                "back", meaning: "chunks before the own one that are seen too", unit: "chunks", default: 0,
                range: 0...1_073_741_824, isInteger: true),
        ],
        flops: "2·N·size·(1 + 2·back)·d a head", memory: "2·size·(1 + back)·d numbers a key/value head")

    package let size: Int
    package let back: Int

    package init(size: Int, back: Int = 0) {
        self.size = size
        self.back = back
    }

    package init(values: [Double]) { self.init(size: Int(values[0]), back: Int(values[1])) }
    package var values: [Double] { [Double(size), Double(back)] }

    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum {
        .chunks(size: size, back: back, queries: queries, tokens: tokens)
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        if key > query { return .future(query: query, key: key) }
        let (own, other) = (query / size, key / size)
        let chunks = say("chunk \(own.grouped) − chunk \(other.grouped) = \((own - other).grouped)")
        return own - other <= back
            ? VisibilityReason(.block, say("kept: \(chunks) ≤ back \(back.grouped)"))
            : VisibilityReason(.outside, say("blocked: \(chunks) > back \(back.grouped)"))
    }
}
