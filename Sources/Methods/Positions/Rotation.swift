import Foundation

/// What a model and a text give a position method to work with.
package struct RotaryContext: Equatable, Sendable {
    /// Rotary dimensions of one head; half as many subspaces. Where a model rotates an odd number of them, the last
    /// subspace turns one dimension more, and the exponents keep the odd number.
    package let dimensions: Int
    package let base: Double
    /// The window that the model was trained on, in tokens.
    package let trainedWindow: Int
    /// Tokens of the text.
    package let tokens: Int
    /// Heads of a layer, for methods that treat each its own way.
    package let heads: Int

    package init(dimensions: Int, base: Double, trainedWindow: Int, tokens: Int, heads: Int = 1) {
        self.dimensions = dimensions
        self.base = base
        self.trainedWindow = trainedWindow
        self.tokens = tokens
        self.heads = heads
    }

    package var subspaces: Int { (dimensions + 1) / 2 }

    /// The inverse frequencies θ_i = base^(−2i/d) of plain RoPE, radians a token, fastest first.
    package var inverseFrequencies: [Double] { inverseFrequencies(base: base) }

    /// The same with another base.
    package func inverseFrequencies(base: Double) -> [Double] {
        (0..<subspaces).map { pow(base, -2 * Double($0) / Double(dimensions)) }
    }

    /// The base b·s^(d/(d−2)), under which the slowest subspace turns slower by the factor s; a single subspace has
    /// θ = 1 whatever the base, and keeps it.
    func base(stretchedBy factor: Double) -> Double {
        guard dimensions > 2 else { return base }
        let d = Double(dimensions)
        return base * pow(factor, d / (d - 2))
    }

    /// The trained window, unless a method names another one (0 names none).
    func window(_ named: Int) -> Int { named > 0 ? named : trainedWindow }

    /// Rotation of plain RoPE.
    var plain: Rotation { Rotation(inverseFrequencies: inverseFrequencies) }

    /// Rotation of a method that turns nothing.
    var still: Rotation { Rotation(inverseFrequencies: [Double](repeating: 0, count: subspaces)) }
}

/// The rotation of every subspace: angle = position · inverseFrequency.
package struct Rotation: Equatable, Sendable {
    /// Radians a token, one per subspace, fastest first.
    package let inverseFrequencies: [Double]
    /// Multiplies cos and sin of queries and of keys; scores get its square.
    package let attentionFactor: Double

    package init(inverseFrequencies: [Double], attentionFactor: Double = 1) {
        self.inverseFrequencies = inverseFrequencies
        self.attentionFactor = attentionFactor
    }

    /// Tokens for a full turn of a subspace; infinite where it does not turn.
    package func wavelength(_ subspace: Int) -> Double {
        2 * .pi / inverseFrequencies[subspace]
    }

    /// The angle between tokens that are `distance` apart, radians, not wrapped.
    package func angle(_ subspace: Int, distance: Int) -> Double {
        Double(distance) * inverseFrequencies[subspace]
    }

    /// Whether a subspace never made a full turn in `window` tokens.
    package func isCritical(_ subspace: Int, window: Int) -> Bool {
        wavelength(subspace) > Double(window)
    }
}
