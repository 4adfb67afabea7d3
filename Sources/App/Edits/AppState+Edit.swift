import RopewalkDocuments
import RopewalkModels
import RopewalkPhrases

extension AppState {
    /// What is known of the file of the text, and of the text when it is another one.
    mutating func take(_ report: EditReport) -> [Effect] {
        switch report {
        case .changedOnDisk:
            sources.isStale = true
            let name = sources.text.value?.name ?? say("the text")
            notice = Notice(
                .information,
                say("\(name) has changed on disk: \(keyName(of: .edit(.reload))) reads it anew, the place stays"))
        case .reloaded(let text): return takeReloaded(text)
        case .reloadFailed(let why): notice = Notice(.error, why)
        case .cut(let text, let document, .reload):
            return adopt(text, document, remark: say("as it was before"), session: nil)
        case .cut(let text, let document, .change(let remark)):
            var changed = self
            changed.notice = nil
            _ = changed.adopt(text, document, remark: remark, session: sessions.current)
            return [.session(.open(changed))]
        case .cutFailed(let why): notice = Notice(.error, why)
        case .editorEnded(let problem):
            if let problem { notice = Notice(.error, problem) }
            return problem == nil ? [.edit(.reload)] : []
        }
        return []
    }

    private mutating func takeReloaded(_ text: SourceText) -> [Effect] {
        guard let present = sources.text.value, let model = sources.model.value, sources.document.value != nil else {
            refuse(say("the text is not cut into tokens yet: \(keyName(of: .edit(.reload))) reads the file anew then"))
            return []
        }
        sources.isStale = false
        guard text.bytes != present.bytes else {
            if notice == nil { notice = Notice(.information, say("the file holds what is on the screen")) }
            return []
        }
        return [.edit(.cut(text, model, .reload))]
    }

    /// A session is on the screen again: work goes on, and its text may have changed meanwhile.
    mutating func resume(byte: Int?) -> [Effect] {
        if let byte { moveCursor(toByte: byte) }
        followRuns()
        let outline = sources.text.value.map { [Effect.edit(.outline($0))] } ?? []
        return [.edit(.watch)] + outline + admitSecond()
    }

    /// Takes another text in place of the present one. Cursor, anchor, marks and where reading begins keep their places;
    /// what was read of the unchanged beginning stays.
    mutating func adopt(_ text: SourceText, _ full: Document, remark: String, session: Int?) -> [Effect] {
        guard let present = sources.text.value, let document = sources.document.value, !text.isEmpty,
            full.tokenCount > 0
        else {
            notice = Notice(.error, say("\(text.name) has no tokens any more: what was read stays"))
            return []
        }
        let change = TextChange(from: present.bytes, to: text.bytes)
        // Places as bytes of the new text, before tokens are counted anew.
        let bytes = places.tokens(and: place).reduce(into: [Int: Int]()) { bytes, token in
            let range = self.bytes(of: Place(cursor: token, anchor: focus.anchor))
            if !range.isEmpty { bytes[token] = change.moved(range.lowerBound) }
        }
        let (here, top, from) = (place, change.moved(window.top), change.moved(firstReadByte))
        let (shared, before) = (runs.kept.plain, self.original)
        let (oldFull, oldShift) = (sources.full.value ?? document, sources.shift)
        dropRuns()
        sources.text = .loaded(text)
        sources.full = .loaded(full)
        sources.from = sources.from > 0 ? full.nearestToken(toByte: from) : 0
        readPart()
        runs.shared = shared
        let (first, firstFull, firstShift) =
            before.map { ($0.document, $0.full, $0.shift) } ?? (document, oldFull, oldShift)
        // Of a text that was changed several times the first stays the original.
        self.original = Original(
            document: first, recordings: before == nil ? shared : before?.recordings, full: firstFull,
            shift: firstShift,
            tokens: TextChange(from: firstFull.ids, to: full.ids), presentShift: sources.shift,
            session: before?.session ?? session,
            remark: [before?.remark, remark].compactMap { $0 }.joined(separator: ", "))
        let shift = sources.shift
        places.convert { token in bytes[token].map { full.nearestToken(toByte: $0) - shift } ?? token }
        notes.move(change.moved)
        window.top = top
        let moved = here.converted { token in
            bytes[token].map { full.nearestToken(toByte: $0) - shift } ?? token
        }
        moveCursor(to: moved.cursor)
        focus.anchor = moved.anchor.isToken(in: 0..<tokenCount) ? moved.anchor : .strongest(rank: 0)
        forgetPassages()
        if let search = window.search { window.search = self.search(search.pattern, forwards: search.isForwards) }
        second?.admitAgain()
        return [.edit(.outline(text)), .second(.cancel)] + admitSecond()
    }
}

extension Places {
    /// The tokens of all places, and of one more.
    fileprivate func tokens(and place: Place) -> Set<Int> {
        Set((back + forward + Array(marks.values) + [place]).flatMap { $0.tokens })
    }

    /// All places with other numbers for their tokens.
    fileprivate mutating func convert(_ token: (Int) -> Int) {
        back = back.map { $0.converted(token) }
        forward = forward.map { $0.converted(token) }
        marks = marks.mapValues { $0.converted(token) }
    }
}

extension Place {
    fileprivate var tokens: [Int] {
        if case .token(let token) = anchor { return [cursor, token] }
        return [cursor]
    }

    fileprivate func converted(_ token: (Int) -> Int) -> Place {
        var place = self
        place.cursor = token(cursor)
        if case .token(let key) = anchor { place.anchor = .token(token(key)) }
        return place
    }
}

extension Anchor {
    /// Whether it is none that stays, or one of those that are read.
    fileprivate func isToken(in read: Range<Int>) -> Bool {
        if case .token(let token) = self { return read.contains(token) }
        return true
    }
}

extension SecondModel {
    /// Whether its tokens are the first one's has to be asked again for another text.
    fileprivate mutating func admitAgain() {
        dropRuns()
        guard let model = model.value else { return }
        ownTokens = nil
        guard !hasSameTokens else { return }
        (candidate, self.model) = (.loaded(model), .loading)
    }
}
