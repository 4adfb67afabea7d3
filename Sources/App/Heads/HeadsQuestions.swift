import RopewalkLens
import RopewalkModels

/// The scores of all heads.
///
/// They are measured on the way, so that they are the run's, whatever is previewed on it.
struct HeadScoresQuestion: Question, Codable {
    let run: UInt64
    let kind: String
    let stage: RecordingStage

    init(_ recording: Recording) {
        run = recording.run
        kind = recording.kind.rawValue
        stage = RecordingStage(recording)
    }

    func answer(_ witness: Witness, _ answers: inout Answers) -> [HeadScore] { witness.lens?.headScores() ?? [] }
}

/// A small map of one head.
struct ThumbnailQuestion: Question, Codable {
    static var isSlow: Bool { true }

    let basis: Basis
    let stage: RecordingStage
    let layer: Int
    let head: Int
    /// Cells on one side.
    let side: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> MapImage? {
        witness.lens?.thumbnail(layer: layer, head: head, side: side, pooling: .mean)
    }
}
