import Foundation
import RopewalkPhrases

/// LongRoPE: a factor of its own for every subspace, one set for short and one for long texts.
package struct LongRoPE: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "longrope", family: .position, title: "LongRoPE",
        summary:
            "Slows every subspace down by a factor of its own, found by search: one set for short, one for long texts.",
        source: "Ding et al., LongRoPE: Extending LLM Context Window Beyond 2 Million Tokens, 2024 (arXiv 2402.13753)",
        parameters: [
            .factor("target window over original window; sets the temperature and the factors where no list is given"),
            .originalWindow,
            ParameterDescription(
                "early", meaning: "first tokens of the text that keep plain angles", unit: "tokens", default: 0,
                range: 0...1_073_741_824, isInteger: true),
            .attentionFactor,
        ],
        lists: [
            ListDescription(
                "short", meaning: "factor of every subspace for texts up to the original window; without: 1",
                unit: "times", range: 0.001...1_000_000),
            ListDescription(
                "long",
                meaning: "factor of every subspace for longer texts; without: factor^(2i/(d−2)), a seed of the search",
                unit: "times", range: 0.001...1_000_000),
        ],
        flops: "as rope; a text that grows beyond the window must turn all its keys again",
        memory: "as rope; keys are kept before rotation where a text may grow beyond the window")

    package let factor: Double
    /// Tokens; 0: the context's trained window.
    package let original: Int
    package let early: Int
    /// 0: √(1 + ln factor / ln original).
    package let attentionFactor: Double
    /// One a subspace, or empty.
    package let short: [Double]
    package let long: [Double]

    package init(
        factor: Double, original: Int = 0, early: Int = 0, attentionFactor: Double = 0, short: [Double] = [],
        long: [Double] = []
    ) {
        self.factor = factor
        self.original = original
        self.early = early
        self.attentionFactor = attentionFactor
        self.short = short
        self.long = long
    }

    package init(values: [Double]) { self.init(values: values, lists: [[], []]) }

    package init(values: [Double], lists: [[Double]]) {
        self.init(
            factor: values[0], original: Int(values[1]), early: Int(values[2]), attentionFactor: values[3],
            short: lists[0], long: lists[1])
    }

    package var values: [Double] { [factor, Double(original), Double(early), attentionFactor] }
    package var lists: [[Double]] { [short, long] }

    package func problem(in context: RotaryContext) -> String? {
        for (name, list) in [("short", short), ("long", long)] where ![0, context.subspaces].contains(list.count) {
            return
                say(
                    """
                    \(name) has \(list.count.grouped) numbers, the model \(context.subspaces.grouped) rotary \
                    subspaces: give one number a subspace
                    """)
        }
        guard attentionFactor == 0, factor > 1, context.window(original) < 2 else { return nil }
        return say("an original window of 1 token gives no temperature: give original from 2 on, or attention-factor")
    }

    /// The factors that a text of the context's length is under. [subspace]
    package func factors(in context: RotaryContext) -> [Double] {
        let isLong = context.tokens > context.window(original)
        let list = isLong ? long : short
        if list.count == context.subspaces { return list }
        let d = Double(context.dimensions)
        return (0..<context.subspaces).map { isLong && d > 2 ? pow(factor, 2 * Double($0) / (d - 2)) : 1 }
    }

    package func rotation(in context: RotaryContext) -> Rotation {
        Rotation(
            inverseFrequencies: zip(context.inverseFrequencies, factors(in: context)).map(/),
            attentionFactor: attentionFactor > 0 ? attentionFactor : temperature(window: context.window(original)))
    }

    private func temperature(window: Int) -> Double {
        factor > 1 && window > 1 ? sqrt(1 + log(factor) / log(Double(window))) : 1
    }

    package func encoding(in context: RotaryContext) -> PositionEncoding {
        let rotation = rotation(in: context)
        let plain = context.inverseFrequencies
        guard early > 0, rotation.inverseFrequencies != plain else { return PositionEncoding(rotation) }
        let turning = Turning(
            inverseFrequencies: rotation.inverseFrequencies, factor: rotation.attentionFactor,
            frequencies: { $0 < early ? plain : rotation.inverseFrequencies })
        return PositionEncoding(pieces: [PositionPiece(name: "all", queries: turning, keys: turning)])
    }
}
