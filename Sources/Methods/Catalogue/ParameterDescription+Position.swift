extension ParameterDescription {
    /// By how much a method stretches the window.
    static func factor(_ meaning: String, default value: Double = 4) -> ParameterDescription {
        ParameterDescription("factor", meaning: meaning, unit: "times", default: value, range: 1...1024)
    }

    /// A base of inverse frequencies.
    static func base(_ meaning: String, default value: Double) -> ParameterDescription {
        ParameterDescription("base", meaning: meaning, default: value, range: 2...1_000_000_000_000)
    }

    /// A number of tokens; 0 stands for what `zero` says.
    static func tokens(_ name: String, _ meaning: String, zero: String) -> ParameterDescription {
        ParameterDescription(
            name, meaning: "\(meaning); 0: \(zero)", unit: "tokens", default: 0, range: 0...1_073_741_824,
            isInteger: true)
    }

    /// A number of tokens from 1 on.
    static func tokens(_ name: String, _ meaning: String, default value: Double) -> ParameterDescription {
        ParameterDescription(
            name, meaning: meaning, unit: "tokens", default: value, range: 1...1_073_741_824, isInteger: true)
    }

    /// The window before any extension, where a model's configuration tells it apart from its present one.
    static let originalWindow = tokens("original", "window before the extension", zero: "the trained window")

    /// What multiplies cos and sin, in place of the method's own formula.
    static let attentionFactor = ParameterDescription(
        "attention-factor", meaning: "multiplies cos and sin; 0: as the method computes it", unit: "times", default: 0,
        range: 0...1024)
}
