import RopewalkLens
import RopewalkModels

/// What an answer stands on: a scenario on a kind of attention, and whether it is exact.
struct Basis: Hashable, Codable, Sendable {
    private let kind: String
    private let provenance: String
    /// What the scenario's methods do, word by word.
    private let identities: [String]
    /// The run of the second model; nil where the first one is asked.
    private let secondRun: UInt64?

    init(_ lens: Lens, ofSecond isSecond: Bool = false) {
        secondRun = isSecond ? lens.recording.run : nil
        kind = lens.recording.kind.rawValue
        provenance = lens.basis.rawValue
        identities = lens.scenario.identities
    }

    /// Whether the second model is asked.
    var isSecond: Bool { secondRun != nil }
}

/// One query in one head.
struct HeadQuery: Hashable, Codable, Sendable {
    let basis: Basis
    let layer: Int
    let head: Int
    let query: Int
}

/// How much is recorded: questions about all queries are asked again when it has doubled, and once more at the end.
struct RecordingStage: Hashable, Codable, Sendable {
    private let stage: Int

    init(_ recording: Recording) {
        stage = recording.isComplete ? .max : Int.bitWidth - recording.tokens.leadingZeroBitCount
    }
}
