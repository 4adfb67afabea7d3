import Foundation
import RopewalkPhrases

/// Log-n scaling: sharper scores for queries beyond the trained window.
package struct LogN: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "log-n", family: .position, title: "Log-n scaling",
        summary: "Multiplies the scores of queries beyond the trained window by ln(number of keys) / ln(window).",
        source: "Su, rerope (github.com/bojone/rerope), 2023; Chiang and Cholak, Overcoming a Theoretical Limitation "
            + "of Self-Attention, 2022 (arXiv 2202.12172)",
        parameters: [.tokens("window", "window from which scores are sharpened", zero: "the trained window")],
        flops: "as rope, and d a query and head", memory: "as rope")

    /// Tokens; 0: the context's trained window.
    package let window: Int

    package init(window: Int = 0) { self.window = window }
    package init(values: [Double]) { self.init(window: Int(values[0])) }
    package var values: [Double] { [Double(window)] }

    package func problem(in context: RotaryContext) -> String? { Self.problem(window: context.window(window)) }

    package func rotation(in context: RotaryContext) -> Rotation { context.plain }

    package func encoding(in context: RotaryContext) -> PositionEncoding {
        PositionEncoding(
            pieces: PositionEncoding(rotation(in: context)).pieces,
            queryScale: Self.scale(window: context.window(window), tokens: context.tokens))
    }

    /// max(1, ln(query + 1) / ln(window)); nil where that is 1 for all of the text.
    static func scale(window: Int, tokens: Int) -> (@Sendable (Int) -> Double)? {
        guard tokens > window, window > 1 else { return nil }
        let whole = log(Double(window))
        return { max(1, log(Double($0 + 1)) / whole) }
    }

    static func problem(window: Int) -> String? {
        window < 2 ? say("log-n scaling divides by ln(window): it needs a window from 2 tokens on, not 1") : nil
    }
}
