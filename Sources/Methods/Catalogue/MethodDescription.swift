/// What a method changes.
public enum MethodFamily: String, CaseIterable, Equatable, Sendable {
    /// Where a token stands: rotation angles, biases.
    case position
    /// Which keys a query may see, by their places alone.
    case window
    /// Which keys a query may see, by what queries and keys hold.
    case selection
    /// What takes the place of the softmax.
    case kernel
    /// How exactly the cache holds keys and values.
    case compression
    /// What of the model is left out.
    case ablation
}

/// One parameter of a method.
public struct ParameterDescription: Equatable, Sendable {
    /// The key in `name:key=value`, lower case with hyphens.
    public let name: String
    /// What it means, in half a sentence.
    public let meaning: String
    /// What it counts ("tokens", "times"); empty for a bare number.
    public let unit: String
    /// As published, or ours where the paper names none.
    public let defaultValue: Double
    /// The values that it takes.
    public let range: ClosedRange<Double>
    /// Whether it takes whole numbers alone.
    public let isInteger: Bool
    /// What its values are called where they are kinds and no counts, from the lowest on; empty for numbers.
    public let names: [String]

    package init(
        _ name: String, meaning: String, unit: String = "", default defaultValue: Double, range: ClosedRange<Double>,
        isInteger: Bool = false, names: [String] = []
    ) {
        self.name = name
        self.meaning = meaning
        self.unit = unit
        self.defaultValue = defaultValue
        self.range = range
        self.isInteger = isInteger
        self.names = names
    }
}

/// A parameter that is a list of numbers, written with slashes: `globals=0/17`.
public struct ListDescription: Equatable, Sendable {
    /// The key in `name:key=value/value`, lower case with hyphens.
    public let name: String
    /// What it means, in half a sentence.
    public let meaning: String
    /// What the numbers count; empty for bare numbers.
    public let unit: String
    /// Of each number.
    public let range: ClosedRange<Double>
    /// Whether it takes whole numbers alone.
    public let isInteger: Bool

    /// How long a list may be.
    public static let limit = 4096

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
public struct MethodDescription: Equatable, Sendable {
    /// The name in the method grammar, lower case with hyphens, after the paper.
    public let name: String
    /// What it changes.
    public let family: MethodFamily
    /// The name as a person writes it: "YaRN", "Λ-shaped window".
    public let title: String
    /// One sentence that explains the method.
    public let summary: String
    /// Paper and year.
    public let source: String
    /// In the order of the method grammar.
    public let parameters: [ParameterDescription]
    /// Parameters that are lists of numbers.
    public let lists: [ListDescription]
    /// What it costs in time, as a formula in words (N tokens, d dimensions, W window ...).
    public let flops: String
    /// What it keeps in the key/value cache, likewise.
    public let memory: String

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
