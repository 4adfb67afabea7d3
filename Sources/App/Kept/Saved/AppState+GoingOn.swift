import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkModels
import RopewalkPhrases

extension AppState {
    /// Before the text of a session is opened.
    package init(size: Size, depth: ColourDepth, ground: Ground, goingOn start: SessionStart) {
        self.init(
            size: size, depth: depth, ground: ground, scenario: start.scenario, tokenLimit: start.text.tokens)
        sources.from = start.text.from ?? 0
        if start.text.beside != nil { second = SecondModel() }
        if case .session(let file) = start.origin { sessions.file = file }
        returning = start
    }

    /// Goes on where the reader was, as soon as there are tokens.
    mutating func goOn() {
        guard let start = returning, tokenCount > 0, let source = sources.text.value else { return }
        returning = nil
        let before = notice
        if let screen = start.screen { take(screen) }
        masks.comparison = start.comparison
        if let expect = start.text.expect, let claims = try? MaskClaims(parsing: expect) { masks.claims = claims }
        SavedChoice.take(start.text.pages, of: SavedChoice.pages, into: &self)
        var refused = takeHead(of: start.text)
        var search = PlaceSearch(source, isSame: isSame(start.text.text, as: source))
        take(start.text, by: &search)
        takeSelection(start.text, by: &search)
        refused += takeSearchAndPin(start)
        let remarks =
            [before].compactMap { $0 } + refused.map { Notice(.warning, $0, isRefusal: true) }
            + [remark(on: start, search)].compactMap { $0 }
        notice = remarks.first.map { first in
            Notice(
                remarks.contains { $0.kind == .warning } && first.kind == .information ? .warning : first.kind,
                remarks.map(\.text).joined(separator: " · "), isRefusal: remarks.contains(where: \.isRefusal))
        }
    }

    /// Whether a text has not changed since it was saved; nothing is known of last places, whose words tell it.
    private func isSame(_ saved: SavedSource, as text: SourceText) -> Bool {
        guard let bytes = saved.bytes, let hash = saved.hash else { return saved.content != nil }
        return bytes == text.bytes.count && hash == text.fingerprint
    }

    /// Looks at the kind of attention, the layer, the head and the subspace; why one of them cannot be looked at.
    private mutating func takeHead(of text: SavedText) -> [String] {
        var refused: [String] = []
        if let kind = text.kind.flatMap(AttentionKind.init(rawValue:)) {
            if let obstacle = kindObstacle(.one(kind)) { refused.append(obstacle) } else { show(kind) }
        }
        if text.layer != nil || text.head != nil {
            let head = HeadIndex(layer: text.layer ?? focus.layer, head: text.head ?? focus.head)
            if let obstacle = headObstacle(head) {
                refused.append(obstacle)
            } else {
                choose(layer: head.layer, head: head.head)
            }
        }
        if let subspace = text.subspace {
            selectSubspace(subspace)
            if let rotary = rotaryLayer, positions.subspace != subspace {
                let last = rotary.context.subspaces - 1
                refused.append(say("there is no subspace \(subspace.grouped): they go from 0 to \(last)"))
            }
        }
        return refused
    }

    private mutating func take(_ screen: SavedScreen) {
        let panel = { (name: String) in Panel.allCases.first { "\($0)" == name } }
        SavedChoice.take(screen.choices, of: SavedChoice.screen, into: &self)
        panels.take(panels.preset)
        let shown = Set(screen.panels.compactMap(panel))
        if !shown.isEmpty { panels.shown = shown }
        if let focused = panel(screen.focused) { panels.focus(focused) }
        panels.isZoomed = screen.zoomed == "on"
    }

    private mutating func take(_ text: SavedText, by search: inout PlaceSearch) {
        for note in text.notes {
            let word = TokenName.printable(Array(note.place.word.utf8))
            notes.put(Notes.Note(byte: search.byte(of: note.place), word: word, text: note.note))
        }
        notes.isUnsaved = false
        for mark in text.marks {
            guard let letter = mark.letter.first else { continue }
            let cursor = token(of: mark.cursor, by: &search)
            places.marks[letter] = Place(cursor: cursor, anchor: anchor(mark.anchor, by: &search))
        }
        if let top = text.top, search.isSame { window.top = min(top, sources.text.value?.bytes.count ?? 0) }
        if let cursor = text.cursor {
            let place = Place(cursor: token(of: cursor, by: &search), anchor: anchor(text.anchor, by: &search))
            go(to: place)
        }
        if let map = text.map, search.isSame {
            self.map.cell = map.cell
            (self.map.firstQuery, self.map.firstKey) = (map.query / map.cell * map.cell, map.key / map.cell * map.cell)
        }
    }

    private func anchor(_ saved: SavedAnchor?, by search: inout PlaceSearch) -> Anchor {
        if let place = saved?.place { return .token(token(of: place, by: &search, isKey: true)) }
        return .strongest(rank: saved?.rank ?? 0)
    }

    /// The token of a place, counted from where reading begins: of several with the same first byte the one that it was.
    func token(of place: SavedPlace, by search: inout PlaceSearch, isKey: Bool = false) -> Int {
        let byte = search.byte(of: place)
        guard let document = isKey ? keyDocument : queryDocument else { return 0 }
        if let token = place.token, (0..<document.tokenCount).contains(token),
            document.characterBytes(ofToken: token).lowerBound == byte
        {
            return token
        }
        let isRead = byte >= firstReadByte && byte < firstUnreadByte ?? .max
        guard !isRead, let full = sources.full.value else { return document.nearestToken(toByte: byte) }
        return full.nearestToken(toByte: byte) - sources.shift
    }
}

extension AppState {
    /// What a reader who goes on is told; nil where all is as it was.
    private func remark(on start: SessionStart, _ search: PlaceSearch) -> Notice? {
        let name = sources.text.value?.name ?? say("the text")
        switch start.origin {
        case .session(let file):
            guard !search.isSame else { return nil }
            return Notice(.warning, say("\(name) has changed since \(file) was saved: \(search.words)"))
        case .lastPlace:
            let word = queryDocument?.wholeName(ofToken: focus.cursor) ?? ""
            let (token, key) = (focus.cursor.grouped, keyName(of: .move(.start)))
            return Notice(
                .information,
                search.lost > 0
                    ? say(
                        "near where you were last time, in a text that has changed: token \(token) “\(word)” · \(key) goes to the beginning"
                    )
                    : say("where you were last time: token \(token) “\(word)” · \(key) goes to the beginning"))
        }
    }
}
