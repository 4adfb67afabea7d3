import RopewalkCellGrid
import RopewalkDocuments
import RopewalkMethods
import RopewalkModels
import Testing

@testable import RopewalkApp

@Suite struct ScreenPlayerTests {
    @Test func everyRunHasEndedBeforeTheNextKey() throws {
        var player = try ScreenPlayer(
            state: AppState(size: Size(width: 120, height: 40)), inputs: Samples.inputs())
        #expect(player.state.runs.kept.plain?.main?.isComplete == true && player.state.runs.running == nil)
        try player.play(KeyScript(parsing: "l l m j j j j j j Enter Escape"))
        #expect(!player.state.scenario.isPlain)
        #expect(player.state.runs.kept.exact?.scenario == player.state.scenario)
        #expect(player.state.lens?.basis == .exact)
        let first = player.frame()
        #expect(first == player.frame(), "no time and no chance in a frame")
        #expect(first.lines[0].contains("exact"))
    }

    @Test func withoutWaitingTheScreenSaysWhatIsStillToCome() throws {
        var player = try ScreenPlayer(
            state: AppState(size: Size(width: 120, height: 40)), inputs: Samples.inputs(), waits: false)
        #expect(player.state.runs.kept.plain == nil)
        #expect(player.frame().lines[0].contains("reading 0 %"))
        try player.play(KeyScript(parsing: "j wait"))
        #expect(player.state.runs.kept.plain?.main?.isComplete == true)
        #expect(player.frame().lines[0].contains("exact"))
    }

    @Test func whatCannotBeLoadedIsThrownAsOneLine() {
        var inputs = Samples.inputs()
        inputs.loadText = { try SourceText(contentsOf: "/no/such/text") }
        #expect(throws: AppError.self) {
            try ScreenPlayer(state: AppState(size: Size(width: 80, height: 24)), inputs: inputs)
        }
        let modelless = ProgramInputs(
            loadText: inputs.loadText, loadModel: { try Model(contentsOf: "/no/such/model") },
            tokenise: Samples.inputs().tokenise)
        do {
            _ = try ScreenPlayer(state: AppState(size: Size(width: 80, height: 24)), inputs: modelless)
        } catch {
            #expect(error.description.contains("/no/such/") && !error.description.contains("\n"))
        }
    }

    @Test func quitEndsAScript() throws {
        var player = try Samples.player(Size(width: 80, height: 24))
        try player.play(KeyScript(parsing: "j q size:10x10"))
        #expect(player.hasQuit && player.state.size == Size(width: 80, height: 24))
    }

    /// The loop of the terminal program: background threads post, the loop drains.
    @Test(.timeLimit(.minutes(1))) func theLoopFillsInWhileItRuns() async throws {
        let (signals, wake) = AsyncStream<Void>.makeStream()
        var loop = AppLoop(state: AppState(size: Size(width: 100, height: 30)), inputs: Samples.inputs()) {
            wake.yield()
        }
        #expect(loop.frame().size == Size(width: 100, height: 30))
        for await _ in signals {
            _ = loop.drainMessages()
            if loop.state.runs.kept.plain?.main?.isComplete == true, loop.state.runs.running == nil { break }
        }
        #expect(loop.frame().lines[0].contains("exact"))
        #expect(loop.handle(.key(.control("z"))) == .suspend)
        #expect(loop.handle(.key(.character("q"))) == .quit)
    }

    /// A script waits for the tokens, and at `wait` for the end of what runs.
    @Test(.timeLimit(.minutes(1))) func theLoopPlaysAScript() async throws {
        let (signals, wake) = AsyncStream<Void>.makeStream()
        let script = try ActionScript(parsing: "goto token 17; wait; method window:size=8; wait; anchor.here; quit")
        var loop = AppLoop(
            state: AppState(size: Size(width: 100, height: 30)), inputs: Samples.inputs(), script: script
        ) { wake.yield() }
        for await _ in signals where loop.drainMessages().request == .quit { break }
        #expect(loop.state.focus.cursor == 17 && loop.state.lens?.basis == .exact)
        #expect(loop.state.runs.kept.exact?.scenario?.specs == ["window:size=8"])
        #expect(loop.state.focus.anchor == .token(17))
    }

    @Test(.timeLimit(.minutes(1))) func aCancelledRunReportsItself() async throws {
        let (messages, post) = AsyncStream<Message>.makeStream()
        let runner = EffectRunner(inputs: Samples.inputs()) { post.yield($0) }
        let ids = [Int32](repeating: 5, count: 2_000)
        runner.start(.run(.start(.plain, try Samples.model.get(), ids: ids, after: nil)))
        runner.cancel()
        for await message in messages {
            if case .run(.finished) = message { Issue.record("the run went on to its end") }
            if case .run(.cancelled) = message { break }
        }
    }

    /// What takes longer than a frame comes after it, and then the frame is that of a screen without a terminal.
    @Test func deferredAnswersComeToTheSameFrame() throws {
        var state = try Samples.stateWithModel()
        _ = state.update(
            .run(
                .finished(
                    try Recorder(model: Samples.model.get(), threads: 1)
                        .record(ModelInputs(ids: Samples.document().ids)))))
        try state.press("p p p")
        var patient = Answers()
        var quick = Answers()
        let first = quick.frame(of: state, deferring: true)
        #expect(quick.isUnsettled)
        while !quick.settle() {}
        let settled = quick.frame(of: state, deferring: true)
        let whole = patient.frame(of: state)
        #expect(!quick.isUnsettled && !patient.isUnsettled)
        #expect(settled == whole && first != whole)
    }
}
