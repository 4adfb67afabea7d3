import RopewalkMethods

/// A position method as it is in force on a text, for views that set several side by side.
package struct EncodedMethod: Sendable {
    /// "rope", "pi:factor=4"; with the model's name where there are several.
    package let title: String
    package let encoding: PositionEncoding
    /// What the model of this method was trained with.
    package let trained: TrainedRange
    /// Whether it is the one that the other panels show.
    package let isCurrent: Bool

    package init(title: String, encoding: PositionEncoding, trained: TrainedRange, isCurrent: Bool = false) {
        self.title = title
        self.encoding = encoding
        self.trained = trained
        self.isCurrent = isCurrent
    }

    var subspaces: Int { min(encoding.pieces[0].queries.inverseFrequencies.count, trained.inverseFrequencies.count) }
}

/// Whether training showed an angle.
enum Familiarity {
    case seen
    /// Larger than any in training, but the hand points where it pointed in training.
    case turnedFurther
    /// The hand points where it never pointed in training.
    case unseen

    init(_ trained: TrainedRange, subspace: Int, angle: Double) {
        if trained.isPhaseOutside(angle: angle, subspace: subspace) {
            self = .unseen
        } else {
            self = trained.isRawOutside(angle: angle, subspace: subspace) ? .turnedFurther : .seen
        }
    }

    /// The mark beside an angle.
    var mark: String {
        switch self {
        case .seen: " "
        case .turnedFurther: "+"
        case .unseen: "!"
        }
    }
}
