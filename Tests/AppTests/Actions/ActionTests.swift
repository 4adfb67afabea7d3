import Foundation
import RopewalkCellGrid
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkApp

@Suite struct ActionTests {
    /// Actions whose parameters are at the ends of what they take.
    private static let unusual: [Action] = [
        .move(.token(-1_000_000)), .move(.toToken(.max)), .move(.toShare(0)), .move(.toShare(12.5)),
        .search(.find("a; \"b\" \\ c", forwards: true)), .search(.find(" spaces ", forwards: false)),
        .search(.find("孔子 \\", forwards: true)), .search(.find("line\nbreak", forwards: true)),
        .focus(.take(HeadIndex(layer: 0, head: 0))), .focus(.kind(.one(.cross))), .focus(.weakerKey(-3)),
        .map(.pan(Steps(rows: -4, columns: 0))), .map(.zoom(-1)), .map(.overlay(.one(.difference))),
        .masks(.rule("q - k < 256 || k < 4")), .masks(.rule("file:a;b.npy")), .masks(.blocks(.one(2048))),
        .methods(.take("yarn:factor=4 lambda:sink=4,window=512")), .panels(.hide(.distance)),
        .panels(.preset(.one(.all))), .appearance(.scale(.one(.quantile))), .appearance(.colourMap(.one(.magma))),
    ]

    @Test func everyActionIsReadAsItIsWritten() throws {
        let all = ActionForm.all.map(\.example) + KeyMap.bindings.map(\.action) + Self.unusual
        for action in all {
            let read = try Action(parsing: action.text)
            #expect(read == action, "\(action.text)")
        }
        let script = all.map(\.text).joined(separator: ";")
        #expect(try ActionScript(parsing: script).steps == all.map { .action($0) })
    }

    /// A form is found by its own name: no name is another's beginning and takes its parameter away.
    @Test func everyFormIsFoundByItsName() throws {
        #expect(Set(ActionForm.all.map(\.name)).count == ActionForm.all.count)
        for form in ActionForm.all {
            #expect(form.example.text.hasPrefix(form.name), "\(form.name)")
            #expect(form.takes.isEmpty == (form.example.text == form.name), "\(form.name)")
        }
    }

    /// Whatever is written: an action or an error of one line.
    @Test func scriptsThatAreWrongSayWhere() {
        #expect(throws: AppError.unknownAction("fly")) { try ActionScript(parsing: "move.token +1; fly") }
        #expect(throws: AppError.badAction("head 3", takes: "LAYER.HEAD")) { try ActionScript(parsing: "head 3") }
        #expect(throws: AppError.badAction("quit now", takes: "")) { try ActionScript(parsing: "quit now") }
        for text in [
            "move.token", "move.token x", "move.token 99999999999999999999", "goto token -1", "goto share 101%",
            "search.forwards", "search.forwards \"a", "search.forwards \"a\" b", "panel show pane", "map.pan 1",
            "map.zoom 2", "mask.blocks 100", "scale cubic", "panel", "\"", "\\", "next",
        ] {
            do {
                _ = try ActionScript(parsing: text)
                Issue.record("'\(text)' was taken")
            } catch { #expect(!error.description.contains("\n") && error.description.count > 20) }
        }
        #expect((try? ActionScript(parsing: " ; wait ; ;"))?.steps == [.wait])
    }

    @Test func namesDoWhatKeysDo() throws {
        var typed = try Samples.player()
        var named = typed
        typed.play(try KeyScript(parsing: ": text:17 Enter ] } s p p F7 text:/rab Enter M text:q-k<9 Enter"))
        named.play(
            try ActionScript(
                parsing: """
                    goto token 17; layer.step +1; head.step +1; scale next; preset next; preset mask; panel toggle loss;
                    search.forwards rab; rule q-k<9
                    """))
        // Two runs are never equal, but what the reader chose is.
        #expect(named.state.focus == typed.state.focus && named.state.window == typed.state.window)
        #expect(named.state.scenario == typed.state.scenario && named.state.panels == typed.state.panels)
        #expect(named.state.appearance == typed.state.appearance && named.state.masks == typed.state.masks)
        let isSame = named.frame() == typed.frame()
        #expect(isSame)
    }

    @Test func methodsAndHeadsAreTakenByName() throws {
        var player = try Samples.player()
        player.play(try ActionScript(parsing: "method yarn:factor=4 window:size=16; head 3.7; goto share 50%"))
        #expect(player.state.scenario.specs.map { $0.prefix { $0 != ":" } } == ["yarn", "window"])
        #expect(player.state.focus.layer == 3 && player.state.focus.head == 7)
        #expect(player.state.runs.kept.exact?.scenario == player.state.scenario)
        player.play(try ActionScript(parsing: "head 9.0"))
        #expect(player.state.focus.layer == 3 && player.state.notice?.text.contains("no head 9.0") == true)
        player.play(try ActionScript(parsing: "method yarn:factr=4"))
        #expect(player.state.notice?.kind == .error)
        player.play(try ActionScript(parsing: "compare lambda:sink=2,window=8; method.plain"))
        #expect(player.state.masks.page == .compare && player.state.scenario.isPlain)
        player.play(try ActionScript(parsing: "quit; move.start"))
        #expect(player.hasQuit && player.state.focus.cursor != 0)
    }

    @Test func obstaclesSayWhyAndFreeActionsHaveNone() throws {
        let empty = AppState(size: Size(width: 80, height: 24))
        for form in ActionForm.all {
            if let obstacle = form.example.obstacle(in: empty) {
                #expect(!obstacle.isEmpty && !obstacle.contains("\n"), "\(form.name)")
            }
        }
        #expect(Action.focus(.swap).obstacle(in: empty) != nil)
        #expect(Action.menu(.choose).obstacle(in: empty) == "the method menu is closed")
        #expect(Action.program(.quit).obstacle(in: empty) == nil)
        var state = try Samples.stateWithModel()
        #expect(Action.focus(.kind(.next)).obstacle(in: state) == "books-4m has one kind of attention: decoder")
        #expect(Action.move(.toToken(1_000_000)).obstacle(in: state)?.contains("give a token") == true)
        #expect(Action.move(.toToken(3)).obstacle(in: state) == nil)
        #expect(Action.methods(.take("lamda")).obstacle(in: state)?.contains("lambda") == true)
        #expect(Action.methods(.value(1)).obstacle(in: state)?.contains("no parameters") == true)
        state.change(to: try Scenario(parsing: ["yarn:factor=4"]))
        #expect(Action.methods(.value(1)).obstacle(in: state) == nil)
    }

    /// Any actions in any order, at any time: nothing traps.
    @Test(arguments: [0, 1, 2]) func anyOrderIsPossible(stage: Int) throws {
        var state =
            switch stage {
            case 0: AppState(size: Size(width: 80, height: 24))
            case 1: try Samples.state()
            default: try FamilySamples.player("t5").state
            }
        let all = ActionForm.all.map(\.example) + KeyMap.bindings.map(\.action) + Self.unusual
        var place: UInt64 = 7
        for _ in 0..<2_000 {
            place = place &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let action = all[Int(place >> 33) % all.count]
            _ = action.obstacle(in: state)
            state.take(.asked(action))
            #expect(state.tokenCount == 0 || (0..<state.tokenCount).contains(state.focus.cursor), "\(action.text)")
        }
    }

    /// `docs/ACTIONS.md` is made from the program: RECORD_GOLDEN=1 makes it anew.
    @Test func thePageOfActionsIsUpToDate() throws {
        let page = Fixture.project.appendingPathComponent("docs/ACTIONS.md")
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
            try ActionPage.text.write(to: page, atomically: true, encoding: .utf8)
            Issue.record("recorded \(page.path): look at it, then run again without RECORD_GOLDEN")
        }
        #expect(try String(contentsOf: page, encoding: .utf8) == ActionPage.text)
    }
}
