import RopewalkDocuments
import RopewalkModels
import RopewalkPhrases

extension AppState {
    /// Begins to read another part; what is there stays until its first tokens are read.
    mutating func read(_ part: ReadPart) -> [Effect] {
        guard let full = sources.full.value, let model = sources.model.value, part.from < full.tokenCount else {
            return []
        }
        let count = tokens(of: part)
        if part.from == sources.from, runs.entering == nil, count == tokenCount {
            notice = Notice(.information, say("that is what is read"))
            return []
        }
        runs.partCount += 1
        runs.entering = EnteringPart(part: part, number: runs.partCount, byte: readingPlace)
        let ids = document(of: part, in: full).prefix(tokens: count).ids
        return [.second(.cancel), .run(.begin(ownScenario, model, ids: ids, number: runs.partCount))]
    }

    /// Takes the part whose first tokens are read in place of the one before.
    /// - Parameter beginning: nil where the model reads all tokens together, or they are few.
    mutating func enter(_ number: Int, _ beginning: Recordings?) -> [Effect] {
        guard let entering = runs.entering, entering.number == number else { return [] }
        places.leave(place)
        let (cursor, anchor, shift) = (focus.cursor, focus.anchor, sources.shift)
        let before = keyDocument
        let byte = entering.byte == cursorByte ? nil : entering.byte
        dropRuns()
        sources.from = entering.part.from
        sources.tokenLimit = entering.part.tokens == nil ? sources.askedTokens : tokens(of: entering.part)
        readPart()
        places.move(by: shift - sources.shift)
        take(cursor: cursor, anchor: anchor, of: before, movedBy: shift - sources.shift, insteadOf: byte)
        if let beginning { keep(beginning) }
        let start = laterStart ?? say("reading begins with the text: \(cost(of: entering.part))")
        notice = Notice(
            notice?.kind ?? .information, ([notice?.text, start].compactMap { $0 }).joined(separator: " · "))
        return [.second(.cancel)]
    }

    /// A part that could not be begun: what is there stays.
    mutating func refusePart(_ number: Int, _ why: String) {
        guard runs.entering?.number == number else { return }
        runs.entering = nil
        notice = Notice(.error, why)
    }

    /// Nothing of another part is kept.
    mutating func dropRuns() {
        sources.edition += 1
        runs.entering = nil
        runs.running = nil
        runs.isPaused = false
        runs.kept = KeptRuns()
        runs.shared = nil
        original = nil
        runs.lenses = ScenarioLenses()
        masks.worstQuery = 0
        heads.selected = nil
        map.showAll()
        second?.dropRuns()
        pin?.lenses = ScenarioLenses()
        // Tokens are other tokens now.
        spans = Spans()
        focus.hasMoved = true
    }

    /// Cursor and anchor stay where they are in the text, as far as that is read.
    /// - Parameters:
    ///   - before: whose tokens they are
    ///   - byte: that of a place which is looked at in place of the cursor
    private mutating func take(
        cursor: Int, anchor: Anchor, of before: Document?, movedBy steps: Int, insteadOf byte: Int?
    ) {
        /// A start token of the part before is no token of the text: in its place stands another one.
        func moved(_ token: Int) -> Int? {
            let there = token + steps
            guard (0..<tokenCount).contains(there), let before, let now = keyDocument,
                before.byteRange(ofToken: token) == now.byteRange(ofToken: there)
            else { return nil }
            return there
        }
        let place = moved(cursor) ?? 0
        if let byte, byte >= firstReadByte, byte < firstUnreadByte ?? .max {
            moveCursor(toByte: byte)
        } else {
            moveCursor(to: place)
        }
        guard case .token(let token) = anchor else { return }
        focus.anchor = moved(token).map { .token($0) } ?? .strongest(rank: 0)
    }

    /// The tokens from where a part begins to the end of the text.
    func document(of part: ReadPart, in full: Document) -> Document {
        part.from > 0 ? full.suffix(from: part.from) : full
    }
}

extension Places {
    /// All places, when tokens are counted from another one.
    mutating func move(by steps: Int) {
        func moved(_ place: Place) -> Place {
            var place = place
            place.cursor += steps
            if case .token(let token) = place.anchor { place.anchor = .token(token + steps) }
            return place
        }
        back = back.map(moved)
        forward = forward.map(moved)
        marks = marks.mapValues(moved)
    }
}

extension SecondModel {
    /// What was read of another part is no use.
    mutating func dropRuns() {
        kept = KeptRuns()
        lenses = ScenarioLenses()
        failed = nil
        end = nil
        forgetRun()
    }
}
