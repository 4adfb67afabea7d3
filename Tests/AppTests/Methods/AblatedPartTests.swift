import RopewalkCellGrid
import RopewalkMethods
import Testing

@testable import RopewalkApp

/// Leaving out what is looked at, and taking it back.
struct AblatedPartTests {
    private func ask(_ state: inout AppState, _ actions: String...) throws {
        for action in actions { state.take(.asked(try Action(parsing: action))) }
    }

    @Test func theHeadAndLayerThatAreLookedAtAreLeftOutAndTakenBack() throws {
        var state = try Samples.stateWithModel()
        (state.focus.layer, state.focus.head) = (2, 1)
        try ask(&state, "ablate.head")
        #expect(state.scenario.ablations == [Ablation(layers: [2], heads: [1])])
        state.focus.layer = 0
        try ask(&state, "ablate.attention", "ablate.feed-forward")
        #expect(state.scenario.specs == ["ablate:layers=2,heads=1", "ablate:layers=0", "ablate:feed-forward=0"])
        #expect(try Action(parsing: "ablate.attention").standing(in: state) == "left out")
        #expect(try Action(parsing: "ablate.head").standing(in: state) == "there")
        try ask(&state, "ablate.attention")
        #expect(state.scenario.specs == ["ablate:layers=2,heads=1", "ablate:feed-forward=0"])
    }

    @Test func nothingIsLeftOutWithoutAModel() throws {
        var state = try Samples.state()
        try ask(&state, "ablate.head")
        #expect(state.scenario.isPlain && state.notice != nil)
    }

    /// The menu keeps what is chosen, and takes other numbers.
    @Test func theMenuHasItsLists() throws {
        let scenario = try Scenario(parsing: ["ablate:layers=2,heads=1", "ablate:feed-forward=0"])
        let menu = MethodMenu(scenario: scenario)
        let entry = try #require(menu.entries.first { $0.description.name == "ablate" })
        #expect(entry.isChosen && entry.lists == ["2", "1", "", ""])
        #expect(menu.scenario == scenario)
    }

    /// A reader who chooses it leaves out what he looks at, not all attention.
    @Test func theMenuBeginsWithTheHeadThatIsLookedAt() throws {
        var state = try Samples.stateWithModel()
        (state.focus.layer, state.focus.head) = (2, 1)
        try state.press("m / text:ablate Enter Enter")
        #expect(state.scenario.specs == ["ablate:layers=2,heads=1"])
        // A list has no step: that is said.
        guard case .menu(let menu) = state.overlay else { return #expect(Bool(false), "the menu is open") }
        var stepped = menu
        stepped.step(1)
        #expect(stepped.refusal?.contains("typed") == true && menu.lost.isEmpty)
    }

    /// The loss of the run is that of the model without the head: the header names what is missing.
    @Test func theRunIsThatOfTheRest() throws {
        var player = try Samples.player()
        let before = try #require(player.state.runs.kept.plain?.decoder).lastHidden(of: 20).map { Array($0) }
        player.play(try ActionScript(parsing: "ablate.attention; method.run"))
        let run = try #require(player.state.runs.kept.exact?.decoder)
        #expect(run.scenario.ablations == [Ablation(layers: [player.state.focus.layer])])
        #expect(run.lastHidden(of: 20).map { Array($0) } != before)
        #expect(player.frame().lines[0].contains("ablate:layers="))
    }
}
