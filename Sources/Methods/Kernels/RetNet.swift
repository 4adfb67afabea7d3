import Foundation
import RopewalkPhrases

/// Retention: scaled scores that decay with the distance, without a softmax.
package struct RetNet: KernelMethod, Equatable {
    package static let description = MethodDescription(
        name: "retnet", family: .kernel, title: "Retention",
        summary:
            "Weights are the scaled scores themselves times γ for every token between query and key: below 0 too, so they "
            + "are no shares, and strangers to a model that was trained with a softmax. A decoder keeps d·d numbers a key "
            + "head, which fade by γ with every token, however long the text.",
        source:
            "Sun et al., Retentive Network, 2023 (arXiv 2307.08621); γ = 1 − 2^(−5 − h) for head h, here for key head h, whose "
            + "queries share a state; torchscale divides rows before the norm of the heads, which takes that back; its gate and "
            + "its own rotation are left out",
        parameters: [
            ParameterDescription(
                "gamma", meaning: "what is left after a token; 0: 1 − 2^(−5 − h) of key head h", default: 0,
                range: 0...1),
            .kind(
                "norm",
                "what a head's output is divided by: the root of its mean square (the norm of the heads); nothing; or rows as "
                    + "torchscale divides them, by √Σ γ^distance and by their sum where that is above 1",
                of: ["rms", "plain", "torchscale"]),
        ],
        flops: "4·N·d² a head as a recurrence",
        memory: "d·d numbers a key head, of no token; d more with norm=torchscale")

    package let gamma: Double
    package let normaliser: KernelNormaliser

    package init(gamma: Double = 0, normaliser: KernelNormaliser = .rootMeanSquare) {
        self.gamma = gamma
        self.normaliser = normaliser
    }

    package init(values: [Double]) {
        self.init(gamma: values[0], normaliser: KernelNormaliser(rawValue: Int(values[1])) ?? .rootMeanSquare)
    }
    package var values: [Double] { [gamma, Double(normaliser.rawValue)] }

    package var form: KernelForm { .scores }
    package func directions(layer: Int, dimension: Int) -> [[Double]] { [] }

    package func decays(keyHeads: Int) -> [Double] {
        (0..<keyHeads).map { gamma > 0 ? gamma : 1 - pow(2, -5 - Double($0)) }
    }
}
