import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkApp

/// The keys about positions: parameters, subspaces, what the panels show, and the work that follows.
@Suite struct PositionTests {
    private func state(_ specs: String..., width: Int = 120, height: Int = 40) throws -> AppState {
        var state = try Samples.stateWithModel(width: width, height: height)
        state.change(to: try Scenario(parsing: specs))
        return state
    }

    @Test func parametersChangeAtOnceAndTheRunWaits() throws {
        var state = try state("yarn:factor=4", "lambda:sink=4,window=512")
        // Nothing runs and nothing is recorded, so that the plain run would come first; the pause holds it back too.
        state.runs.running = nil
        let effects = try state.press(".")
        #expect(effects.map(\.label) == ["pause"])
        #expect(state.scenario.position.values[0] == 5)
        #expect(state.parameterText?.hasPrefix("yarn factor") == true)
        try state.press("<")
        #expect(state.parameterText?.contains("lambda window") == true)
        try state.press(", ,")
        #expect(state.scenario.windows.first?.values == [4, 128])
        #expect(state.runs.pause == 3)
        // Only the last pause counts.
        #expect(state.update(.pauseEnded(1)).isEmpty && state.runs.pause == 3)
        #expect(state.update(.pauseEnded(3)).map(\.label).first?.hasPrefix("run") == true)
    }

    @Test func theEndsOfARangeAreSaid() throws {
        var state = try state("pi:factor=1")
        #expect(try state.press(",").isEmpty)
        #expect(state.notice?.text.contains("1 to 1,024") == true)
        try state.press("y .")
        #expect(state.notice?.text.contains("no parameters") == true)
        #expect(state.scenario.isPlain)
    }

    /// Every parameter of every method can be changed with the keys.
    @Test func everyParameterCanBeChanged() throws {
        for type in Catalogue.all {
            let count = type.description.parameters.count
            for index in 0..<count {
                guard let scenario = try? Scenario(parsing: [type.description.name]) else { continue }
                var state = try state()
                state.change(to: scenario)
                guard state.scenario == scenario, state.liveParameters.count == count else { continue }
                try state.press(String(repeating: "> ", count: index))
                let before = state.liveParameters[index].value
                try state.press(".")
                if state.liveParameters[index].value == before { try state.press(",") }
                let isChanged = state.liveParameters[index].value != before
                #expect(isChanged || state.notice != nil, "\(type.description.name) \(index)")
            }
        }
    }

    @Test func impossibleMethodsAreRefusedWithTheReason() throws {
        var state = try state()
        state.change(to: try Scenario(parsing: ["longrope:factor=4,long=1/2/3"]))
        #expect(state.scenario.isPlain)
        #expect(state.notice?.text.contains("longrope") == true)
    }

    @Test func modesGoRoundAndShowTheirPanel() throws {
        var state = try state(width: 200, height: 60)
        #expect(state.positions.rotation == .pair && state.layout.panels[.distance] == nil)
        try state.press("R")
        #expect(state.positions.rotation == .methods)
        try state.press("D")
        #expect(state.layout.panels[.distance] != nil)
        try state.press("R R L i i I")
        #expect(state.positions.rotation == .pair && state.losses.isLogarithmic)
        #expect(state.positions.subspace == 9 && state.layout.panels[.loss] != nil)
        try state.press(String(repeating: "i ", count: 30))
        #expect(state.positions.subspace == 15)
    }

    @Test func lossesAreMeasuredOneAfterTheOtherWhileTheyAreSeen() throws {
        var state = try state()
        #expect(!(try state.press("l")).contains { $0.label.hasPrefix("measureLoss") })
        let started = try state.press("F7").map(\.label).filter { $0.hasPrefix("measureLoss") }
        #expect(started == ["measureLoss rope 1x\(state.tokenCount)"])
        let question = try #require(state.losses.running)
        let loss = LossByPosition(means: Array(repeating: 4, count: state.tokenCount - 1), texts: 1)
        let next = state.update(.losses(.measured(question, loss))).map(\.label)
        #expect(next.contains { $0.hasPrefix("measureLoss pi:factor=2") })
        let second = try #require(state.losses.running)
        #expect(state.update(.losses(.failed(second, "no room"))).contains { $0.label.hasPrefix("measureLoss ntk") })
        #expect(state.losses.answer(to: second)?.problem == "no room")
        // X stops the run first, then the measurement; Ctrl-E goes on.
        state.runs.running = nil
        state.runs.isPaused = true
        #expect(try state.press("X").map(\.label) == ["cancelLosses"])
        let third = try #require(state.losses.running)
        #expect(state.update(.losses(.failed(third, nil))).isEmpty && state.losses.running == nil)
        #expect(try state.press("Ctrl-E").map(\.label) == ["measureLoss pi:factor=2 1x\(state.tokenCount)"])
    }

    @Test func aSecondModelNeedsTheSameTokens() throws {
        var state = AppState(size: Size(width: 120, height: 40))
        state.second = SecondModel()
        #expect(state.update(.started).map(\.label) == ["loadText", "loadModel", "loadBeside"])
        let document = try Samples.document()
        _ = state.update(.sources(.textLoaded(document.text)))
        let model = try Samples.model.get()
        _ = state.update(.sources(.modelLoaded(model)))
        let effects = state.update(.second(.loaded(model, hasSameTokens: false)))
        #expect(!effects.contains { $0.label == "admitBeside" })
        #expect(state.update(.sources(.tokenised(document))).map(\.label).contains("admitBeside"))
        #expect(state.contenders.allSatisfy { !$0.isSecond })
        // It reads when the first one has.
        #expect(!state.update(.second(.admitted(nil))).map(\.label).contains("readBeside"))
        let recordings = try Recorder(model: model, threads: 1).record(ModelInputs(ids: document.ids))
        #expect(state.update(.run(.finished(recordings))).map(\.label).contains("readBeside"))
        #expect(!(try state.press("l")).map(\.label).contains("readBeside"))
        #expect(state.contenders.last?.isSecond == true)
        _ = state.update(.second(.failed("other tokens")))
        #expect(state.contenders.allSatisfy { !$0.isSecond } && state.notice?.text == "other tokens")
    }

    @Test func aSecondModelWithOtherTokensStandsInLossByBytes() throws {
        var player = try SecondSamples.player(width: 140, height: 44, beside: SecondSamples.other)
        #expect(player.state.notice?.text.contains("stands beside the first model in Loss alone, by bytes") == true)
        player.play(try KeyScript(parsing: "F7 wait"))
        #expect(player.state.second?.recording == nil)
        let contenders = player.state.contenders
        #expect(contenders.last?.isSecond == true)
        let losses = try contenders.map { contender in
            let question = try #require(player.state.question(contender))
            return try #require(player.state.losses.answer(to: question)?.loss?.perByte)
        }
        // All but what one of the two does not predict: the bytes of a first token.
        let bytes = Samples.prose.utf8.count
        #expect(Set(losses.map(\.count)).count == 1 && (bytes - 16...bytes).contains(losses[0].count))
        #expect(losses.allSatisfy { $0.allSatisfy { $0.isFinite && $0 >= 0 } && $0.reduce(0, +) > 0 })
        let lines = player.frame().lines
        #expect(lines.contains { $0.contains("nats per byte") })
        #expect(lines.contains { $0.contains("other tokens, same bytes") })
    }

    @Test func aSecondModelThatCannotBeReadIsAnError() throws {
        #expect(throws: AppError.self) {
            try SecondSamples.player(width: 80, height: 24) { try Model(contentsOf: Fixture.path("hf/llama_tied")) }
        }
    }

    @Test func theScreenShowsWhatWasMeasured() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: "p wait R D D"))
        let lines = player.frame().lines
        #expect(lines.contains { $0.contains("[6] Loss") } && lines.contains { $0.contains("[7] Distance") })
        #expect(lines.contains { $0.contains("rerope") })
        #expect(player.state.losses.measured.count == player.state.contenders.count)
        #expect(lines.contains { $0.contains("itself") })
    }

    /// In the table of all methods those whose published numbers are of another model have numbers that fit this one.
    @Test func theTableOfMethodsFitsTheModel() throws {
        let state = try state()
        let question = try #require(MethodsQuestion(state))
        var answers = Answers()
        answers.begin(state)
        let methods = answers.answer(to: CatalogueQuestion(methods: question)).map(\.title)
        for title in ["leaky-rerope:window=256", "distance-limit:window=511", "self-extend:group=8,window=128"] {
            #expect(methods.contains(title), "\(methods)")
        }
    }

    /// What the table leaves free of a high panel shows its selected subspace over all distances.
    @Test func aHighPanelHasCurvesBelowItsTable() throws {
        for (size, hasCurves) in [(Size(width: 200, height: 60), true), (Size(width: 120, height: 40), false)] {
            var player = try Samples.player(size)
            player.play(try KeyScript(parsing: ": text:40 Enter i"))
            let lines = player.frame().lines
            #expect(lines.contains { $0.contains("Subspace 9 over all distances") } == hasCurves)
            #expect(!hasCurves || lines.contains { $0.contains("i subspace, fastest first") })
            #expect(!hasCurves || lines.contains { $0.contains("furthest in training") })
        }
    }
}
