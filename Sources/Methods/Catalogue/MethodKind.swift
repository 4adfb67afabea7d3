/// Which line of the literature a method belongs to: finer than its family, which says what it changes.
package enum MethodKind: String, CaseIterable, Equatable, Sendable, Encodable {
    case position, window, selection, kernel, hierarchy, memory, recurrence, compression, ablation

    /// As a table names it.
    package var title: String { self == .memory ? "memories" : rawValue }

    /// What its methods have in common, in half a sentence.
    package var meaning: String {
        switch self {
        case .position: "where a token stands: angles, distances, biases"
        case .window: "which keys a query may see, by their places alone"
        case .selection: "which keys a query reads, by what queries and keys hold"
        case .kernel: "products of features in place of the softmax"
        case .hierarchy: "pieces that are read alone, then joined on a higher level"
        case .memory: "keys outside of the window, kept or fetched from a memory"
        case .recurrence: "a state that goes from segment to segment"
        case .compression: "a cache that gives keys up, or rounds them"
        case .ablation: "a part of the model that is left out"
        }
    }
}

extension Method {
    /// That of its family, where a method does not say otherwise.
    package static var kind: MethodKind { MethodKind(rawValue: description.family.rawValue) ?? .selection }
}

extension MethodDescription {
    /// Of the paper: the first number of four digits in the first part of the source that a year can be; nil where it names
    /// none, and where only relatives have one.
    package var year: Int? {
        source.prefix { $0 != ";" }.split { !$0.isNumber }.lazy.compactMap { $0.count == 4 ? Int($0) : nil }.first {
            (1990...2040).contains($0)
        }
    }
}
