import RopewalkDocuments
import RopewalkPhrases

/// Why what is open cannot be kept.
struct SavingProblem: Error {
    let text: String
}

extension AppState {
    /// The panels and colours that stay in a session.
    var savedScreen: SavedScreen {
        SavedScreen(
            panels: Panel.allCases.filter { panels.shown.contains($0) }.map { "\($0)" }, focused: "\(panels.focused)",
            zoomed: panels.isZoomed ? "on" : "off", choices: SavedChoice.values(SavedChoice.screen, of: self))
    }

    /// The text with its model, and where the reader is in it.
    fileprivate func saved(_ inputs: ProgramInputs) throws(SavingProblem) -> SavedText {
        var saved = SavedText()
        saved.text = try savedSource(inputs)
        saved.model = inputs.modelPath.map {
            SavedModel(path: $0, adapter: inputs.adapterPath, weightsLike: inputs.weightChange?.spec)
        }
        saved.beside = second?.usable.map {
            SavedModel(path: $0.path, adapter: $0.adapterPath, weightsLike: $0.weightChange?.spec)
        }
        saved.methods = scenario == ownScenario ? [] : scenario.specs
        saved.from = sources.from > 0 ? sources.from : nil
        saved.tokens = sources.askedTokens
        (saved.kind, saved.layer, saved.head) = (focus.kind.rawValue, focus.layer, focus.head)
        (saved.cursor, saved.anchor) = (savedPlace(ofToken: focus.cursor), savedAnchor(focus.anchor))
        saved.top = window.top
        saved.map = map.cell.map { SavedMap(cell: $0, query: map.firstQuery, key: map.firstKey) }
        saved.marks = places.marks.sorted { $0.key < $1.key }.map { letter, place in
            SavedMark(
                letter: String(letter), cursor: savedPlace(ofToken: place.cursor), anchor: savedAnchor(place.anchor))
        }
        saved.notes = notes.all.map { SavedNote(place: savedPlace(of: $0), note: $0.text) }
        saved.compare = masks.comparison.map { $0.specs.joined(separator: " ") }
        saved.expect = masks.claims.text.isEmpty ? nil : masks.claims.text
        saved.subspace = positions.subspace
        saved.pages = SavedChoice.values(SavedChoice.pages, of: self)
        saveSelection(in: &saved)
        return saved
    }

    /// A text without a file is kept inside.
    private func savedSource(_ inputs: ProgramInputs) throws(SavingProblem) -> SavedSource {
        var source = SavedSource()
        if inputs.takesSpecialAsText { source.special = "text" }
        let text = sources.text.value
        (source.bytes, source.hash) = (text?.bytes.count, text?.fingerprint)
        if let ids = inputs.idsFile {
            source.ids = ids
        } else if let file = inputs.textFile {
            source.file = file.path
        } else if let text {
            guard text.bytes.count <= SavedSession.mostText else {
                throw SavingProblem(
                    text: say(
                        """
                        \(text.name) is in no file and has \(text.bytes.count.grouped) bytes: a session keeps texts \
                        of up to \(SavedSession.mostText.grouped) inside; open it from a file
                        """))
            }
            (source.content, source.name) = (text.string(0..<text.bytes.count), text.name)
        } else {
            throw SavingProblem(text: say("\(inputs.name) is not read yet, and is in no file"))
        }
        return source
    }

    /// A token of those that are read, or of all of the text.
    func savedPlace(ofToken token: Int) -> SavedPlace {
        guard let text = sources.text.value else { return SavedPlace(byte: 0, word: "", before: "") }
        guard (0..<tokenCount).contains(token), let document = queryDocument else {
            return SavedPlace(bytes(of: Place(cursor: token, anchor: focus.anchor)), token: nil, in: text)
        }
        return SavedPlace(document.characterBytes(ofToken: token), token: token, in: text)
    }

    private func savedAnchor(_ anchor: Anchor) -> SavedAnchor {
        switch anchor {
        case .strongest(let rank): return SavedAnchor(rank: rank)
        case .token(let token):
            guard sources.text.value != nil, keyDocument != nil else { return SavedAnchor(rank: 0) }
            return SavedAnchor(place: savedPlace(ofKey: token))
        }
    }

    /// A token that is read as a key, which stands in another text where the attention goes across.
    func savedPlace(ofKey token: Int) -> SavedPlace {
        guard let text = sources.text.value, let document = keyDocument else { return savedPlace(ofToken: token) }
        return SavedPlace(document.characterBytes(ofToken: token), token: token, in: text)
    }

    private func savedPlace(of note: Notes.Note) -> SavedPlace {
        guard let text = sources.text.value else { return SavedPlace(byte: note.byte, word: "", before: "") }
        let token = queryDocument?.token(atByte: note.byte)
        let end = token.flatMap { queryDocument?.characterBytes(ofToken: $0).upperBound } ?? note.byte
        return SavedPlace(note.byte..<max(note.byte, end), token: nil, in: text)
    }
}

extension SavedText {
    /// A text that was never on the screen.
    init(unopened inputs: ProgramInputs) throws(SavingProblem) {
        self.init()
        guard inputs.textFile != nil || inputs.idsFile != nil else {
            throw SavingProblem(text: say("\(inputs.name) is not read yet, and is in no file"))
        }
        (text.ids, text.file) = (inputs.idsFile, inputs.idsFile == nil ? inputs.textFile?.path : nil)
        text.special = inputs.takesSpecialAsText ? "text" : nil
        model = inputs.modelPath.map {
            SavedModel(path: $0, adapter: inputs.adapterPath, weightsLike: inputs.weightChange?.spec)
        }
    }
}

extension Sessions {
    /// All that is open, as a file keeps it.
    func saved(beside present: AppState, _ inputs: ProgramInputs) throws(SavingProblem) -> SavedSession {
        var texts: [SavedText] = []
        for (state, its) in states(beside: present, inputs) {
            if let waiting = state?.returning ?? (state == nil ? its.start : nil), waiting.origin != .lastPlace {
                // It was never on the screen: it stays as it was saved.
                texts.append(waiting.text)
            } else {
                if let state { texts.append(try state.saved(its)) } else { texts.append(try SavedText(unopened: its)) }
            }
        }
        return SavedSession(shown: shown, screen: present.savedScreen, texts: texts)
    }

    /// The effect that writes it, or the message of what stands in the way.
    func saving(_ path: String, replaces: Bool, beside present: AppState, _ inputs: ProgramInputs) -> KeptWork {
        do throws(SavingProblem) {
            let session = try saved(beside: present, inputs)
            return .save(KeptFile(path: path, contents: .session(session), replaces: replaces))
        } catch {
            return .refuse(error.text)
        }
    }
}

extension AppState {
    /// All that is open has been written to a file.
    mutating func takeSaved(_ session: SavedSession, path: String) {
        sessions.file = path
        notes.isUnsaved = false
        let count = session.texts.count
        notice = Notice(
            .information,
            say(
                "\(path) is written with \(count) \(count, one: "text", many: "texts"): ropewalk --session \(path) goes on here"
            ))
    }
}
