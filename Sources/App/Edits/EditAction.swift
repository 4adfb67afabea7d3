import RopewalkDocuments
import RopewalkPhrases

/// What changes the text.
package enum EditAction: Hashable, Sendable {
    /// Reads the file anew.
    case reload
    /// Opens it in the reader's editor.
    case editor
    /// Another word in place of the cursor's.
    case word(String)
    case promptForWord
    /// From the changed text to the original, and back.
    case original
    /// Lists what the change has changed.
    case changes
    /// In that list.
    case changesEntry(Int), changesTake
}

extension EditAction: ActionConcern {
    private static let word = ActionParameter.text("WORD", example: "rabbit")

    static let forms: [ActionForm] = [
        ActionForm("edit.reload", "reads the file of the text anew; the place stays", .edit(.reload)),
        ActionForm("edit.editor", "opens the file of the text in VISUAL or EDITOR", .edit(.editor)),
        ActionForm("edit.word", word, "a changed text beside this one: other letters for the cursor's word") {
            .edit(.word($0))
        },
        ActionForm("edit.word.prompt", "asks for other letters for the cursor's word", .edit(.promptForWord)),
        ActionForm("edit.original", "from the changed text to the original, and back", .edit(.original)),
        ActionForm("edit.changes", "lists what the change of the text changed", .edit(.changes)),
        ActionForm("edit.changes.entry", .steps, "in that list: down or up") { .edit(.changesEntry($0)) },
        ActionForm("edit.changes.take", "in that list: goes to the token", .edit(.changesTake)),
    ]

    var text: String {
        switch self {
        case .reload: "edit.reload"
        case .editor: "edit.editor"
        case .word(let text): "edit.word " + Self.word.write(text)
        case .promptForWord: "edit.word.prompt"
        case .original: "edit.original"
        case .changes: "edit.changes"
        case .changesEntry(let count): "edit.changes.entry " + ActionParameter<Int>.steps.write(count)
        case .changesTake: "edit.changes.take"
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .reload, .editor:
            return state.sources.path == nil ? say("the text is in no file of its own") : nil
        case .word, .promptForWord:
            return state.tokenObstacle ?? state.readingMoveObstacle
                ?? (state.wordBytes.isEmpty ? say("no word is at the cursor") : nil)
        case .changes: return state.tokenObstacle ?? state.changeObstacle
        case .changesEntry, .changesTake:
            guard case .changes = state.overlay else { return say("the list of changes is closed") }
            return nil
        case .original:
            return state.otherVersion == nil
                ? say(
                    "nothing has been changed: \(state.keyName(of: .edit(.promptForWord))) changes the cursor's word beside the text"
                ) : nil
        }
    }
}

extension AppState {
    mutating func perform(_ action: EditAction) -> [Effect] {
        if let obstacle = action.obstacle(in: self) {
            refuse(obstacle)
            return []
        }
        switch action {
        case .reload: return [.edit(.reload)]
        case .editor:
            guard let path = sources.path, let text = sources.text.value else { return [] }
            return [.editor(path: path, line: text.number(ofLineAt: max(cursorByte, cursorEnd - 1)))]
        case .word(let word): return change(to: word)
        case .promptForWord:
            let word = sources.text.value?.string(wordBytes) ?? ""
            overlay = .prompt(Prompt(purpose: .word, text: word, isProposal: true))
            return []
        case .original: return goToOtherVersion()
        case .changes: return [.find(.changes)]
        case .changesEntry(let count):
            if case .changes(var list) = overlay {
                list.select(list.selected + count)
                overlay = .changes(list)
            }
        case .changesTake:
            guard case .changes(let list) = overlay, let token = list.token else { return [] }
            overlay = nil
            moveCursor(to: token)
        }
        return []
    }

    /// Puts other letters for the cursor's word into a text of its own.
    mutating func change(to word: String) -> [Effect] {
        guard let text = sources.text.value, let model = sources.model.value else { return [] }
        let range = wordBytes
        let before = text.string(range)
        guard word != before else {
            refuse(say("that is what stands there"))
            return []
        }
        let bytes = Array(text.bytes[..<range.lowerBound]) + Array(word.utf8) + Array(text.bytes[range.upperBound...])
        do throws(DocumentError) {
            let changed = try SourceText(bytes, name: text.name)
            return [.edit(.cut(changed, model, .change("“\(before.prefix(20))” → “\(word.prefix(20))”")))]
        } catch {
            notice = Notice(.error, error.description)
            return []
        }
    }

    /// The bytes of the word that the cursor's token is a part of: letters and digits, else the token without blanks.
    var wordBytes: Range<Int> {
        guard let text = sources.text.value, let document = queryDocument, tokenCount > 0 else { return 0..<0 }
        let token = document.characterBytes(ofToken: focus.cursor)
        var (start, end) = (token.lowerBound, token.upperBound)
        while start < end, text.bytes[start] <= 0x20 { start += 1 }
        while end > start, text.bytes[end - 1] <= 0x20 { end -= 1 }
        // Of a token such as `("x` the letters are the word.
        guard let letter = (start..<end).first(where: { Self.isLetter(text.bytes[$0]) }) else { return start..<end }
        start = letter
        end = (letter..<end).first { !Self.isLetter(text.bytes[$0]) } ?? end
        while start > 0, Self.isLetter(text.bytes[start - 1]), end - start < 100 { start -= 1 }
        while end < text.bytes.count, Self.isLetter(text.bytes[end]), end - start < 100 { end += 1 }
        return start..<end
    }

    /// Of ASCII: characters beyond may be words by themselves, as in Chinese.
    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// The session with the original of this text, or with this one changed; nil where there is none.
    fileprivate var otherVersion: Int? {
        if let session = original?.session { return sessions.entries.contains { $0.id == session } ? session : nil }
        return sessions.entries.last { $0.original == sessions.current }?.id
    }

    /// The cursor stays on the same word.
    private func goToOtherVersion() -> [Effect] {
        guard let other = otherVersion else { return [] }
        // The way back is known where this is the changed text.
        let token = original?.place(of: focus.cursor)
        let byte = token.flatMap { original?.document.byteRange(ofToken: $0).lowerBound }
        return [.session(.take(other, byte: byte))]
    }
}

extension SourceText {
    /// The line that a byte lies in as an editor counts it, from 1.
    func number(ofLineAt byte: Int) -> Int { 1 + bytes.prefix(byte).count { $0 == 0x0A } }
}
