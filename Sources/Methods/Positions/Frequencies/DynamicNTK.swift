/// NTK-aware base adjusting by as much as the text is longer than the trained window.
package struct DynamicNTK: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "dynamic-ntk", family: .position, title: "Dynamic NTK",
        summary:
            "Raises the base with the length of the text, so that texts within the trained window keep plain angles.",
        source: "Peng et al., YaRN: Efficient Context Window Extension of Large Language Models, 2023, section 3.3 "
            + "(arXiv 2309.00071); the formula is that of transformers",
        parameters: [
            .factor("how fast the base rises with the length", default: 2),
            .tokens("length", "length that sets the base", zero: "that of the text"),
            .flag(
                "cached",
                "0: all tokens turned with the base of the whole length; "
                    + "1: each with the base of the length at which it was cached (those before length: of length)",
                default: false),
        ],
        flops: "as rope; turning cached keys again when the base changes takes 6·N·d a key/value head",
        memory: "as rope; keys are kept before rotation where the base changes")

    package let factor: Double
    /// Tokens; 0: those of the text, or with `cached` none.
    package let length: Int
    /// Whether every token keeps the base of the length at which it was read, as decoding with a cache of turned keys
    /// does; then angles between tokens of different bases are off.
    package let cached: Bool

    package init(factor: Double, length: Int = 0, cached: Bool = false) {
        self.factor = factor
        self.length = length
        self.cached = cached
    }

    package init(values: [Double]) {
        self.init(factor: values[0], length: Int(values[1]), cached: values[2] != 0)
    }

    package var values: [Double] { [factor, Double(length), cached ? 1 : 0] }

    /// The base b·(f·n/L − (f−1))^(d/(d−2)) for n tokens; that of the model within its trained window L.
    package func base(tokens: Int, in context: RotaryContext) -> Double {
        let n = Double(max(tokens, context.trainedWindow))
        return context.base(stretchedBy: factor * n / Double(context.trainedWindow) - (factor - 1))
    }

    package func rotation(in context: RotaryContext) -> Rotation {
        let tokens = length > 0 ? length : context.tokens
        return Rotation(inverseFrequencies: context.inverseFrequencies(base: base(tokens: tokens, in: context)))
    }

    package func encoding(in context: RotaryContext) -> PositionEncoding {
        guard cached, max(context.trainedWindow, length) < context.tokens else {
            return PositionEncoding(rotation(in: context))
        }
        let turning = Turning(
            inverseFrequencies: rotation(in: context).inverseFrequencies,
            frequencies: { token in
                context.inverseFrequencies(base: base(tokens: max(token + 1, length), in: context))
            })
        return PositionEncoding(pieces: [PositionPiece(name: "all", queries: turning, keys: turning)])
    }
}
