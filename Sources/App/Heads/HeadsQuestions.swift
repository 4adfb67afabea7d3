import RopewalkLens
import RopewalkModels

/// The scores of all heads, head after head: those of a long text take longer than a frame.
///
/// They are measured on the way, so that they are the run's, whatever is previewed on it.
struct HeadScoresQuestion: DeepeningQuestion, Codable {
    let run: UInt64
    let kind: String
    let stage: RecordingStage

    init(_ recording: Recording) {
        run = recording.run
        kind = recording.kind.rawValue
        stage = RecordingStage(recording)
    }

    func answer(_ witness: Witness, _ answers: inout Answers) -> HeadScoreWalk? {
        witness.lens.map { HeadScoreWalk($0) }
    }

    func isComplete(_ answer: HeadScoreWalk?) -> Bool { answer?.isComplete ?? true }
    func deepen(_ answer: inout HeadScoreWalk?, _ witness: Witness) { answer?.next() }
}

/// The keys that the heads of a layer rest on, head by head, whatever is previewed on the run.
struct SinkKeysQuestion: Question {
    let scores: HeadScoresQuestion
    let layer: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> [Set<Int>] {
        guard let lens = witness.lens else { return [] }
        return (0..<lens.recording.shape.heads).map { lens.sinkKeys(layer: layer, head: $0) }
    }
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
