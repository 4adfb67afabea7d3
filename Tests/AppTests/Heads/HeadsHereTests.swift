import RopewalkCellGrid
import Testing

@testable import RopewalkApp

@Suite struct HeadsHereTests {
    /// One key sorts, Enter takes: the head that is taken gives the pair more weight than any other.
    @Test func theHeadThatLooksThereIsTwoKeysAway() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: ": text:60 Enter a H"))
        #expect(player.state.heads.order == .weight && player.state.panels.focused == .heads)
        guard case .token(let key) = player.state.focus.anchor else {
            Issue.record("the anchor stays")
            return
        }
        let lens = try #require(player.state.lens)
        let weights = try #require(lens.placeWeights(query: 60, keys: key..<key + 1))
        let best = try #require(weights.indices.max { weights[$0] < weights[$1] })
        #expect(player.state.heads.selected == HeadIndex(layer: best / 8, head: best % 8))
        player.play(try KeyScript(parsing: "Enter"))
        #expect(player.state.focus.layer == best / 8 && player.state.focus.head == best % 8)
        #expect(player.state.focus.anchor == .token(key))
    }

    @Test func theListIsWalkedDownAndUp() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: ": text:60 Enter H"))
        let first = player.state.heads.selected
        player.play(try KeyScript(parsing: "a"))
        #expect(player.state.heads.selected != first)
        player.play(try KeyScript(parsing: "A A A"))
        #expect(player.state.heads.selected == first)
    }

    /// Another pair has another strongest head, which is selected then; a step past the last head says so.
    @Test func anotherPairBeginsAtItsStrongestHead() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: ": text:60 Enter H a a a : text:100 Enter"))
        guard case .token(let key) = player.state.focus.anchor else {
            Issue.record("the anchor stays")
            return
        }
        let lens = try #require(player.state.lens)
        let weights = try #require(lens.placeWeights(query: 100, keys: key..<key + 1))
        let best = try #require(weights.indices.max { weights[$0] < weights[$1] })
        #expect(player.state.heads.selected == HeadIndex(layer: best / 8, head: best % 8))
        player.play(try KeyScript(parsing: "a : text:100 Enter"))
        #expect(player.state.heads.selected != HeadIndex(layer: best / 8, head: best % 8), "the pair is the same")
    }

    @Test func theLastHeadIsSaid() throws {
        var state = try Samples.player().state
        _ = state.update(.asked(.focus(.take(HeadIndex(layer: 3, head: 7)))))
        _ = state.update(.asked(.focus(.head(1))))
        #expect(state.notice?.text == "L3 H7 is the last head")
        _ = state.update(.asked(.focus(.layer(1))))
        #expect(state.notice?.text == "L3 is the last layer")
        _ = state.update(.asked(.focus(.head(-99))))
        #expect(state.notice == nil && state.head == HeadIndex(layer: 0, head: 0))
        _ = state.update(.asked(.focus(.head(-1))))
        #expect(state.notice?.text == "L0 H0 is the first head")
    }

    /// By value, and back; the border says the pair.
    @Test func aSecondTimeSortsByWhatIsAdded() throws {
        var player = try Samples.player(Size(width: 80, height: 24))
        player.play(try KeyScript(parsing: ": text:60 Enter H H"))
        #expect(player.state.heads.order == .value)
        #expect(player.frame().lines.contains { $0.contains("r: by value 60 → ") })
        #expect(player.frame().lines.contains { $0.contains(" stays: Escape frees it") })
        player.play(try KeyScript(parsing: "H"))
        #expect(player.state.heads.order == .weight)
    }

    /// After o the anchor comes later: then it is the one that reads.
    @Test func aLaterAnchorIsTheOneThatReads() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: ": text:60 Enter o H"))
        guard case .token(60) = player.state.focus.anchor else {
            Issue.record("the cursor became the anchor")
            return
        }
        let cursor = player.state.focus.cursor
        #expect(cursor < 60)
        #expect(player.frame().lines.contains { $0.contains("weight 60 → \(cursor)") })
    }

    /// By value every layer has to be looked at: the key does not wait for that, and the order follows.
    @Test func byValueNoKeyWaits() throws {
        var state = try Samples.player().state
        try state.press(": text:60 Enter H")
        state.heads.order = .value
        var answers = Answers()
        guard case .rankedHead(nil) = answers.finding(.rankedHead(.first), in: state, deferring: true) else {
            Issue.record("it was worked out at once")
            return
        }
        #expect(answers.isUnsettled)
        while !answers.settle() {}
        guard case .rankedHead(let best?) = answers.finding(.rankedHead(.first), in: state, deferring: true) else {
            Issue.record("what was settled is not kept")
            return
        }
        #expect(best == answers.head(.first, in: state))
    }

    @Test func nothingIsSortedBeforeAnythingIsRead() throws {
        var state = try Samples.stateWithModel()
        try state.press("H")
        #expect(state.heads.order == .measure(5) && state.notice?.text.contains("not read yet") == true)
    }

    /// What is not known when the key is pressed is selected when it is, unless a key has moved the selection since.
    @Test func theStrongestHeadIsWaitedFor() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: ": text:60 Enter H"))
        let best = try #require(player.state.heads.selected)
        for moves in [false, true] {
            var state = player.state
            state.heads.selected = nil
            _ = state.update(.found(.rankedHead(nil)))
            #expect(state.heads.awaitsFirst && state.heads.selected == nil)
            if moves { _ = state.update(.asked(.heads(.select(Steps(rows: 1, columns: 0))))) }
            #expect(state.heads.awaitsFirst == !moves)
            _ = state.update(.found(.rankedHead(best)))
            #expect(!state.heads.awaitsFirst && state.heads.selected == best)
        }
    }
}
