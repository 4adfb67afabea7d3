import Foundation
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkFormats
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Synchronization
import TestSupport
import Testing

@testable import RopewalkApp

/// All that is open, written and read again.
@Suite struct SavedSessionTests {
    private final class Disk: Sendable {
        let files = Mutex<[KeptFile]>([])

        var session: SavedSession? {
            guard case .session(let session)? = files.withLock({ $0.last })?.contents else { return nil }
            return session
        }
    }

    private static let size = Size(width: 120, height: 40)

    private func inputs(_ disk: Disk, text: String = Samples.prose) -> ProgramInputs {
        var inputs = Samples.inputs(text: text)
        inputs.save = { file in disk.files.withLock { $0.append(file) } }
        (inputs.name, inputs.modelPath) = ("alice.txt", Samples.modelPath)
        inputs.textFile = TextFile(path: "/texts/alice.txt", stamp: { nil })
        return inputs
    }

    /// The screen of a session, through its file.
    private func player(goingOnWith session: SavedSession, text: String = Samples.prose) throws -> ScreenPlayer {
        let read = try SavedSession(Data(session.json().utf8), source: "work.json")
        #expect(read == session)
        let shown = read.texts[read.shown]
        let start = SessionStart(
            shown, scenario: try Scenario(parsing: shown.methods),
            comparison: try shown.compare.map { try Scenario(parsing: [$0]) },
            kept: try shown.kept.map { try Scenario(parsing: $0.methods) }, screen: read.screen,
            origin: .session("work.json"))
        var inputs = inputs(Disk(), text: text)
        inputs.start = start
        let state = AppState(size: Self.size, depth: .indexed256, ground: .dark, goingOn: start)
        return try ScreenPlayer(state: state, inputs: inputs)
    }

    @Test func everythingIsAsItWas() throws {
        let disk = Disk()
        var player = try ScreenPlayer(state: AppState(size: Self.size), inputs: inputs(disk))
        let actions = [
            "goto token 12; mark b; goto token 60; note who is she; head 2.1; method window:size=16; preset mask",
            "panel show heads; panel hide map; scale quantile; colours magma; text.paint loss; subspace 3",
            "compare window:size=8; mask.page reach; panel focus text; goto token 44; anchor token 9; wait",
        ]
        for text in actions { player.play(try ActionScript(parsing: text)) }
        player.play(try KeyScript(parsing: ": text:\"save work.json\" Enter"))
        let file = try #require(disk.files.withLock { $0.last })
        #expect(file.path == "work.json" && !file.replaces)
        #expect(player.state.notice?.text.contains("ropewalk --session work.json goes on here") == true)
        #expect(!player.state.notes.isUnsaved)
        var again = try self.player(goingOnWith: try #require(disk.session))
        again.play(try ActionScript(parsing: "wait"))
        player.play(try KeyScript(parsing: "Escape"))
        let (was, now) = (player.state, again.state)
        #expect(now.focus == was.focus && now.scenario == was.scenario && now.places.marks == was.places.marks)
        #expect(now.notes.all == was.notes.all && now.panels.shown == was.panels.shown)
        #expect(now.panels.focused == was.panels.focused && now.appearance == was.appearance)
        #expect(now.masks.comparison == was.masks.comparison && now.positions == was.positions)
        #expect(now.notice == nil && again.frame().lines == player.frame().lines)
        // Its own file is written anew without a question.
        again.play(try ActionScript(parsing: "session.save work.json"))
        #expect(again.state.sessions.file == "work.json")
    }

    /// Both ends of what is selected, the hits of the last search, and what a second text shows.
    @Test func whatIsSelectedSearchedAndKeptIsThereAgain() throws {
        let disk = Disk()
        var player = try ScreenPlayer(state: AppState(size: Self.size), inputs: inputs(disk))
        let actions = [
            "head 1.2; method window:size=16; text.paint loss; text.keep; head 3.1; method yarn:factor=4; text.paint entropy",
            "search.forwards rabbit; goto token 30; select tokens 20-24; anchor.here; select tokens 8-11,40-42; wait",
        ]
        for text in actions { player.play(try ActionScript(parsing: text)) }
        player.play(try ActionScript(parsing: "session.save work.json"))
        let again = try self.player(goingOnWith: try #require(disk.session)).state
        let was = player.state
        #expect(was.spans.queries?.ranges == [8..<12, 40..<43] && was.spans.keys?.ranges == [20..<25])
        #expect(again.spans == was.spans && again.window.search == was.window.search && again.window.showsHits)
        #expect(again.keySpan == was.keySpan && again.hitCount == was.hitCount)
        let (kept, old) = (try #require(again.keptState), try #require(was.keptState))
        #expect(kept.head == HeadIndex(layer: 1, head: 2) && kept.head == old.head && kept.scenario == old.scenario)
        #expect(kept.appearance == old.appearance && again.pin?.wasZoomed == false && again.panels.isZoomed)
        player.play(try KeyScript(parsing: "v"))
        player.play(try ActionScript(parsing: "select.none; select.start; goto token 33; session.save work.json"))
        let moving = try self.player(goingOnWith: try #require(disk.session)).state
        #expect(moving.spans.start == player.state.spans.start && moving.selection == player.state.selection)
    }

    /// What the model has not is named, each with its reason, and the rest is as it was.
    @Test func whatTheModelHasNotIsSaid() throws {
        var saved = SavedText()
        saved.text.content = Samples.prose
        saved.methods = ["window:size=16", "yarn:factor=4"]
        (saved.layer, saved.head, saved.subspace, saved.kind) = (9, 2, 400, "cross")
        saved.search = SavedSearch(pattern: "re:(", direction: "forwards", marked: "on")
        saved.kept = SavedPin(layer: 7, head: 0, methods: [], choices: [:], reader: nil, zoomed: "off")
        let screen = SavedScreen(panels: ["text"], focused: "text", zoomed: "off", choices: [:])
        let session = SavedSession(shown: 0, screen: screen, texts: [saved])
        let state = try player(goingOnWith: session).state
        let notice = try #require(state.notice)
        #expect(notice.kind == .warning)
        for part in [
            "no head 9.2: 4 layers", "no such attention", "no subspace 400", "kept beside: no head 7.0", "“re:(”",
        ] {
            #expect(notice.text.contains(part), "\(part): \(notice.text)")
        }
        #expect(state.scenario.specs.count == 2 && state.pin == nil)
    }

    @Test func methodsThatTheModelCannotAreNamedAndTheOthersStay() throws {
        let family = try Model(contentsOf: Fixture.path("hf/gpt2"), needsTokenizer: false)
        var state = try Samples.state()
        state.scenario = try Scenario(parsing: ["window:size=16", "yarn:factor=4"])
        _ = state.update(.sources(.modelLoaded(family)))
        #expect(state.scenario.specs == ["window:size=16"])
        let text = try #require(state.notice?.text)
        #expect(text.contains("yarn:factor=4") && text.contains("still applied: window:size=16"))
    }

    /// A place is found by its words; where they are gone, that is said.
    @Test func aTextThatHasChangedMovesItsPlaces() throws {
        let disk = Disk()
        var player = try ScreenPlayer(state: AppState(size: Self.size), inputs: inputs(disk))
        player.play(try KeyScript(parsing: "/ text:pocket Enter"))
        player.play(try ActionScript(parsing: "note found; goto token 3; note gone; mark c"))
        player.play(try KeyScript(parsing: "/ text:sister Enter"))
        player.play(try ActionScript(parsing: "session.save work.json"))
        let session = try #require(disk.session)
        let changed = "A line before it all.\n" + Samples.prose.replacing("Alice was beginning", with: "He began")
        let state = try self.player(goingOnWith: session, text: changed).state
        let text = try #require(state.sources.text.value)
        #expect(state.queryDocument.map { $0.displayName(ofToken: state.focus.cursor) } == "␣sister")
        #expect(state.notes.all.map { text.string($0.byte..<$0.byte + 7) }.contains(" pocket"))
        let notice = try #require(state.notice)
        #expect(notice.kind == .warning)
        #expect(
            notice.text.contains("alice.txt has changed since work.json was saved: 2 places moved with their words"))
        #expect(notice.text.contains("2 places were not found: they stand at their old bytes"))
    }

    @Test func aPastedTextIsKeptInside() throws {
        let disk = Disk()
        var inputs = inputs(disk)
        inputs.textFile = nil
        var player = try ScreenPlayer(state: AppState(size: Self.size), inputs: inputs)
        player.play(try ActionScript(parsing: "session.save work.json"))
        #expect(disk.session?.texts[0].text.content == Samples.prose)
        inputs.loadText = {
            try SourceText(Array(repeating: UInt8(ascii: "\n"), count: SavedSession.mostText + 1), name: "pasted")
        }
        inputs.tokenise = { _, _ in try Samples.document("Alice") }
        player = try ScreenPlayer(state: AppState(size: Self.size), inputs: inputs)
        player.play(try ActionScript(parsing: "session.save work.json"))
        #expect(player.state.notice?.text.contains("a session keeps texts of up to 4,194,304 inside") == true)
        #expect(disk.files.withLock { $0.count } == 1)
    }

    /// Texts that were never on the screen stay as they were saved.
    @Test func severalTexts() throws {
        let disk = Disk()
        var first = inputs(disk)
        var other = first
        other.name = "b.txt"
        other.textFile = TextFile(path: "/texts/b.txt", stamp: { nil })
        var third = other
        var waiting = SavedText()
        (waiting.text.file, waiting.cursor) = (
            "/texts/c.txt", SavedPlace(byte: 6, token: 2, word: "was", before: "Alice ")
        )
        third.start = SessionStart(waiting, origin: .session("old.json"))
        first.others = [other, third]
        var player = try ScreenPlayer(state: AppState(size: Self.size), inputs: first)
        player.play(try ActionScript(parsing: "goto token 7; session.step +1; goto token 9; session.save work.json"))
        let session = try #require(disk.session)
        #expect(
            session.shown == 1
                && session.texts.map(\.text.file) == ["/texts/alice.txt", "/texts/b.txt", "/texts/c.txt"])
        #expect(session.texts.map(\.cursor?.token) == [7, 9, 2])
    }

    @Test(arguments: [
        ("[]", "line 1: this is no session of ropewalk"), ("{\"format\": \"x\"}", "line 1: this is no session"),
        (
            "{\"format\": \"ropewalk session\",\n \"version\": 3}",
            "line 2: version 3 is not known: this program reads versions 1 to 2"
        ),
        ("{\"format\": \"ropewalk session\",\n \"version\": 1,\n\n \"colour\": 3}", "line 4: \"colour\" is not known"),
        (of("\"texts\": []"), "line 3: there is no text in it"),
        (of("\"texts\": [{}]"), "line 3: text is missing"),
        (of("\"texts\": [{\"text\": {}}]"), "one of file, ids, content is expected"),
        (of("\"texts\": [{\"text\": {\"file\": \"-\"}}]"), "the name of a file is expected"),
        (of("\"texts\": [{\"text\": {\"file\": \"a\"},\n\"layer\": -1}]"), "line 4: a whole number from 0"),
        (
            of("\"texts\": [{\"text\": {\"file\": \"a\"}, \"notes\": [\n{\"place\": {\"byte\": 1},\n\"note\": 5}]}]"),
            "line 5: a text in quotes"
        ),
        (
            of("\"texts\": [{\"text\": {\"file\": \"a\"}, \"pages\": {\n\"word\": \"fly\"}}]"),
            "line 4: \"fly\" is none of"
        ),
        (of("\"texts\": [{\"text\": {\"file\": \"a\"}, \"anchor\": {}}]"), "one of rank and place is expected"),
        (
            of("\"texts\": [{\"text\": {\"file\": \"a\"}, \"selected\": [{\"first\": {\"byte\": 1}}]}]"),
            "last is missing"
        ),
        (of("\"texts\": [{\"text\": {\"file\": \"a\"}, \"search\": {}}]"), "pattern is missing"),
        (
            of("\"texts\": [{\"text\": {\"file\": \"a\"}, \"search\": {\"pattern\": \"\(pattern)\"}}]"),
            "the pattern has more than 1000 bytes"
        ),
        (of("\"texts\": [{\"text\": {\"file\": \"a\"}, \"kept\": {\"head\": -2}}]"), "a whole number from 0"),
        (
            of("\"texts\": [{\"text\": {\"file\": \"a\"}, \"kept\": {\"choices\": {\"step\": 1}}}]"),
            "\"step\" is not known"
        ),
        (of("\"texts\": [{\"text\": {\"file\": \"a\"}, \"expect\": \"fly\"}]"), "line 3: 'fly'"),
        (of("\"texts\": [{\"text\": {\"file\": \"a\"}}], \"shown\": 1"), "a whole number from 0 to 0"),
        (of("\"texts\": [{\"text\": {\"file\": \"a\"}}]"), "screen is missing"), ("{", "line 1"),
    ])
    func whatIsWrongIsSaidWithItsLine(_ text: String, _ error: String) {
        let thrown = #expect(throws: FormatError.self) { try SavedSession(Data(text.utf8), source: "work.json") }
        #expect(thrown?.description.contains("work.json: ") == true)
        #expect(thrown?.description.contains(error) == true, "\(thrown?.description ?? "")")
    }

    private static let pattern = String(repeating: "x", count: 1_001)

    private static func of(_ rest: String) -> String {
        "{\"format\": \"ropewalk session\",\n\"version\": 1,\n\(rest)}"
    }
}
