import RopewalkDocuments
import RopewalkPhrases

/// What moves the part of the text that is read.
package enum ReadingAction: Hashable, Sendable {
    /// Lists what could be read, with what it takes.
    case list
    /// In the open list.
    case entry(Int), pick(Int), take
    /// From the paragraph on that is looked at.
    case here
    /// As it is typed: `30000`, `ch 3`, `L120 to L400`.
    case from(String)
    /// The next chapter of the outline, or the one before.
    case chapter(Int)
}

extension ReadingAction: ActionConcern {
    private static let place = ActionParameter.text("PLACE [to PLACE]", example: "ch 2 to ch 4")

    static let forms: [ActionForm] = [
        ActionForm("read.list", "lists the parts of the text that could be read, and what they take", .reading(.list)),
        ActionForm("read.entry", .steps, "in the list of parts: down or up") { .reading(.entry($0)) },
        ActionForm("read.pick", .index("ENTRY"), "in the list of parts: selects an entry, counted from 0") {
            .reading(.pick($0))
        },
        ActionForm("read.take", "in the list of parts: reads the selected one", .reading(.take)),
        ActionForm("read.here", "reads from the paragraph on that is looked at", .reading(.here)),
        ActionForm("read.from", place, "reads from a place on, counted in the whole text, or up to another") {
            .reading(.from($0))
        },
        ActionForm("read.chapter", .steps, "reads the next chapter of the outline, or one before") {
            .reading(.chapter($0))
        },
    ]

    var text: String {
        let steps = ActionParameter<Int>.steps
        return switch self {
        case .list: "read.list"
        case .entry(let count): "read.entry " + steps.write(count)
        case .pick(let entry): "read.pick \(entry)"
        case .take: "read.take"
        case .here: "read.here"
        case .from(let place): "read.from " + Self.place.write(place)
        case .chapter(let count): "read.chapter " + steps.write(count)
        }
    }

    func obstacle(in state: AppState) -> String? {
        if let obstacle = state.tokenObstacle { return obstacle }
        switch self {
        case .list: return nil
        case .here, .chapter, .from: return state.readingMoveObstacle ?? placeObstacle(in: state)
        case .entry, .pick, .take:
            guard case .parts(let list) = state.overlay else { return say("the list of parts is closed") }
            switch self {
            case .pick(let entry):
                return list.entries.indices.contains(entry) ? nil : say("the list has no entry \(entry)")
            case .take: return list.chosen == nil ? say("the list is empty") : state.readingMoveObstacle
            case .list, .entry, .here, .from, .chapter: return nil
            }
        }
    }

    private func placeObstacle(in state: AppState) -> String? {
        switch self {
        case .from(let place): return state.placeObstacle("from \(place)")
        case .chapter(let steps):
            let index = state.nextChapter(steps)
            return state.outline.chapters.indices.contains(index)
                ? nil
                : state.outline.chapters.isEmpty
                    ? say("no headings were found in the text")
                    : say("the outline has no chapter \(steps > 0 ? say("after this one") : say("before this one"))")
        case .list, .entry, .pick, .take, .here: return nil
        }
    }
}

extension AppState {
    mutating func perform(_ action: ReadingAction) -> [Effect] {
        if let obstacle = action.obstacle(in: self) {
            refuse(obstacle)
            return []
        }
        switch action {
        case .list: overlay = .parts(partList)
        case .entry(let count): change { $0.select($0.selected + count) }
        case .pick(let entry): change { $0.select(entry) }
        case .take:
            guard case .parts(let list) = overlay, let entry = list.chosen else { return [] }
            overlay = nil
            return read(entry.part)
        case .here:
            return partList.entries.first.map { read($0.part) } ?? []
        case .from(let place): return goTo("from \(place)")
        case .chapter(let steps):
            overlay = nil
            return read(part(ofChapter: nextChapter(steps)))
        }
        return []
    }

    private mutating func change(_ body: (inout PartList) -> Void) {
        guard case .parts(var list) = overlay else { return }
        body(&list)
        overlay = .parts(list)
    }

    /// The chapter so many after the one that is looked at.
    func nextChapter(_ steps: Int) -> Int {
        // A token that begins with the line end before a heading belongs to its chapter.
        let place = readingPlace
        return chapter(ofByte: place == cursorByte ? max(place, cursorEnd - 1) : place) + steps
    }

    /// Why no other part can be read now; nil where one can.
    var readingMoveObstacle: String? {
        if let second, second.ownTokens != nil, let model = second.model.value {
            return say(
                "\(model.name) stands beside in Loss with tokens of its own: another part cannot be read beside it")
        }
        return nil
    }
}
