import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkViews

/// Something that happened: to the program, or in the work it started.
package enum Message: Sendable {
    case started
    case keyPressed(Key)
    case mouseUsed(Mouse)
    case resized(Size)
    case textLoaded(SourceText)
    case textFailed(String)
    case modelLoaded(Model)
    case modelFailed(String)
    case tokenised(Document)
    case tokenisingFailed(String)
    /// Memory has room for the first `tokens` of `wanted` only.
    case runLimited(Scenario, tokens: Int, wanted: Int)
    case recordingProgressed(Recordings, seconds: Double)
    case runFinished(Recordings)
    case runCancelled(Scenario)
    case runFailed(Scenario, String)
    case circuitsMeasured([HeadScore])
    case lossProgressed(LossQuestion, done: Int)
    case lossMeasured(LossQuestion, LossByPosition)
    /// Nil: cancelled.
    case lossFailed(LossQuestion, String?)
    case pauseEnded(Int)
    case besideLoaded(Model)
    case besideAdmitted
    case besideFailed(String)
    case besideRead(Recording)
    /// With the name of the question.
    case maskStudied(String, MaskStudy)
    case methodsRead(Scenario, MaskUse)
    case methodsFailed(String, MaskUse)

    package init(_ event: InputEvent) {
        switch event {
        case .key(let key): self = .keyPressed(key)
        case .mouse(let mouse): self = .mouseUsed(mouse)
        case .resize(let size): self = .resized(size)
        }
    }
}
