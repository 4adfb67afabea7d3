import RopewalkLens
import RopewalkMethods
import RopewalkModels

/// What runs over the text have left behind, and the one that goes on.
package struct Runs: Equatable, Sendable {
    package internal(set) var kept = KeptRuns()
    /// The kept recordings under the scenario; kept too, because a changed position method costs a table of all angles.
    var lenses = ScenarioLenses()
    /// Head scores on repeated random tokens; empty until they are measured.
    package var circuits: [HeadScore] = []
    /// Whether they are being measured, or have been.
    var hasAskedForCircuits = false
    /// Whether they are measured before anything is read: then they say which head is shown first.
    var awaitsCircuits = false
    /// The run that has not ended; nil where there is none.
    package var running: RunProgress?
    /// Whether the user cancelled the run, so that it begins again only when asked for.
    package var isPaused = false {
        didSet { if !isPaused { failure = nil } }
    }
    /// Why the last run failed; nil where it did not, or another one is asked for.
    package var failure: String?
    /// What could not be read of the recording in files that is open; nil where all was.
    package internal(set) var damage: String?
    /// A parameter has just been changed: the exact run waits until this pause has ended.
    var pause: Int?
    var pauseCount = 0
    /// What was read of the text before it was changed: what both begin with is not read again.
    var shared: Recordings?
    /// Whether memory was short for the run that goes on, and other sessions have given up theirs since.
    var isCramped = false
    /// Another part of the text that is about to be read.
    var entering: EnteringPart?
    var partCount = 0
    /// How long the last run took; nil before there is one.
    var pace: RunPace?
}

/// The recordings that previews and exact answers stand on.
package struct KeptRuns: Equatable, Sendable {
    /// With the model's own scenario; every preview stands on it.
    package var plain: Recordings?
    /// With the last scenario that was run.
    package var exact: Recordings?
}

/// A run over the text that has not ended.
package struct RunProgress: Equatable, Sendable {
    package let scenario: Scenario
    /// Tokens that were recorded before it began.
    package var first = 0
    package var done = 0
    /// Tokens that are shown ahead of the first chunk, and are read again in it.
    var begun = 0
    package var total: Int
    package var seconds = 0.0
    /// How it grows with the tokens.
    var growth = RunPace()

    /// Seconds until `token` is recorded; nil before the first chunk.
    package func seconds(until token: Int) -> Double? {
        guard done > first, seconds > 0, token >= done else { return nil }
        let linear = seconds * Double(token + 1 - done) / Double(done - first)
        return growth.seconds(from: done, to: token + 1) ?? linear
    }

    /// What a snapshot says.
    mutating func advance(to tokens: Int, of total: Int, seconds: Double) {
        done = tokens
        self.total = total
        self.seconds = seconds
        growth.note(tokens: tokens, seconds: seconds)
    }

    /// Goes on behind tokens that another run has recorded.
    mutating func goOn(after tokens: Int) {
        (first, done) = (tokens, tokens)
        growth = growth.after(tokens)
    }

    /// At the speed so far; nil before the first snapshot.
    package var tokensPerSecond: Int? {
        guard done > first, seconds > 0 else { return nil }
        return Int(min(Double(done - first) / seconds, 1e9))
    }

    /// The part that is recorded, rounded down.
    package var percent: Int { total > 0 ? 100 * max(done, begun) / total : 0 }
}

extension Recordings {
    /// Nil before anything is recorded.
    package var scenario: Scenario? { main?.scenario }
}
