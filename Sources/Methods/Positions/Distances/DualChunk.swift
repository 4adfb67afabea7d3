import Foundation
import RopewalkPhrases

/// Dual chunk attention: keys keep their place in their chunk, queries take one of three by how far the chunk is.
package struct DualChunk: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "dual-chunk", family: .position, title: "Dual chunk attention",
        summary:
            "Counts places within chunks; a query stands elsewhere for its own, the previous and all earlier chunks.",
        source: "An et al., Training-Free Long-Context Scaling of Large Language Models, 2024 (arXiv 2402.17463)",
        parameters: [
            .tokens("chunk", "tokens a chunk", zero: "3/4 of the window, with code=1 3/4 of it less local"),
            .tokens("window", "window whose distances are used", zero: "the trained window"),
            .tokens(
                "local", "tokens of the previous chunk at true distances",
                zero: "the window less a chunk, with code=1 1/8 of the window"),
            .flag(
                "code", "whether far keys are 3/4 of the window away and chunks smaller, as in the authors' code",
                default: false),
            .flag(
                "temperature",
                "with code=1: whether texts beyond the window count (0.05·ln(N / window) + 1)² times, as in that code; "
                    + "its authors say that the paper was made without", default: true),
        ],
        flops: "as rope; queries are turned three ways, 18·d a token and head", memory: "as rope")

    /// Tokens; 0: see `Sizes`.
    package let chunk: Int
    package let window: Int
    package let local: Int
    package let code: Bool
    package let temperature: Bool

    package init(chunk: Int = 0, window: Int = 0, local: Int = 0, code: Bool = false, temperature: Bool = true) {
        self.chunk = chunk
        self.window = window
        self.local = local
        self.code = code
        self.temperature = temperature
    }

    package init(values: [Double]) {
        self.init(
            chunk: Int(values[0]), window: Int(values[1]), local: Int(values[2]), code: values[3] != 0,
            temperature: values[4] != 0)
    }

    package var values: [Double] {
        [Double(chunk), Double(window), Double(local), code ? 1 : 0, temperature ? 1 : 0]
    }

    /// The sizes that the parameters come to, in tokens.
    package struct Sizes: Equatable, Sendable {
        package let chunk: Int
        package let local: Int
        /// Where a query stands for far chunks.
        package let farthest: Int
    }

    package func sizes(in context: RotaryContext) -> Sizes {
        let window = context.window(window)
        let most = max(1, 3 * window / 4)
        if code {
            let local = local > 0 ? local : window / 8
            return Sizes(chunk: chunk > 0 ? chunk : max(1, most - local), local: local, farthest: most)
        }
        let chunk = chunk > 0 ? chunk : most
        return Sizes(chunk: chunk, local: local > 0 ? local : max(0, window - chunk), farthest: window - 1)
    }

    package func problem(in context: RotaryContext) -> String? {
        let sizes = sizes(in: context)
        let (chunk, local) = (sizes.chunk.grouped, sizes.local.grouped)
        let room = sizes.farthest + 1
        guard sizes.chunk > room || sizes.chunk + sizes.local > room else { return nil }
        return say(
            """
            chunk \(chunk) and local \(local) are more than the \(room.grouped) places that the window has: \
            give smaller ones or a larger window
            """)
    }

    package func rotation(in context: RotaryContext) -> Rotation {
        let window = Double(max(1, context.window(window)))
        let tokens = Double(context.tokens)
        guard code, temperature, tokens > window else { return context.plain }
        return Rotation(
            inverseFrequencies: context.inverseFrequencies, attentionFactor: 0.05 * log(tokens / window) + 1)
    }

    package func encoding(in context: RotaryContext) -> PositionEncoding {
        let rotation = rotation(in: context)
        let sizes = sizes(in: context)
        guard sizes.chunk < context.tokens else { return PositionEncoding(rotation) }
        return PositionEncoding(pieces: [
            Self.piece("own chunk", rotation, sizes, back: 0...0) { $0 },
            Self.piece("previous chunk", rotation, sizes, back: 1...1) {
                $0 < sizes.local ? sizes.chunk + $0 : sizes.farthest
            },
            Self.piece("earlier chunks", rotation, sizes, back: 2...Int.max) { _ in sizes.farthest },
        ])
    }

    /// The keys of chunks so many before the query's, which stands where `place` puts it for its place in its chunk.
    private static func piece(
        _ name: String, _ rotation: Rotation, _ sizes: Sizes, back: ClosedRange<Int>,
        place: @escaping @Sendable (Int) -> Int
    ) -> PositionPiece {
        let size = sizes.chunk
        return PositionPiece(
            name: name, queries: Turning(rotation, position: { Double(place($0 % size)) }),
            keys: Turning(rotation, position: { Double($0 % size) }),
            range: { query in
                let chunk = query / size
                let first = max(0, chunk - min(back.upperBound, chunk)) * size
                return first..<max(first, min(query + 1, (chunk - back.lowerBound + 1) * size))
            },
            distance: { Double(place($0 % size) - $1 % size) })
    }
}
