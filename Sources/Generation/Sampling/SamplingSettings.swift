import RopewalkPhrases

/// How the next token is drawn from what the model expects.
public struct SamplingSettings: Equatable, Sendable {
    /// Divides the logits; 0 takes the token with the highest one, whatever else is set.
    public var temperature: Double
    /// The tokens with the highest logits that stay, with those that are equal to the last of them; nil for all.
    public var topK: Int?
    /// The most probable tokens stay until their probabilities add up to this; nil for all.
    public var topP: Double?
    /// Tokens stay that are at least this times as probable as the most probable one; nil for all.
    public var minP: Double?
    /// Where the random numbers begin.
    public var seed: UInt64

    /// What `topK` can be: no vocabulary has more tokens.
    package static let topKs = 1...10_000_000
    /// What `temperature` can be.
    package static let temperatures = 0.0...100

    /// The token with the highest logit, always.
    public static let greedy = SamplingSettings()

    /// Settings of which all may be left out.
    public init(
        temperature: Double = 0, topK: Int? = nil, topP: Double? = nil, minP: Double? = nil, seed: UInt64 = 0
    ) {
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.minP = minP
        self.seed = seed
    }

    /// Whether nothing is drawn.
    public var isGreedy: Bool { temperature == 0 }

    /// - Throws: `GenerationError.setting` for what is outside of what it takes.
    public func check() throws(GenerationError) {
        guard temperature.isFinite, Self.temperatures.contains(temperature) else {
            throw .setting(name: "temperature", value: "\(temperature)", takes: say("a number from 0 to 100"))
        }
        if let topK, !Self.topKs.contains(topK) {
            throw .setting(
                name: "top-k", value: "\(topK)", takes: say("a whole number from 1 to \(Self.topKs.upperBound)"))
        }
        for (name, value) in [("top-p", topP), ("min-p", minP)] {
            guard let value, !(value.isFinite && value >= 0 && value <= 1) else { continue }
            throw .setting(name: name, value: "\(value)", takes: say("a number from 0 to 1"))
        }
    }
}
