import RopewalkCellGrid
import RopewalkEvaluation
import RopewalkViews
import Testing

@testable import RopewalkApp

@Suite struct NeedlePageTests {
    /// A map for every contender, all of it read; what is opened is the prompt with the needle as anchor.
    @Test func needlesAreReadAndOpened() throws {
        var player = try Samples.player(Size(width: 160, height: 50))
        player.play(try ActionScript(parsing: "panel show loss; loss.page needles; wait"))
        #expect(player.refusals.isEmpty)
        let state = player.state
        #expect(state.needles.running == nil && state.losses.page == .needles)
        let contenders = state.needleContenders
        #expect(contenders.count > 2 && state.isCurrent(contenders[0]))
        for contender in contenders {
            let question = try #require(state.needleQuestion(contender))
            let answer = try #require(state.needles.answer(to: question))
            #expect(answer.problem != nil || answer.outcomes.count == question.plan.count)
            #expect(question.plan.lengths == [256] && question.plan.depths == [0, 25, 50, 75, 100])
        }
        let screen = player.frame().lines.joined(separator: "\n")
        #expect(screen.contains("passkey · ") && screen.contains("depth %"))
        player.play(try ActionScript(parsing: "needle.move +2 +5; needle.measure mass; needle.open; wait"))
        let opened = player.state
        #expect(opened.sessions.entries.count == 2 && opened.tokenCount == 256)
        let keys = try #require(opened.spans.keys)
        #expect(opened.focus.anchor == .token(keys.first) && opened.focus.cursor > keys.last)
        #expect(opened.sources.text.value?.name.contains("passkey, 256 tokens, depth 50 %") == true)
        let document = try #require(opened.sources.document.value)
        let needle = keys.tokens.flatMap { document.bytes(ofToken: $0) }
        #expect(String(decoding: needle, as: UTF8.self).contains("The pass key is"))
        #expect(opened.runs.kept.plain?.main?.isComplete == true)
        // The page still speaks of the text that the prompt is made of, and says so: nothing is hidden in a prompt.
        let first = try #require(opened.needleQuestion(opened.needleContenders[0]))
        #expect(first.edition == state.sources.edition && first.plan.lengths == [256])
        #expect(opened.needles.answer(to: first) == state.needles.answer(to: first))
        #expect(player.frame().lines.joined(separator: "\n").contains("not in this prompt"))
    }

    @Test func keysAreThoseOfThePage() throws {
        var state = try Samples.stateWithModel()
        _ = state.perform(.panels(.show(.loss)))
        state.panels.focus(.loss)
        let cursor = state.focus.cursor
        try state.press("l")
        #expect(state.focus.cursor == cursor + 1 && state.losses.page == .positions)
        try state.press("t j j + r")
        #expect(state.losses.page == .needles && state.focus.cursor == cursor + 1)
        #expect(state.needles.selected == .init(line: 0, cell: .init(row: 2, column: 0)))
        #expect(state.needles.task.kind == .magicNumber && state.needles.measure == .found)
        // From the last row of a map to the first of the next one, and no further than there are any.
        try state.press("j j j")
        #expect(state.needles.selected == .init(line: 1, cell: .init(row: 0, column: 0)))
        try state.press("k k k k k k k k k k l l")
        #expect(state.needles.selected == .init(line: 0, cell: .init(row: 0, column: 0)))
        try state.press("- T")
        #expect(state.needles.task.kind == .passkey && state.losses.page == .positions)
    }

    @Test func aTaskIsTakenByItsSpec() throws {
        var state = try Samples.stateWithModel()
        _ = state.perform(.needles(.task("vt:hops=2")))
        #expect(state.needles.task.spec == "vt:hops=2" && state.losses.page == .needles)
        _ = state.perform(.needles(.task("nothing")))
        #expect(state.notice?.isRefusal == true && state.needles.task.spec == "vt:hops=2")
        _ = state.perform(.needles(.turn(-1)))
        #expect(state.needles.task.kind == .multiQuery)
        for _ in 0..<30 { _ = state.perform(.needles(.turn(1))) }
        #expect(state.needles.task.kind != .own)
    }

    /// Stopped, nothing is read until it is asked for again.
    @Test func readingCanBeStopped() throws {
        var state = try Samples.stateWithModel()
        _ = state.perform(.panels(.show(.loss)))
        let effects = state.take(.asked(.losses(.page(.needles))))
        #expect(effects.contains { if case .needles(.read) = $0 { true } else { false } })
        let running = try #require(state.needles.running)
        state.runs.running = nil
        let stopping = state.take(.asked(.program(.stop)))
        #expect(stopping.contains { if case .needles(.cancel) = $0 { true } else { false } } || state.runs.isPaused)
        _ = state.cancelLosses()
        _ = state.take(.needles(.failed(running, nil)))
        #expect(state.needles.running == nil && state.losses.isPaused)
        #expect(state.nextNeedles().isEmpty)
        _ = state.perform(.losses(.measure))
        #expect(!state.nextNeedles().isEmpty)
    }
}
