import RopewalkLens
import RopewalkMethods

/// Which keys the mask lets a query see.
struct MaskRowQuestion: Question, Codable {
    let place: HeadQuery

    func answer(_ witness: Witness, _ answers: inout Answers) -> MaskRow? {
        witness.lens(place.basis)?.maskRow(layer: place.layer, head: place.head, query: place.query)
    }
}

/// Why a query sees a key, or does not.
struct ReasonQuestion: Question, Codable {
    let place: HeadQuery
    let key: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> VisibilityReason? {
        witness.lens(place.basis)?.reason(layer: place.layer, head: place.head, query: place.query, key: key)
    }
}

/// Which queries lose most by the mask.
struct SurveyQuestion: Question, Codable {
    static var isSlow: Bool { true }

    /// Queries that are listed.
    static let limit = 12

    let basis: Basis
    let stage: RecordingStage
    let layer: Int
    let head: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> MaskSurvey? {
        witness.lens(basis)?.maskSurvey(layer: layer, head: head, limit: Self.limit)
    }
}
