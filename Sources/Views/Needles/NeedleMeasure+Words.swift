import RopewalkEvaluation
import RopewalkPhrases

extension NeedleMeasure {
    /// What a number of it is, with its unit.
    package var meaning: String {
        switch self {
        case .score: say("named of what is asked for, %")
        case .found: say("answers found whole, %")
        case .loss: say("loss of the answer, nats a token")
        case .choice: say("answers most likely of several, %")
        case .mass: say("attention of the strongest head on the needle, %")
        case .seen: say("tokens of the needle that heads see, %")
        }
    }

    /// Whether it goes from 0 to 100.
    var isShare: Bool { self != .loss }

    /// In five cells at most.
    package func text(_ value: Double?) -> String {
        guard let value else { return "·" }
        return Figures.fixed(value, isShare ? (self == .mass && value < 9.95 ? 1 : 0) : 2)
    }
}
