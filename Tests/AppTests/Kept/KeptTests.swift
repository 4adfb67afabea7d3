import Foundation
import RopewalkCellGrid
import RopewalkDocuments
import Synchronization
import Testing

@testable import RopewalkApp

/// Notes at places, and what is copied or written: never without being asked.
@Suite struct KeptTests {
    private final class Disk: Sendable {
        let files = Mutex<[KeptFile]>([])
    }

    private func player(_ disk: Disk = Disk()) throws -> ScreenPlayer {
        var inputs = Samples.inputs()
        inputs.save = { file in disk.files.withLock { $0.append(file) } }
        return try ScreenPlayer(state: AppState(size: Size(width: 120, height: 40)), inputs: inputs)
    }

    /// The prompt proposes "row"; who types all of it means what he typed.
    @Test func whatIsTypedTwiceIsTakenOnce() throws {
        #expect(AppState.save(typed: "row row a.csv")?.path == "a.csv")
        #expect(AppState.save(typed: "row column! b.npy")?.thing == .column)
        #expect(AppState.save(typed: "row ./row a.csv")?.path == "./row a.csv")
    }

    /// The panel with the keys is what the figure is of; its prompt has a name for it, and where there is none it says why.
    @Test func theFocusedPanelIsTheFigure() throws {
        let disk = Disk()
        var player = try player(disk)
        player.play(try ActionScript(parsing: "panel focus map"))
        player.play(try KeyScript(parsing: "Ctrl-A Enter"))
        let file = try #require(disk.files.withLock { $0.first })
        #expect(file.path.hasSuffix("-map-L\(player.state.focus.layer)H\(player.state.focus.head).svg"))
        guard case .figure(let figure, .light) = file.contents else {
            Issue.record("\(file.contents)")
            return
        }
        // Its numbers are the lens's own.
        let lens = try #require(player.state.lens)
        let page = player.state.page(player.state.mapRequest, of: lens)
        let raster = try #require(figure.plots.first?.raster)
        let values = lens.map(page).values
        #expect(raster.values.count == values.count)
        #expect(zip(raster.values, values).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
        player.play(try ActionScript(parsing: "panel focus answers; save figure a.svg"))
        #expect(disk.files.withLock { $0.count } == 1)
        #expect(player.state.notice?.text.contains("Answers: this panel has no figure") == true)
        player.play(try ActionScript(parsing: "panel focus text; save slide a.html"))
        guard case .page(let text, let figures, .dark) = disk.files.withLock({ $0.last })?.contents else {
            Issue.record("no page")
            return
        }
        #expect(text.rows.count == text.tokens.count && text.tokens.contains(text.cursor) && !figures.isEmpty)
        #expect(text.weights[text.cursor - text.tokens.lowerBound] >= 0)
    }

    @Test func notesStandInTheMarginBelowTheTextAndInAList() throws {
        var player = try player()
        player.play(try KeyScript(parsing: "/ text:sister Enter Escape ` text:\"who is she\" Enter"))
        #expect(player.state.notes.all.map(\.text) == ["who is she"] && player.state.notes.isUnsaved)
        player.play(try KeyScript(parsing: "Escape"))
        let lines = player.frame().lines
        #expect(lines.contains { $0.contains("│*") } && lines.joined().contains("noted: who is she"))
        player.play(try KeyScript(parsing: "G J Tab Tab Tab"))
        #expect(player.frame().lines.joined().contains("Notes · 1"))
        player.play(try KeyScript(parsing: "Enter"))
        #expect(player.state.cursorText.contains("sister"))
        // It is changed, and taken away.
        player.play(try KeyScript(parsing: "` text:! Enter"))
        #expect(player.state.notes.all.map(\.text) == ["who is she!"])
        player.play(try KeyScript(parsing: "` Ctrl-U Enter"))
        #expect(player.state.notes.all.isEmpty)
    }

    @Test func notesAreWrittenWhereTheReaderSaysAndComeBack() throws {
        let disk = Disk()
        var player = try player(disk)
        player.play(try ActionScript(parsing: "goto token 20; note \"a\\\\b; tab\"; goto token 40; note second"))
        player.play(try KeyScript(parsing: "q"))
        #expect(!player.hasQuit && player.state.notice?.text.contains("2 notes are in no file") == true)
        #expect(disk.files.withLock { $0.isEmpty })
        player.play(try KeyScript(parsing: "Ctrl-S text:notes.txt Enter"))
        let file = try #require(disk.files.withLock { $0.first })
        #expect(file.path == "notes.txt" && !file.replaces && !player.state.notes.isUnsaved)
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("notes-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(file.contents.text.utf8).write(to: URL(fileURLWithPath: path))
        var other = try self.player()
        other.play(try ActionScript(parsing: "note.read \(path)"))
        #expect(other.state.notes.all == player.state.notes.all && !other.state.notes.isUnsaved)
        try Data("no notes".utf8).write(to: URL(fileURLWithPath: path))
        other.play(try ActionScript(parsing: "note.read \(path)"))
        #expect(other.state.notice?.text.contains("holds no notes") == true && other.state.notes.all.count == 2)
        player.play(try KeyScript(parsing: "q"))
        #expect(player.hasQuit)
    }

    @Test(arguments: ["a", "a\tb\nc\\n\r", "孔子 “x”", "# no comment"])
    func aFileOfNotesIsReadAsItIsWritten(_ text: String) {
        var notes = Notes()
        notes.put(Notes.Note(byte: 3, word: "\t\(text)", text: text))
        #expect(Notes.read(notes.fileText) == notes.all)
        for wrong in ["x\ty\tz", "-1\ta\tb", "12\ta", "99999999999999999999\ta\tb"] {
            #expect(Notes.read(wrong) == nil)
        }
        #expect(Notes.read("")?.isEmpty == true)
    }

    @Test func whatIsCopiedIsSaid() throws {
        var state = try player().state
        _ = state.update(.asked(.search(.find("sister", forwards: true))))
        func copied(_ key: String) throws -> String? {
            let effects = try state.press("Y \(key)")
            guard case .copy(let text) = effects.first else { return nil }
            #expect(state.notice?.text.contains("OSC 52") == true)
            return text
        }
        let (token, word) = try (copied("t"), copied("w"))
        #expect(token?.isEmpty == false && word == "sister")
        let (sentence, paragraph) = try (copied("s"), copied("p"))
        #expect(sentence?.contains("She sat by her sister on the bank!") == true)
        #expect(paragraph?.hasPrefix("Alice was") == true)
        let row = try #require(try copied("r"))
        #expect(row.hasPrefix("token\tword\tweight\n") && row.split(separator: "\n").count == state.focus.cursor + 2)
        let nothing = try copied("x")
        #expect(nothing == nil && state.notice?.text.contains("nothing is copied by 'x'") == true)
    }

    @Test func whatIsWrittenHoldsWhatIsShown() throws {
        let disk = Disk()
        var player = try player(disk)
        player.play(try ActionScript(parsing: "goto token 50; head 2.3"))
        for thing in KeptThing.allCases where ![.notes, .lesson].contains(thing) {
            player.play(try ActionScript(parsing: "save \(thing)! \(thing).csv"))
        }
        let files = disk.files.withLock { $0 }
        let names = KeptThing.allCases.filter { ![.notes, .lesson].contains($0) }.map { "\($0).csv" }
        #expect(files.map(\.path) == names && files.allSatisfy(\.replaces))
        let row = try #require(player.state.lens?.row(layer: 2, head: 3, query: 50)?.weights)
        guard case .table(let columns) = try #require(files.first { $0.path == "row.csv" }).contents else {
            Issue.record("the row is no table")
            return
        }
        #expect(columns.map(\.name) == ["token", "word", "weight"] && columns[2].values == .numbers(row))
        for typed in ["row", "rows a.csv", "row! ", "nothing"] {
            player.play(try ActionScript(parsing: "save \"\(typed)\""))
            #expect(player.state.notice?.text.contains("write what and where") == true)
        }
        player.play(try ActionScript(parsing: "save notes a.txt"))
        #expect(player.state.notice?.text == "nothing is known of the notes yet")
    }
}
