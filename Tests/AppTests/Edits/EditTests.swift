import RopewalkCellGrid
import RopewalkDocuments
import Synchronization
import Testing

@testable import RopewalkApp

/// A text that changes: on the disk, in an editor, or one word of it beside what it was.
@Suite struct EditTests {
    /// A file that a test writes.
    private final class File: Sendable {
        private let held: Mutex<(text: String?, version: Int)>
        init(_ text: String) { held = Mutex((text, 0)) }
        func write(_ text: String?) { held.withLock { $0 = (text, $0.version + 1) } }
        var text: String? { held.withLock { $0.text } }
        var stamp: String? { held.withLock { $0.text == nil ? nil : "\($0.version)" } }
    }

    private static let lines = (1...60).map { "Line number \($0) of a long text about a rabbit and a watch." }

    private func player(_ file: File) throws -> ScreenPlayer {
        var inputs = Samples.inputs()
        inputs.loadText = {
            guard let text = file.text else {
                throw DocumentError.unreadable(file: "alice.txt", reason: "No such file or directory")
            }
            return try SourceText(text, name: "alice.txt")
        }
        inputs.textFile = TextFile(path: "alice.txt") { file.stamp }
        return try ScreenPlayer(state: AppState(size: Size(width: 120, height: 40)), inputs: inputs)
    }

    @Test func aChangedFileIsOfferedAndReadAnew() throws {
        let text = Self.lines.joined(separator: "\n")
        let file = File(text)
        var player = try player(file)
        player.play(try KeyScript(parsing: ": text:L50 Enter l l Enter l l \" a wait"))
        #expect(player.state.notice == nil || player.state.notice?.text.contains("marked") == true)
        let (byte, cursor, anchor) = (player.state.cursorByte, player.state.focus.cursor, player.state.focus.anchor)
        file.write(text.replacing("Line number 45 ", with: "Line with another number, 45, "))
        player.play(try KeyScript(parsing: "wait"))
        #expect(player.state.notice?.text.contains("has changed on disk: Ctrl-R") == true)
        #expect(player.frame().lines[0].contains("alice.txt (old)"))
        player.play(try KeyScript(parsing: "wait Escape Ctrl-R wait"))
        let state = player.state
        #expect(state.sources.text.value?.string(0..<Int.max / 4).contains("another number, 45") == true)
        #expect(state.cursorByte == byte + 15 && state.focus.cursor > cursor && state.focus.anchor != anchor)
        #expect(state.lens?.recording.isComplete == true && state.places.marks["a"]?.cursor == state.focus.cursor)
        // What is on the screen is that of a program that was started with this file.
        let fresh = try self.player(file)
        #expect(state.lens?.recording.ids == fresh.state.lens?.recording.ids)
        for query in [10, 600, state.tokenCount - 1] {
            let rows = [state, fresh.state].map { $0.lens?.row(layer: 1, head: 2, query: query)?.weights }
            #expect(rows[0] == rows[1])
        }
        #expect(state.original?.tokens.old.isEmpty == false)
        // It is what the disk has.
        #expect(!player.frame().lines[0].contains("(changed)"))
    }

    @Test func aFileThatIsGoneOrTheSameChangesNothing() throws {
        let file = File(Self.lines[0])
        var player = try player(file)
        let before = player.state.lens?.recording
        player.play(try KeyScript(parsing: "Ctrl-R wait"))
        #expect(player.state.notice?.text == "the file holds what is on the screen")
        file.write(nil)
        player.play(try KeyScript(parsing: "wait Ctrl-R wait"))
        #expect(player.state.notice?.text.contains("No such file") == true)
        #expect(player.state.lens?.recording == before)
        file.write("")
        player.play(try KeyScript(parsing: "Ctrl-R wait"))
        #expect(
            player.state.notice?.text.contains("no tokens any more") == true && player.state.lens?.recording == before)
        var pasted = try ScreenPlayer(state: AppState(size: Size(width: 80, height: 24)), inputs: Samples.inputs())
        for key in ["Ctrl-R", "E"] {
            pasted.play(try KeyScript(parsing: key))
            #expect(pasted.state.notice?.text == "the text is in no file of its own")
        }
    }

    @Test func theEditorGetsTheTerminalAndTheTextIsReadAgain() throws {
        let file = File(Self.lines.joined(separator: "\n"))
        var player = try player(file)
        player.play(try KeyScript(parsing: "E"))
        #expect(player.state.notice?.text == "there is no terminal to lend to an editor")
        var state = player.state
        let effects = try state.press(": text:L7 Enter E")
        #expect(effects.map(\.label) == ["edit alice.txt 7"])
        #expect(state.update(.edit(.editorEnded(nil))).map(\.label) == ["reload"])
        #expect(state.update(.edit(.editorEnded("it died"))).isEmpty && state.notice?.text == "it died")
    }

    @Test func aWordIsChangedBesideTheText() throws {
        let file = File(Samples.prose)
        var player = try player(file)
        player.play(try KeyScript(parsing: "/ text:sister Enter Ctrl-W text:brother Enter wait"))
        let changed = player.state
        #expect(changed.sources.text.value?.string(0..<200).contains("by her brother on") == true)
        #expect(changed.original?.remark == "“sister” → “brother”" && changed.sessions.entries.count == 2)
        #expect(changed.lens?.recording.isComplete == true)
        #expect(player.frame().lines[0].contains("alice.txt (changed)"))
        player.play(try KeyScript(parsing: "E"))
        #expect(player.state.notice?.text == "the text is in no file of its own")
        player.play(try KeyScript(parsing: "Ctrl-X"))
        #expect(player.state.original == nil && player.state.runs.kept.plain != nil && player.state.runs.running == nil)
        #expect(player.state.cursorText.contains("sister"))
        player.play(try KeyScript(parsing: "Ctrl-X"))
        #expect(player.state.lens?.recording == changed.lens?.recording)
        // A word more: the first text stays the original.
        player.play(try KeyScript(parsing: "/ text:tired Enter Ctrl-W Ctrl-U text:glad Enter wait"))
        #expect(player.state.original?.remark == "“sister” → “brother”, “tired” → “glad”")
        #expect(player.state.original?.document.ids.count == Samples.inputs().tokenCount)
        player.play(try KeyScript(parsing: "Ctrl-W Enter"))
        #expect(player.state.notice?.text == "that is what stands there")
    }

    @Test(arguments: [
        ("rabbit Rabbit", "Rabbit"), ("孔子", "孔子"), ("school(\"watch", "watch"), ("x1_y more", "more"),
    ])
    func wordsAreLettersAndDigits(_ text: String, _ word: String) throws {
        var state = try Samples.state(text: text)
        let place = text.range(of: word)?.lowerBound ?? text.startIndex
        state.moveCursor(toByte: text[..<place].utf8.count)
        let found = state.sources.text.value?.string(state.wordBytes) ?? ""
        #expect(word.hasPrefix(found) && !found.isEmpty)
    }
}

extension ProgramInputs {
    /// Of the text alone.
    fileprivate var tokenCount: Int {
        (try? loadText()).flatMap { text in (try? Samples.tokenizer.get()).map { (text, $0) } }
            .flatMap { try? Document(text: $0.0, tokenizer: $0.1).tokenCount } ?? 0
    }
}
