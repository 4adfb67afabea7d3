import RopewalkPhrases

/// What goes back, marks places, and lists them.
package enum PlaceAction: Hashable, Sendable {
    /// Back through the places where the cursor was, or forward again (below 0).
    case back(Int)
    case mark(String), goToMark(String)
    /// The next key is the letter.
    case promptForMark, promptToGo
    case list(PlaceList.Kind)
    /// In an open list.
    case nextList, entry(Int), pick(Int), take
}

extension PlaceAction: ActionConcern {
    private static let letter = ActionParameter<String>(
        title: "LETTER", example: "a", read: { $0.count == 1 && $0 != ";" ? $0 : nil }, write: { $0 })

    static let forms: [ActionForm] = [
        ActionForm("place.back", .steps, "back to where the cursor was, or forward again") { .places(.back($0)) },
        ActionForm("mark", letter, "marks the place of the cursor and its anchor") { .places(.mark($0)) },
        ActionForm("mark.go", letter, "to a marked place; ' is where the cursor was") { .places(.goToMark($0)) },
        ActionForm("mark.prompt", "the next key marks the place", .places(.promptForMark)),
        ActionForm("mark.go.prompt", "the next key says to which mark", .places(.promptToGo)),
        ActionForm("places", ActionParameter<PlaceList.Kind>.name, "lists headings, hits, marks or notes") {
            .places(.list($0))
        },
        ActionForm("places.next", "in the list of places: the next list", .places(.nextList)),
        ActionForm("places.entry", .steps, "in the list of places: down or up") { .places(.entry($0)) },
        ActionForm("places.pick", .index("ENTRY"), "in the list of places: selects an entry, counted from 0") {
            .places(.pick($0))
        },
        ActionForm("places.take", "in the list of places: goes to the selected one", .places(.take)),
    ]

    var text: String {
        let steps = ActionParameter<Int>.steps
        return switch self {
        case .back(let count): "place.back " + steps.write(count)
        case .mark(let letter): "mark " + letter
        case .goToMark(let letter): "mark.go " + letter
        case .promptForMark: "mark.prompt"
        case .promptToGo: "mark.go.prompt"
        case .list(let kind): "places \(kind)"
        case .nextList: "places.next"
        case .entry(let count): "places.entry " + steps.write(count)
        case .pick(let entry): "places.pick \(entry)"
        case .take: "places.take"
        }
    }

    func times(_ count: Int) -> [PlaceAction] {
        switch self {
        case .back(let steps): [.back(steps * count)]
        case .entry(let steps): [.entry(steps * count)]
        case .mark, .goToMark, .promptForMark, .promptToGo, .list, .nextList, .pick, .take: [self]
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .back(let steps):
            return state.tokenObstacle
                ?? ((steps > 0 ? state.places.back : state.places.forward).isEmpty
                    ? say("this is the \(steps > 0 ? say("first") : say("last")) place") : nil)
        case .mark, .promptForMark, .promptToGo: return state.tokenObstacle
        case .goToMark(let letter): return state.tokenObstacle ?? state.markObstacle(letter)
        case .list: return state.sources.text.failure
        case .nextList, .entry, .pick, .take:
            guard case .places(let list) = state.overlay else { return say("the list of places is closed") }
            switch self {
            case .pick(let entry):
                return list.entries.indices.contains(entry) ? nil : say("the list has no entry \(entry)")
            case .take: return list.chosen == nil ? say("the list is empty") : nil
            default: return nil
            }
        }
    }
}

extension AppState {
    mutating func perform(_ action: PlaceAction) -> [Effect] {
        switch action {
        case .back(let steps): goBack(steps)
        case .mark(let letter): mark(letter)
        case .goToMark(let letter): goToMark(letter)
        case .promptForMark: places.pending = .set
        case .promptToGo: places.pending = .go
        case .list(let kind): overlay = .places(placeList(kind))
        case .nextList, .entry, .pick, .take: change(action)
        }
        return []
    }

    /// Why there is no such mark; nil where there is.
    fileprivate func markObstacle(_ letter: String) -> String? {
        if letter == "'" { return places.back.isEmpty ? say("this is the first place") : nil }
        let marks = places.marks.keys.sorted().map { String($0) }.joined(separator: " ")
        guard let letter = letter.first, places.marks[letter] == nil else { return nil }
        return say("no mark '\(letter)': ")
            + (marks.isEmpty ? say("\" and a letter marks a place") : say("there are \(marks)"))
    }

    private mutating func mark(_ letter: String) {
        if let obstacle = tokenObstacle { return refuse(obstacle) }
        guard let letter = letter.first, letter.isLetter || letter.isNumber else {
            return refuse(say("a mark is a letter or a digit"))
        }
        places.marks[letter] = place
        notice = Notice(.information, say("marked as \(letter): '\(letter) goes back here"))
    }

    private mutating func goToMark(_ letter: String) {
        if let obstacle = markObstacle(letter) { return refuse(obstacle) }
        if letter == "'" { return goBack(1) }
        if let place = letter.first.flatMap({ places.marks[$0] }) { go(to: place) }
    }

    private mutating func change(_ action: PlaceAction) {
        if let obstacle = action.obstacle(in: self) { return refuse(obstacle) }
        guard case .places(var list) = overlay else { return }
        switch action {
        case .nextList: list = placeList(list.kind.next)
        case .entry(let count): list.select(list.selected + count)
        case .pick(let entry): list.select(entry)
        case .take: return go(to: list)
        case .back, .mark, .goToMark, .promptForMark, .promptToGo, .list: break
        }
        overlay = .places(list)
    }

    private mutating func go(to list: PlaceList) {
        guard let entry = list.chosen else { return }
        overlay = nil
        if list.kind == .marks { return goToMark(entry.name) }
        travel(toByte: entry.byte)
    }
}
