import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Testing

@testable import RopewalkApp

@Suite struct WorkTests {
    /// A small recording of the sample text under a scenario.
    private func recording(_ scenario: Scenario = .plain, tokens: Int? = nil) throws -> Recordings {
        let ids = try Samples.document().ids
        return try Recorder(model: Samples.model.get(), scenario: scenario, threads: 1)
            .record(ModelInputs(ids: Array(ids.prefix(tokens ?? ids.count))))
    }

    private func labels(_ effects: [Effect]) -> [String] { effects.map(\.label) }

    @Test func textAndModelLoadSideBySideAndTheRunFollows() throws {
        var state = AppState(size: Size(width: 80, height: 24))
        #expect(labels(state.update(.started)) == ["loadText", "loadModel"])
        let document = try Samples.document()
        #expect(labels(state.update(.sources(.textLoaded(document.text)))) == ["outline"])
        let loaded = state.update(.sources(.modelLoaded(try Samples.model.get())))
        #expect(labels(loaded) == ["tokenise", "measureCircuits"])
        #expect(labels(state.update(.sources(.tokenised(document)))) == ["run  \(document.tokenCount)"])
        #expect(state.runs.running?.total == document.tokenCount)
    }

    /// Heads of a model that takes a while are measured when its first tokens are there, those of a large one at the end;
    /// once.
    @Test func headsAreMeasuredWhenNobodyWaitsForIt() throws {
        #expect(
            [4 << 20, 135_000_000, 270_000_000].map { CircuitsTime(parameters: $0) } == [
                .first, .behindTheBeginning, .atTheEnd,
            ])
        var state = try Samples.stateWithModel()
        #expect(state.runs.hasAskedForCircuits)
        #expect(labels(state.update(.run(.finished(try recording())))) == [])
        state.runs.hasAskedForCircuits = false
        #expect(labels(state.measureCircuits(.behindTheBeginning)) == ["measureCircuits"])
        #expect(labels(state.measureCircuits(.atTheEnd)) == [])
    }

    @Test func theCursorStartsInsideOfTheFirstRecordingUnlessItWasMoved() throws {
        let recording = try recording()
        var state = try Samples.stateWithModel()
        _ = state.update(.run(.progressed(recording, seconds: 0.5)))
        #expect(state.focus.cursor == 64)
        #expect(state.runs.running?.percent == 100)
        var moved = try Samples.stateWithModel()
        try moved.press("l l")
        _ = moved.update(.run(.progressed(recording, seconds: 0.5)))
        #expect(moved.focus.cursor == 2)
    }

    @Test func aScenarioIsPreviewedThenReplacedByItsExactRun() throws {
        var state = try Samples.stateWithModel()
        _ = state.update(.run(.finished(try recording())))
        #expect(state.runs.running == nil && state.lens?.basis == .exact)
        let lambda = try Scenario(parsing: ["lambda:sink=4,window=16"])
        state.change(to: lambda)
        #expect(state.lens?.basis == .preview)
        let effects = state.update(.resized(Size(width: 100, height: 30))) + state.update(.run(.circuitsMeasured([])))
        #expect(labels(effects) == ["run lambda:sink=4,window=16 \(state.tokenCount)"])
        let part = try recording(lambda, tokens: 20)
        _ = state.update(.run(.progressed(part, seconds: 0.1)))
        #expect(state.lens?.basis == .preview, "the run has not reached the cursor")
        _ = state.update(.run(.finished(try recording(lambda))))
        #expect(state.lens?.basis == .exact && state.runs.running == nil)
        #expect(state.nextRun().isEmpty)
    }

    @Test func aKeyOfItsOwnStopsARunAndEGoesOn() throws {
        var state = try Samples.stateWithModel()
        #expect(labels(try state.press("X")) == ["cancelRun"])
        #expect(state.update(.run(.cancelled(.plain))).isEmpty)
        #expect(state.runs.running == nil && state.runs.isPaused)
        #expect(state.notice?.text.contains("before its first part") == true)
        #expect(try state.press("l j").isEmpty)
        #expect(labels(try state.press("e")).count == 1)
        #expect(state.runs.running != nil)
        // What ended by itself is nothing to stop.
        _ = state.update(.run(.finished(try recording())))
        #expect(try state.press("X").isEmpty && state.notice?.text == "nothing runs that could be stopped")
    }

    /// The key that closes things is pressed without thinking: it takes one thing after the other, and never work.
    @Test func escapeClosesWhatIsUppermostAndEndsNoRun() throws {
        var state = try Samples.stateWithModel()
        try state.press("Enter / text:alice Enter / text:qqqq Enter")
        #expect(state.notice != nil && state.focus.anchor == .token(0))
        #expect(try state.press("Escape").isEmpty && state.notice == nil)
        #expect(state.window.showsHits && state.focus.anchor == .token(0))
        #expect(try state.press("Escape").isEmpty && !state.window.showsHits && state.focus.anchor == .token(0))
        #expect(try state.press("? Escape").isEmpty && state.overlay == nil && state.focus.anchor == .token(0))
        #expect(try state.press("Escape").isEmpty && state.focus.anchor == .strongest(rank: 0))
        #expect(try state.press("Escape Escape").isEmpty && state.runs.running != nil)
        // The search itself is still there.
        try state.press("/ text:alice Enter Escape n")
        #expect(state.window.showsHits)
    }

    @Test func aStoppedRunGoesOnWithWhatItLeftBehind() throws {
        var state = try Samples.stateWithModel()
        var half: Recordings?
        let ids = Array(repeating: try Samples.document().ids, count: 6).flatMap { $0 }
        _ = try? Recorder(model: Samples.model.get(), threads: 1).record(ModelInputs(ids: ids)) {
            half = $0
            return false
        }
        let stopped = try #require(half)
        _ = state.update(.run(.progressed(stopped, seconds: 1)))
        try state.press("X")
        _ = state.update(.run(.cancelled(.plain)))
        #expect(state.notice?.text == "reading was stopped at token 512, from where e goes on")
        let effects = try state.press("e")
        guard case .run(.start(_, _, _, let after, _, _)) = try #require(effects.first) else {
            Issue.record("no run")
            return
        }
        #expect(after == stopped && state.runs.running?.first == 512 && state.runs.running?.tokensPerSecond == nil)
    }

    @Test func eRunsTheScenarioBeforeThePlainRunHasEnded() throws {
        var state = try Samples.stateWithModel()
        state.change(to: try Scenario(parsing: ["window:size=8"]))
        #expect(labels(try state.press("e")) == ["run window:size=8 \(state.tokenCount)"])
        #expect(state.update(.run(.cancelled(.plain))).isEmpty, "the replaced run leaves no trace")
        #expect(state.runs.running?.scenario.specs == ["window:size=8"])
    }

    @Test func aRunForAnAbandonedScenarioIsCancelled() throws {
        var state = try Samples.stateWithModel()
        _ = state.update(.run(.finished(try recording())))
        state.change(to: try Scenario(parsing: ["window:size=8"]))
        #expect(state.nextRun().map(\.label) == ["run window:size=8 \(state.tokenCount)"])
        #expect(labels(try state.press("y")) == ["cancelRun"])
        #expect(state.update(.run(.cancelled(try Scenario(parsing: ["window:size=8"])))).isEmpty)
    }

    @Test func failuresAreNoticesAndTheTextStaysReadable() throws {
        var state = AppState(size: Size(width: 80, height: 24))
        _ = state.update(.sources(.textLoaded(try Samples.document().text)))
        _ = state.update(.sources(.modelFailed("model.safetensors: byte 12: broken")))
        #expect(state.notice?.kind == .error)
        let lines = state.draw().lines
        #expect(lines.contains { $0.contains("byte 12") } && lines.contains { $0.contains("Alice") })
        try state.press("j")
        #expect(state.notice == nil)
        #expect(state.draw().lines.contains { $0.contains("No model") })
    }

    @Test func aFailedRunIsNotRepeatedByItself() throws {
        var state = try Samples.stateWithModel()
        #expect(state.update(.run(.failed(.plain, "layer 2 has a weight that is no number"))).isEmpty)
        #expect(try state.press("l").isEmpty && state.runs.running == nil)
    }

    @Test func theMostTellingHeadIsTakenUnlessTheUserChoseOne() throws {
        let scores = try Circuits.scores(of: Samples.model.get())
        var state = try Samples.stateWithModel()
        _ = state.update(.run(.circuitsMeasured(scores)))
        let best = try #require(scores.first { $0.layer == state.focus.layer && $0.head == state.focus.head })
        #expect(best.induction == scores.map(\.induction).max())
        var chosen = try Samples.stateWithModel()
        try chosen.press("]")
        _ = chosen.update(.run(.circuitsMeasured(scores)))
        #expect(chosen.focus.layer == 1 && chosen.focus.head == 0)
        try chosen.press("{ [ [ } } }")
        #expect(chosen.focus.layer == 1 && chosen.focus.head == 2)
    }

    @Test func memoryDecidesHowManyTokensAreRecorded() throws {
        let model = try Samples.model.get().traits
        let size = RecordingSize(model: model, scenario: .plain, tokens: 40_655)
        // Four layers of 8 queries, 4 keys and 4 values, the turned ones too, of 32 numbers and 7 a head; 256 + 1; 32 angles.
        let layer = (8 + 4 * 4) * 32 + 7 * 8
        #expect(size.bytesPerToken == Double(4 * (4 * layer + 256 + 1 + 32)))
        let room = MemoryRoom(size: size)
        #expect(room.tokens(40_655, available: nil) == 40_655)
        #expect(room.tokens(40_655, available: 8_589_934_592) == 40_655)
        let few = room.tokens(40_655, available: 314_572_800)
        #expect(few > 1_000 && few < 40_655)
        #expect(room.tokens(40_655, available: 0) == 1)
    }

    /// A run that memory limits is the whole of what the screen is about.
    @Test func memoryLimitsTheDocument() throws {
        var state = try Samples.stateWithModel()
        let all = state.tokenCount
        _ = state.update(.run(.limited(state.ownScenario, tokens: 40, wanted: all)))
        #expect(state.tokenCount == 40 && state.textTokenCount == all)
        #expect(state.runs.running?.total == 40 && state.notice?.kind == .warning)
        let window = try Scenario(parsing: ["window:size=8"])
        _ = state.update(.run(.limited(window, tokens: 20, wanted: 40)))
        #expect(state.tokenCount == 40, "an exact run that is shorter leaves the preview")
    }

    /// A run says how fast it is, when it will end, and when it reaches a cursor that it has not come to.
    @Test func aRunSaysHowFarItIs() throws {
        var state = try Samples.stateWithModel()
        try state.press("G")
        let part = try recording(tokens: 60)
        state.runs.running = RunProgress(scenario: .plain, done: 60, total: 200, seconds: 2)
        let run = try #require(state.runs.running)
        #expect(run.tokensPerSecond == 30 && run.percent == 30)
        let header = state.draw().lines[0]
        #expect(
            header.contains("reading \(run.percent) %") && header.contains("tokens/s") && header.contains("5 s left"))
        state.runs.kept.plain = part
        state.followRuns()
        #expect(state.draw().lines.contains { $0.contains("is reached in ") })
    }
}
