/// What a method changes.
package enum MethodFamily: String, CaseIterable, Equatable, Sendable {
    /// Where a token stands: rotation angles, biases.
    case position
    /// Which keys a query may see, by their places alone.
    case window
    /// Which keys a query may see, by what queries and keys hold.
    case selection
    /// How exactly the cache holds keys and values.
    case compression
}

/// One parameter of a method.
package struct ParameterDescription: Equatable, Sendable {
    /// The key in `name:key=value`, lower case with hyphens.
    package let name: String
    /// What it means, in half a sentence.
    package let meaning: String
    /// What it counts ("tokens", "times"); empty for a bare number.
    package let unit: String
    /// As published, or ours where the paper names none.
    package let defaultValue: Double
    package let range: ClosedRange<Double>
    package let isInteger: Bool

    package init(
        _ name: String, meaning: String, unit: String = "", default defaultValue: Double, range: ClosedRange<Double>,
        isInteger: Bool = false
    ) {
        self.name = name
        self.meaning = meaning
        self.unit = unit
        self.defaultValue = defaultValue
        self.range = range
        self.isInteger = isInteger
    }
}

/// A parameter that is a list of numbers, written with slashes: `globals=0/17`.
package struct ListDescription: Equatable, Sendable {
    package let name: String
    package let meaning: String
    /// What the numbers count; empty for bare numbers.
    package let unit: String
    /// Of each number.
    package let range: ClosedRange<Double>
    package let isInteger: Bool

    /// How long a list may be.
    package static let limit = 4096

    package init(
        _ name: String, meaning: String, unit: String = "", range: ClosedRange<Double>, isInteger: Bool = false
    ) {
        self.name = name
        self.meaning = meaning
        self.unit = unit
        self.range = range
        self.isInteger = isInteger
    }

    /// What one of its numbers must be.
    var element: ParameterDescription {
        ParameterDescription(
            name, meaning: meaning, unit: unit, default: range.lowerBound, range: range, isInteger: isInteger)
    }
}

/// What a method says of itself; command line, menus, help and documentation are made from it.
package struct MethodDescription: Equatable, Sendable {
    /// The name in the method grammar, lower case with hyphens, after the paper.
    package let name: String
    package let family: MethodFamily
    /// The name as a person writes it: "YaRN", "Λ-shaped window".
    package let title: String
    /// One sentence that explains the method.
    package let summary: String
    /// Paper and year.
    package let source: String
    package let parameters: [ParameterDescription]
    package let lists: [ListDescription]
    /// What it costs in time, as a formula in words (N tokens, d dimensions, W window ...).
    package let flops: String
    /// What it keeps in the key/value cache, likewise.
    package let memory: String

    package init(
        name: String, family: MethodFamily, title: String, summary: String, source: String,
        parameters: [ParameterDescription] = [], lists: [ListDescription] = [], flops: String, memory: String
    ) {
        self.name = name
        self.family = family
        self.title = title
        self.summary = summary
        self.source = source
        self.parameters = parameters
        self.lists = lists
        self.flops = flops
        self.memory = memory
    }
}
