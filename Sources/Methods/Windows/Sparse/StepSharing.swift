import RopewalkPhrases

/// How the heads and layers of a sparse transformer share two steps, which together reach every key.
package enum StepSharing: Int, CaseIterable, Sendable {
    /// Every head takes both steps at once.
    case merged
    /// Heads with an even number take the first step, the others the second one.
    case separate
    /// Layers with an even number take the first step, the others the second one.
    case byLayer

    init(_ value: Double) { self = StepSharing(rawValue: Int(value)) ?? .merged }

    var value: Double { Double(rawValue) }

    /// The step of one head: 0 for both, 1 or 2; `own` where all heads take the same.
    func step(_ own: Int, in place: HeadPlace) -> Int {
        switch self {
        case .merged: own
        case .separate: place.head % 2 + 1
        case .byLayer: place.layer % 2 + 1
        }
    }

    /// What is wrong with a step that is the same for all where heads or layers take turns.
    func contradiction(step: Int) -> String? {
        guard self != .merged, step != 0 else { return nil }
        return say("step=\(step) is one step for all heads: leave it out, or write heads=merged")
    }
}

extension ParameterDescription {
    static var stepSharing: ParameterDescription {
        .kind(
            "heads",
            "merged: every head takes both steps, separate: heads in turn one of them, by-layer: layers in turn",
            of: ["merged", "separate", "by-layer"])
    }
}
