import RopewalkPhrases

/// How a shown number came about; the screen says it, so that no approximation passes for the exact value.
public struct Provenance: Equatable, Sendable {
    /// What an answer was computed from.
    public enum Basis: String, Equatable, Sendable {
        /// From a full run with the scenario.
        case exact
        /// The scenario applied to one layer on the states that the plain run recorded.
        case preview
    }

    /// Whether the scenario's own run stands behind it.
    public var basis: Basis
    /// One query in so many was computed; 1 where all were.
    public var sampling: Int
    /// Whether the recording keeps queries, keys and values in half precision: then the number is near that one.
    public var isRounded: Bool
    /// Whether weights alone are given, which another program has computed: nothing of them is a run of this program.
    public var isGiven: Bool

    package static let exact = Provenance(basis: .exact)

    package init(basis: Basis, sampling: Int = 1, isRounded: Bool = false, isGiven: Bool = false) {
        self.basis = basis
        self.sampling = sampling
        self.isRounded = isRounded
        self.isGiven = isGiven
    }

    /// "exact", "f16 recording", "preview", "preview of f16", "given maps", "preview of given maps".
    package var words: String {
        if isGiven { return basis == .exact ? say("given maps") : say("preview of given maps") }
        return switch basis {
        case .exact: isRounded ? say("f16 recording") : say("exact")
        case .preview: isRounded ? say("preview of f16") : say("preview")
        }
    }
}
