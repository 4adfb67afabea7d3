import RopewalkDocuments
import RopewalkPhrases
import RopewalkViews

/// What is noted, copied and written.
package enum KeptAction: Hashable, Sendable {
    /// At the cursor; an empty one takes away what is there.
    case note(String)
    case promptForNote
    /// Notes of a file in place of those that are there.
    case readNotes(String)
    /// The next key is the letter of what is copied.
    case promptToCopy
    case copy(KeptThing)
    /// "row a.csv"; "row! a.csv" for one that is there.
    case save(String)
    case promptToSave
    /// Where the figure of the panel with the keys is written.
    case promptForFigure
    /// What is read, as a folder that opens without the model.
    case saveRecording(String)
}

extension KeptAction: ActionConcern {
    private static let note = ActionParameter.text("TEXT", example: "a definition")
    private static let path = ActionParameter.text("PATH", example: "notes.txt")
    private static let folder = ActionParameter.text("PATH", example: "moby-dick.recording")
    private static let file = ActionParameter.text("WHAT PATH", example: "row row.csv")

    static let forms: [ActionForm] = [
        ActionForm("note", note, "a note at the cursor") { .kept(.note($0)) },
        ActionForm("note.prompt", "asks for a note at the cursor; an empty one takes it away", .kept(.promptForNote)),
        ActionForm("note.read", path, "notes of a file in place of those that are there") { .kept(.readNotes($0)) },
        ActionForm("copy", ActionParameter<KeptThing>.name, "gives something to the terminal's clipboard") {
            .kept(.copy($0))
        },
        ActionForm("copy.prompt", "the next key says what is copied", .kept(.promptToCopy)),
        ActionForm(
            "save", file,
            "writes a figure, a table or the session to a file: txt, csv, json, npy; screen, figure, slide: svg, png, html; `row!` replaces one that is there"
        ) {
            .kept(.save($0))
        },
        ActionForm("save.prompt", "asks what to write, and where", .kept(.promptToSave)),
        ActionForm(
            "figure.prompt", "asks where to write the focused panel as a figure for a paper or a slide",
            .kept(.promptForFigure)),
        ActionForm(
            "recording.save", folder, "writes what was read of the text to a folder, which opens without the model"
        ) {
            .kept(.saveRecording($0))
        },
    ]

    var text: String {
        switch self {
        case .note(let text): "note " + Self.note.write(text)
        case .promptForNote: "note.prompt"
        case .readNotes(let path): "note.read " + Self.path.write(path)
        case .promptToCopy: "copy.prompt"
        case .copy(let thing): "copy \(thing)"
        case .save(let file): "save " + Self.file.write(file)
        case .promptToSave: "save.prompt"
        case .promptForFigure: "figure.prompt"
        case .saveRecording(let path): "recording.save " + Self.folder.write(path)
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .note, .promptForNote, .readNotes: state.tokenObstacle
        case .promptToCopy, .copy, .promptToSave, .promptForFigure: state.sources.text.failure
        case .save(let file): state.saveProblem(file)
        case .saveRecording: state.recordingObstacle
        }
    }
}

/// What is done with files.
package enum KeptWork: Sendable {
    case save(KeptFile)
    case saveRecording(RecordingToWrite)
    /// Nothing is written, which is said.
    case refuse(String)
    case readNotes(String)
}

/// What came of it.
package enum KeptReport: Sendable {
    case saved(KeptFile)
    /// A recording of so many tokens was written to a folder.
    case recorded(path: String, tokens: Int)
    case notes([Notes.Note], path: String)
    case failed(String)
}

/// What something is needed for.
package enum KeptUse: Equatable, Sendable {
    case copy
    case save(path: String, replaces: Bool)
}

extension AppState {
    mutating func perform(_ action: KeptAction) -> [Effect] {
        if let obstacle = action.obstacle(in: self) {
            switch action {
            case .save, .saveRecording: refuseToWrite(obstacle)
            default: refuse(obstacle)
            }
            return []
        }
        switch action {
        case .note(let text): put(note: text)
        case .promptForNote:
            overlay = .prompt(Prompt(purpose: .note, text: notes.note(at: noteBytes)?.text ?? ""))
        case .readNotes(let path): return [.kept(.readNotes(path))]
        case .promptToCopy: places.pending = .copy
        case .copy(let thing): return [.find(.kept(thing, .copy))]
        case .save(let file):
            if let session = Self.session(typed: file) { return perform(.session(session)) }
            guard let (thing, path, replaces) = Self.save(typed: file) else { return [] }
            return [.find(.kept(thing, .save(path: path, replaces: replaces)))]
        case .promptToSave: overlay = .prompt(Prompt(purpose: .save, text: notes.isUnsaved ? "notes " : "row "))
        case .promptForFigure: overlay = .prompt(Prompt(purpose: .save, text: "figure \(figureName)"))
        case .saveRecording(let path):
            guard let recording = recordingToWrite(to: path) else { return [] }
            return [.kept(.saveRecording(recording))]
        }
        return []
    }

    // MARK: Notes

    /// The bytes of the cursor's token, or of the first one that has any.
    var noteBytes: Range<Int> { cursorByte..<max(cursorByte + 1, cursorEnd) }

    mutating func put(note text: String) {
        let word = queryDocument?.wholeName(ofToken: focus.cursor) ?? ""
        let byte = notes.note(at: noteBytes)?.byte ?? cursorByte
        notes.put(Notes.Note(byte: byte, word: word, text: text))
        notice = Notice(
            .information,
            text.isEmpty
                ? say("the note is taken away")
                : say(
                    "noted at “\(word)”: \(keyName(of: .places(.list(.outline)))) lists notes, \(keyName(of: .kept(.promptToSave))) writes them where you say"
                ))
    }

    /// Whether leaving would lose notes; says so once.
    mutating func keepsUnsavedNotes() -> Bool {
        guard notes.isUnsaved, !notes.all.isEmpty, !notes.hasWarned else { return false }
        notes.hasWarned = true
        let count = notes.all.count == 1 ? say("1 note is") : say("\(notes.all.count) notes are")
        notice = Notice(
            .warning,
            say(
                "\(count) in no file: \(keyName(of: .kept(.promptToSave))) and notes PATH writes them, \(keyName(of: .program(.quit))) leaves without"
            ))
        return true
    }

    // MARK: Files

    /// A name for the figure of the panel with the keys: text, panel and head.
    private var figureName: String {
        let text = sources.text.value?.name.split(separator: "/").last.map(String.init) ?? "text"
        let stem = text.prefix { $0 != "." }.filter { $0.isLetter || $0.isNumber || "-_".contains($0) }
        let name = "\(stem.prefix(24))-\(panels.focused)-L\(focus.layer)H\(focus.head)"
        return name + (panels.focused == .text ? ".html" : ".svg")
    }

    /// "row! a.csv": what, where, and whether it may replace a file.
    static func save(typed: String) -> (thing: KeptThing, path: String, replaces: Bool)? {
        let parts = typed.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2, let path = parts.last.map({ $0.drop(while: \.isWhitespace) }), !path.isEmpty else {
            return nil
        }
        let replaces = parts[0].hasSuffix("!")
        guard let thing = KeptThing(rawValue: replaces ? String(parts[0].dropLast()) : parts[0]) else { return nil }
        // Who types all of it behind the "row" that is proposed means what he typed.
        if let typed = save(typed: String(path)) { return typed }
        return (thing, String(path), replaces)
    }

    /// "work.json", "session work": a file for all that is open; nil where something else is meant.
    static func session(typed: String) -> SessionAction? {
        let parts = typed.split(separator: " ", maxSplits: 1).map { String($0).trimmed }
        guard let first = parts.first else { return nil }
        if parts.count == 2, ["session", "session!"].contains(first), !parts[1].isEmpty {
            return first.hasSuffix("!") ? .replace(parts[1]) : .save(parts[1])
        }
        return parts.count == 1 && first.hasSuffix(".json") ? .save(first) : nil
    }

    func saveProblem(_ typed: String) -> String? {
        if let session = Self.session(typed: typed) { return session.obstacle(in: self) }
        guard Self.save(typed: typed) == nil else { return nil }
        let names = (KeptThing.allCases.map(\.rawValue) + ["session"]).joined(separator: ", ")
        return say("write what and where, as in: row a.csv (\(names))")
    }

    /// What was found of something that is copied or written.
    mutating func take(_ contents: KeptContents?, of thing: KeptThing, for use: KeptUse) -> [Effect] {
        var obstacle = contents == nil ? say("nothing is known of \(thing.title) yet") : nil
        if case .missing(let why)? = contents { obstacle = why }
        guard let contents, obstacle == nil else {
            if use == .copy { refuse(obstacle ?? "") } else { refuseToWrite(obstacle ?? "") }
            return []
        }
        switch use {
        case .copy:
            let text = contents.text
            notice = Notice(
                .information,
                say(
                    """
                    \(thing.title), \(text.utf8.count.grouped) bytes, was given to the terminal's clipboard, \
                    where it takes that (OSC 52): \(Self.beginning(text))
                    """))
            return [.copy(text)]
        case .save(let path, let replaces):
            return [.kept(.save(KeptFile(path: path, contents: contents, replaces: replaces)))]
        }
    }

    private static func beginning(_ text: String) -> String {
        let line = text.prefix(60).map { $0.isNewline || $0 == "\t" ? " " : String($0) }.joined()
        return "“\(line)\(text.count > 60 ? "…" : "")”"
    }

    /// What came of work with files.
    mutating func take(_ report: KeptReport) -> [Effect] {
        switch report {
        case .saved(let file):
            if case .session(let session) = file.contents {
                takeSaved(session, path: file.path)
                return []
            }
            if case .text(let text) = file.contents, text == notes.fileText {
                notes.isUnsaved = false
                notes.path = file.path
            }
            notice = Notice(.information, say("\(file.path) is written"))
        case .notes(let read, let path):
            notes.take(read, path: path)
            notice = Notice(
                .information,
                say(
                    "\(Figures.count(read.count, "note")) \(read.count == 1 ? say("was") : say("were")) read from \(path)"
                ))
        case .recorded(let path, let tokens):
            notice = Notice(
                .information, say("\(tokens.grouped) tokens are recorded in \(path): ropewalk \(path) opens it"))
        case .failed(let why):
            unwritten.append(why)
            notice = Notice(.error, why)
        }
        return []
    }

    /// Says why a file is not written; who plays a script without a screen is told at its end.
    mutating func refuseToWrite(_ why: String) {
        unwritten.append(why)
        refuse(why)
    }
}

extension EffectRunner {
    func job(for work: KeptWork) -> Job {
        switch work {
        case .refuse(let why): Job { self.post(.kept(.failed(why))) }
        case .save(let file):
            Job(on: texts) {
                do {
                    try self.inputs.save(file)
                    self.post(.kept(.saved(file)))
                } catch { self.post(.kept(.failed("\(error)"))) }
            }
        case .saveRecording(let recording):
            Job(on: texts) {
                do { self.post(.kept(.recorded(path: recording.path, tokens: try recording.write()))) } catch {
                    self.post(.kept(.failed("\(error)")))
                }
            }
        case .readNotes(let path):
            Job(on: texts) {
                do {
                    let text = try SourceText(contentsOf: path, sizeLimit: 1 << 24)
                    guard let notes = Notes.read(text.string(0..<text.bytes.count)) else {
                        return self.post(
                            .kept(.failed(say("\(path): holds no notes: byte, word, note, with tabs between"))))
                    }
                    self.post(.kept(.notes(notes, path: path)))
                } catch { self.post(.kept(.failed("\(error)"))) }
            }
        }
    }
}
