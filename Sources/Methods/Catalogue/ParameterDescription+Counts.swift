extension ParameterDescription {
    /// A whole number of tokens, blocks, heads ...
    static func count(
        _ name: String, _ meaning: String, unit: String = "tokens", default defaultValue: Int, from lowest: Int = 1
    ) -> ParameterDescription {
        ParameterDescription(
            name, meaning: meaning, unit: unit, default: Double(defaultValue), range: Double(lowest)...1_073_741_824,
            isInteger: true)
    }

    /// One of some kinds.
    static func kind(
        _ name: String, _ meaning: String, of names: [String], default defaultValue: Int = 0
    ) -> ParameterDescription {
        ParameterDescription(
            name, meaning: meaning, default: Double(defaultValue), range: 0...Double(max(0, names.count - 1)),
            isInteger: true, names: names)
    }

    /// A value as the method grammar writes it.
    package func format(_ value: Double) -> String {
        let place = Int(min(max(value - range.lowerBound, -1), 1e6))
        return names.indices.contains(place) ? names[place] : MethodSpec.format(value)
    }

    /// Yes (1) or no (0).
    static func flag(_ name: String, _ meaning: String, default defaultValue: Bool) -> ParameterDescription {
        ParameterDescription(
            name, meaning: meaning, unit: "(1 yes, 0 no)", default: defaultValue ? 1 : 0, range: 0...1,
            isInteger: true)
    }
}
