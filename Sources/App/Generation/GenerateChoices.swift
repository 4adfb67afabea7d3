import RopewalkGeneration
import RopewalkModels

/// How texts are continued, and what goes on of it.
package struct GenerateChoices: Equatable, Sendable {
    /// Tokens that follow at most.
    package var count = 100
    package var sampling = SamplingSettings.greedy
    /// What the text of this session is to be continued with, before it has begun.
    var pending: PendingGeneration?
    /// Nil where no text is being continued.
    package var running: GenerationProgress?
    /// Of the last one: what earlier ones report comes too late.
    var number = 0
}

/// A continuation that begins as soon as its session is on the screen.
struct PendingGeneration: Equatable, Sendable {
    /// The first token that follows; nil for what the model says.
    let first: Int32?
    /// What was read before of the tokens that are continued, and perhaps of others behind them.
    let recordings: Recordings?
}

/// How far a continuation is.
package struct GenerationProgress: Equatable, Sendable {
    /// Tokens that it was asked for, and that are there.
    package let count: Int
    package var done = 0
}
