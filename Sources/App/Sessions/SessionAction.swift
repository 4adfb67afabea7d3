import RopewalkPhrases

/// What goes from one text or model that is open to another.
package enum SessionAction: Hashable, Sendable {
    case list
    /// In the open list.
    case entry(Int), pick(Int), take, close
    /// To the next one, or the one before.
    case step(Int)
    /// Writes all that is open to a file, to go on there; or also where another file is.
    case save(String), replace(String)
}

extension SessionAction: ActionConcern {
    private static let file = ActionParameter.text("FILE", example: "work.json")

    static let forms: [ActionForm] = [
        ActionForm("session.list", "lists the texts and models that are open", .session(.list)),
        ActionForm("session.entry", .steps, "in the list of what is open: down or up") { .session(.entry($0)) },
        ActionForm("session.pick", .index("ENTRY"), "in the list of what is open: selects an entry, counted from 0") {
            .session(.pick($0))
        },
        ActionForm("session.take", "in the list of what is open: shows the selected one", .session(.take)),
        ActionForm("session.close", "in the list of what is open: closes the selected one", .session(.close)),
        ActionForm("session.step", .steps, "to the next text or model that is open, or back") { .session(.step($0)) },
        ActionForm(
            "session.save", file,
            "writes texts, models, methods, places, marks, notes to a file: ropewalk --session FILE goes on there"
        ) {
            .session(.save($0))
        },
        ActionForm("session.replace", file, "the same, in place of a file that is there") { .session(.replace($0)) },
    ]

    var text: String {
        let steps = ActionParameter<Int>.steps
        return switch self {
        case .list: "session.list"
        case .entry(let count): "session.entry " + steps.write(count)
        case .pick(let entry): "session.pick \(entry)"
        case .take: "session.take"
        case .close: "session.close"
        case .step(let count): "session.step " + steps.write(count)
        case .save(let path): "session.save " + Self.file.write(path)
        case .replace(let path): "session.replace " + Self.file.write(path)
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .list: return nil
        case .save, .replace: return state.sources.text.failure
        case .step(let steps):
            return state.sessions.session(after: steps) == nil
                ? say("nothing else is open: ropewalk a.txt b.txt opens several texts, O another model") : nil
        case .entry, .pick, .take, .close:
            guard case .sessions(let choice) = state.overlay else { return say("the list of what is open is closed") }
            switch self {
            case .pick(let entry):
                return choice.list.entries.indices.contains(entry) ? nil : say("the list has no entry \(entry)")
            case .close:
                return choice.chosen?.id == state.sessions.current ? say("what is on the screen cannot be closed") : nil
            case .list, .step, .entry, .take, .save, .replace: return nil
            }
        }
    }
}

/// What is done with all that is open.
package enum SessionWork: Sendable {
    /// Puts one on the screen, with the cursor on a byte of its text.
    case take(Int, byte: Int?)
    /// Opens another one with the same inputs.
    case open(AppState)
    case close(Int)
    /// Drops what the others have read.
    case forget
    case save(path: String, replaces: Bool)
}

extension AppState {
    mutating func perform(_ action: SessionAction) -> [Effect] {
        if let obstacle = action.obstacle(in: self) {
            switch action {
            case .save, .replace: refuseToWrite(obstacle)
            case .list, .step, .entry, .pick, .take, .close: refuse(obstacle)
            }
            return []
        }
        if action == .list {
            overlay = .sessions(SessionChoice(list: presentSessions))
            return []
        }
        if case .step(let steps) = action {
            return sessions.session(after: steps).map { [.session(.take($0, byte: nil))] } ?? []
        }
        switch action {
        // The session's own file is written anew without a question, as an editor does it.
        case .save(let path): return [.session(.save(path: path, replaces: path == sessions.file))]
        case .replace(let path): return [.session(.save(path: path, replaces: true))]
        case .list, .step, .entry, .pick, .take, .close: break
        }
        guard case .sessions(var choice) = overlay else { return [] }
        switch action {
        case .list, .step, .save, .replace: break
        case .entry(let count): choice.select(choice.selected + count)
        case .pick(let entry): choice.select(entry)
        case .take:
            overlay = nil
            return choice.chosen.map { [.session(.take($0.id, byte: nil))] } ?? []
        case .close: return choice.chosen.map { [.session(.close($0.id))] } ?? []
        }
        overlay = .sessions(choice)
        return []
    }

    /// What is open, with what is known of the present one now.
    private var presentSessions: SessionList {
        var list = sessions
        list.entries = list.entries.map { entry in
            guard entry.id == list.current else { return entry }
            return SessionList.Entry(
                id: entry.id, name: entry.name, model: entry.model, facts: SessionFacts(self),
                change: original?.remark ?? "", original: original?.session)
        }
        return list
    }

    /// Other sessions were closed, or forgot what they had read.
    mutating func takeList(_ list: SessionList) -> [Effect] {
        let file = sessions.file
        sessions = list
        sessions.file = file
        if case .sessions(let choice) = overlay {
            var renewed = SessionChoice(list: presentSessions)
            renewed.select(choice.selected)
            overlay = .sessions(renewed)
        }
        return []
    }
}
