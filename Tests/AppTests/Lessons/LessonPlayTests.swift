import RopewalkCellGrid
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews
import Testing

@testable import RopewalkApp

@Suite struct LessonPlayTests {
    private static func player(
        _ text: String = LessonFileTests.text, size: Size = Size(width: 120, height: 40), language: Language = .english
    ) throws -> ScreenPlayer {
        var state = AppState(size: size)
        state.lesson = LessonPlay(try Lesson(parsing: text, file: "a.lesson"))
        state.appearance.language = language
        return try ScreenPlayer(state: state, inputs: Samples.inputs())
    }

    private func lines(_ player: ScreenPlayer) -> [String] {
        var player = player
        return player.frame().lines
    }

    @Test func spaceGoesOnAndBGoesBack() throws {
        var player = try Self.player()
        player.playLesson(step: 0)
        #expect(player.state.focus.cursor == 3 && player.state.word.step == .scores)
        #expect(player.state.scenario.specs.contains { $0.hasPrefix("window") } == true)
        #expect(
            lines(player).contains { $0.contains("1/2 Rabbits") } && lines(player).contains { $0.contains("? Why?") })
        #expect(lines(player).contains { $0.contains("▶ [9] Word") })
        player.play(try KeyScript(parsing: "Space"))
        #expect(player.state.lesson?.index == 0 && lines(player).contains { $0.contains("→ Because.") })
        player.play(try KeyScript(parsing: "Space"))
        #expect(player.state.lesson?.index == 1 && lines(player).contains { $0.contains("More.") })
        player.play(try KeyScript(parsing: "Space"))
        #expect(player.state.lesson?.index == 1 && player.state.notice?.text.contains("ends here") == true)
        player.play(try KeyScript(parsing: "b"))
        #expect(player.state.lesson?.index == 0 && player.state.lesson?.showsAnswer == false)
        player.play(try KeyScript(parsing: "b"))
        #expect(player.state.notice?.text == "this is the first step")
    }

    /// After a look around, Backspace brings the step back as it was.
    @Test func whereWasI() throws {
        var player = try Self.player()
        player.playLesson(step: 0)
        let before = lines(player)
        player.play(try KeyScript(parsing: "l l ] F4 y z ~ S"))
        #expect(lines(player) != before)
        player.play(try KeyScript(parsing: "Backspace"))
        #expect(lines(player) == before)
        player.play(try ActionScript(parsing: "lesson.end"))
        #expect(player.state.lesson == nil && !lines(player).contains { $0.contains("1/2 Rabbits") })
        player.play(try ActionScript(parsing: "lesson.turn +1"))
        #expect(player.state.notice?.text.contains("no lesson goes on") == true)
    }

    @Test func claimsAreChecked() throws {
        var player = try Self.player()
        #expect(player.checkLesson().isEmpty)
        let wrong =
            LessonFileTests.text + """

                expect: screen nothing of the kind
                expect: steps weight 0 = 7 ± 0.1
                expect: steps colour 0 > 0
                expect: steps weight 999 > 0
                expect: no screen ropewalk
                look: map
                """
        player = try Self.player(wrong)
        let failures = player.checkLesson().map(\.description)
        #expect(failures.count == 6, "\(failures)")
        for words in [
            "not on the screen", "it is 0.", "has no colour", "no such token", "it is on the screen", "Map is pointed",
        ] {
            #expect(failures.contains { $0.contains(words) && $0.contains("step 2 at 120x40") }, "\(words)")
        }
    }

    /// What a step asks for and is refused, with the line of its action or method, once, in the language that is asked for.
    @Test func whatIsRefusedIsAFault() throws {
        let text = """
            title: A
            method: ablate:layers=44
            step:
            say: a
            do: goto token 1
            do: head 9.9; goto token 2
            step:
            say: b
            do: goto token 99999
            """
        var state = AppState(size: Size(width: 80, height: 24), scenario: try Scenario(parsing: ["ablate:layers=44"]))
        let lesson = try Lesson(parsing: text, file: "a.lesson")
        state.lesson = LessonPlay(lesson)
        var player = try ScreenPlayer(state: state, inputs: Samples.inputs())
        let failures = player.checkLesson()
        #expect(failures.filter { $0.line == 2 }.count == 1 && failures.contains { $0.problem.contains("0 to 3") })
        let head = try #require(failures.first { $0.line == 6 })
        #expect(head.step == 1 && head.problem.hasPrefix("no head 9.9") && failures.filter { $0.line == 6 }.count == 1)
        var again = try ScreenPlayer(state: state, inputs: Samples.inputs())
        let told = again.checkLesson(telling: .chinese)
        #expect(told.contains { $0.line == 6 && !$0.problem.contains("counted") && $0.problem.contains("9.9") })
    }

    /// A screen too low for what is said tells so, and has its panels.
    @Test func aLowScreenSaysHowManyRowsAreNeeded() throws {
        for height in 10...13 {
            var player = try Self.player(size: Size(width: 40, height: height))
            player.playLesson(step: 0)
            #expect(lines(player).last?.contains("1/2 what is said needs 14 rows") == true, "\(height)")
            #expect(!player.state.layout.panels.isEmpty)
            player.play(try KeyScript(parsing: "Space Space"))
            #expect(lines(player).last?.contains("2/2") == true, "\(height)")
        }
    }

    /// Of several methods only the last is run.
    @Test func onlyTheLastMethodsAreTaken() throws {
        let lesson = try Lesson(
            parsing: """
                title: A
                step:
                do: method yarn:factor=2; goto token 2
                say: a
                step:
                do: method ntk:factor=2
                say: b
                """, file: "a")
        var play = LessonPlay(lesson)
        play.go(to: 1)
        let methods = play.script(from: .plain).steps.filter {
            if case .action(.methods) = $0 { return true }
            return false
        }
        #expect(methods == [.action(.methods(.take("ntk:factor=2")))])
    }

    @Test(arguments: [Size(width: 40, height: 14), Size(width: 80, height: 24), Size(width: 200, height: 60)])
    func captionsStandBelowEverything(size: Size) throws {
        var player = try Self.player(size: size, language: .chinese)
        player.playLesson(step: 0)
        let caption = try #require(LessonCaption(player.state))
        #expect(player.state.layout.panels.values.allSatisfy { $0.maxY < caption.rect.y })
        #expect(player.state.layout.status.maxY == caption.rect.y)
        #expect(lines(player).joined().contains("1/2 兔子"))
    }

    /// A long title is said as a whole at 80 columns, with fewer keys beside it.
    @Test func aTitleIsNotCut() throws {
        let title = "Retrieval: the parts that a question is about"
        let text = LessonFileTests.text.replacing("Rabbits", with: title)
        var player = try Self.player(text, size: Size(width: 80, height: 24))
        player.playLesson(step: 0)
        #expect(lines(player).contains { $0.contains("1/2 \(title)  ") && $0.contains("Space answer") })
        var wide = try Self.player(text, size: Size(width: 120, height: 40))
        wide.playLesson(step: 0)
        #expect(lines(wide).contains { $0.contains("1/2 \(title)  ") && $0.contains("Backspace here") })
    }

    /// What is on the screen becomes a step, and the draft is a lesson that shows the same.
    @Test func aDraftBringsTheScreenBack() throws {
        var player = try ScreenPlayer(state: AppState(size: Size(width: 120, height: 40)), inputs: Samples.inputs())
        player.play(
            try ActionScript(parsing: "preset word; head 3.7; goto token 30; word weight; method window:size=16"))
        player.play(try ActionScript(parsing: "lesson.note the window hides most"))
        player.play(
            try ActionScript(
                parsing:
                    "preset mask; mask.page check; rotation.mode methods; goto token 20; move.token +9; panel hide map; lesson.note \"the check; of it\""
            ))
        #expect(player.state.notice?.text.contains("step 2 of a draft") == true)
        let file = try #require(player.state.draftFile)
        let lesson = try Lesson(parsing: file, file: "draft")
        #expect(lesson.steps.count == 2 && lesson.steps[0].caption.english == "the window hides most")
        var state = AppState(size: Size(width: 120, height: 40))
        state.lesson = LessonPlay(lesson)
        var again = try ScreenPlayer(state: state, inputs: Samples.inputs())
        again.playLesson(step: 0)
        #expect(again.state.focus.cursor == 30 && again.state.word.step == .weight)
        #expect(
            again.state.panels.shown == Preset.word.panels
                && again.state.scenario.specs.contains { $0.hasPrefix("window") })
        again.playLesson(step: 1)
        #expect(again.state.panels.shown == player.state.panels.shown && again.state.masks.page == .check)
        #expect(!again.state.panels.shown.contains(.map) && again.state.panels.shown.contains(.mask))
        // What is not on the screen is done too, and how the cursor went there is not.
        #expect(again.state.positions.rotation == .methods && again.state.focus.cursor == player.state.focus.cursor)
        #expect(!file.contains("move.token"))
    }

    /// The tour that a first start offers is not written over by what is found out meanwhile; else that is said.
    @Test func theTourStaysUntilAKey() throws {
        var state = try Samples.player().state
        let best = try #require(state.runs.circuits.max { $0.induction < $1.induction })
        for isNew in [true, false] {
            (state.focus.layer, state.focus.head, state.notice) = (0, 0, nil)
            if isNew { state.offerTour() }
            _ = state.update(.run(.circuitsMeasured(state.runs.circuits)))
            #expect(state.focus.layer == best.layer && state.focus.head == best.head)
            #expect(state.notice?.text.contains(isNew ? "is a tour" : "is shown now") == true)
        }
    }
}
