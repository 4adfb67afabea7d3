import RopewalkCellGrid
import RopewalkPhrases

extension AppState {
    var place: Place { Place(cursor: focus.cursor, anchor: focus.anchor) }

    /// Does something, and remembers where the cursor was, if it went somewhere else than along.
    mutating func travelling(_ body: (inout AppState) -> [Effect]) -> [Effect] {
        let before = place
        let hadTokens = tokenCount > 0 && focus.hasMoved
        places.isStep = false
        let effects = body(&self)
        if hadTokens, focus.cursor != before.cursor, !places.isStep { places.leave(before) }
        return effects
    }

    /// Back through the places, or forward again where `steps` is below 0.
    mutating func goBack(_ steps: Int) {
        places.isStep = true
        for _ in 0..<min(abs(steps), 1_000) {
            guard let next = steps > 0 ? places.back.popLast() : places.forward.popLast() else {
                return refuse(steps > 0 ? say("this is the first place") : say("this is the last place"))
            }
            if steps > 0 { places.forward.append(place) } else { places.back.append(place) }
            let chosen = focus.isAnchorChosen ? focus.anchor : nil
            go(to: next)
            // Who chose a key elsewhere comes back to ask about it; it is let go where the place has one of its own.
            if case .strongest = next.anchor, let chosen { chooseAnchor(chosen) }
        }
    }

    mutating func go(to place: Place) {
        guard (0..<max(1, tokenCount)).contains(place.cursor) else {
            return travel(toByte: bytes(of: place).lowerBound)
        }
        moveCursor(to: place.cursor)
        if case .token(let token) = place.anchor, !(0..<tokenCount).contains(token) {
            focus.anchor = .strongest(rank: 0)
        } else {
            focus.anchor = place.anchor
        }
    }

    /// The bytes of a place's token, also of one that is not read.
    func bytes(of place: Place) -> Range<Int> {
        if (0..<tokenCount).contains(place.cursor), let document = queryDocument {
            return document.byteRange(ofToken: place.cursor)
        }
        return sources.full.value?.byteRange(ofToken: max(0, place.cursor + sources.shift)) ?? 0..<0
    }

    /// A digit, or the letter of a mark; nil where the key is something of its own.
    mutating func takePrefix(_ key: Key) -> [Effect]? {
        if let use = places.pending {
            places.pending = nil
            guard case .character(let letter) = key else { return [] }
            switch use {
            case .set: return perform(.places(.mark(String(letter))))
            case .go: return perform(.places(.goToMark(String(letter))))
            case .copy:
                if let thing = KeptThing.allCases.first(where: { $0.letter == letter }) {
                    return perform(.kept(.copy(thing)))
                }
                refuse(
                    say(
                        "nothing is copied by '\(letter)': t token, w word, s sentence, p paragraph, r row, c column, a Answers"
                    )
                )
                return []
            }
        }
        if case .character(let character) = key, let digit = character.wholeNumberValue, character.isASCII,
            digit > 0 || places.count != nil
        {
            places.count = min((places.count ?? 0) * 10 + digit, 999_999)
            return []
        }
        if key == .escape, places.count != nil {
            places.count = nil
            return []
        }
        return nil
    }

    /// What has been typed of a key that has more than one part; nil where nothing has.
    var pendingKeys: String? {
        if waitingKeys > 0 {
            return say("\(waitingKeys) \(waitingKeys, one: "key waits", many: "keys wait") for the text")
        }
        if let count = places.count {
            // A number before most keys is how often; before this one it is a panel's.
            return Panel(rawValue: count).map {
                say("\(count) … \(keyName(of: .panels(.preset(.next)))): \($0.name)")
            } ?? "\(count) …"
        }
        switch places.pending {
        case .set: return say("mark: a letter …")
        case .go: return say("to mark: a letter, ' back …")
        case .copy: return say("copy: t w s p of the text, r row, c column, a Answers …")
        case nil: return nil
        }
    }

    mutating func moveParagraphs(_ steps: Int) {
        guard let text = sources.text.value else { return }
        for _ in 0..<min(abs(steps), 10_000) {
            let before = (focus.cursor, window.top)
            if steps > 0 {
                moveCursor(toByte: text.paragraphStart(after: max(cursorByte, cursorEnd - 1)))
            } else {
                moveCursor(toByte: text.paragraphStart(before: cursorByte))
            }
            if (focus.cursor, window.top) == before { return }
        }
    }

    mutating func moveSections(_ steps: Int) {
        guard !outline.entries.isEmpty else { return refuse(say("no headings were found in the text")) }
        let places = outline.entries.map(\.byte)
        let next = places.partitioningIndex { $0 > window.gaze ?? max(cursorByte, cursorEnd - 1) }
        let before = places.partitioningIndex { $0 >= window.gaze ?? cursorByte }
        let index = steps > 0 ? min(next + steps - 1, places.count - 1) : max(0, before + steps)
        let isPast = steps > 0 ? next == places.count : before == 0
        if isPast { return refuse(steps > 0 ? say("no heading follows") : say("no heading comes before")) }
        travel(toByte: places[index])
    }
}
