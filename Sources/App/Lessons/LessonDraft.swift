import RopewalkMethods

/// Steps of a lesson that is being written: what was done, and what was on the screen then.
package struct LessonDraft: Equatable, Sendable {
    struct Step: Equatable, Sendable {
        /// Since the step before.
        let done: [Action]
        /// What brings panels, head, cursor and anchor back at any size, whatever was done.
        let view: [Action]
        let caption: String
    }

    private(set) var steps: [Step] = []
    /// What was done since the last step; nil: more than a step holds.
    private var done: [Action]? = []
    /// Where the cursor was when something was done last.
    private var cursor: Int?

    /// Nobody explains more in one step.
    private static let mostActions = 200

    /// Remembers an action that a lesson can repeat. How the cursor came to its place is of no interest, and methods are
    /// part of what is on the screen.
    mutating func note(_ action: Action, cursor: Int) {
        if case .move = action { return }
        if case .menu = action { return }
        if case .program = action { return }
        guard let known = done else { return }
        let place: [Action] = self.cursor == cursor ? [] : [.move(.toToken(cursor))]
        done = known.count < Self.mostActions ? known + place + [action] : nil
        self.cursor = cursor
    }

    mutating func add(_ view: [Action], caption: String) {
        steps.append(Step(done: done ?? [], view: view, caption: caption))
        done = []
    }
}

extension AppState {
    /// What is on the screen, as actions.
    var viewActions: [Action] {
        var actions: [Action] =
            scenario.isPlain ? [.methods(.plain)] : [.methods(.take(scenario.specs.joined(separator: " ")))]
        actions.append(.panels(.preset(.one(panels.preset))))
        let preset = panels.preset.panels
        actions += Panel.allCases.filter { panels.shown.contains($0) && !preset.contains($0) }.map {
            .panels(.show($0))
        }
        actions += Panel.allCases.filter { !panels.shown.contains($0) && preset.contains($0) }.map {
            .panels(.hide($0))
        }
        actions += [
            .focus(.take(HeadIndex(layer: focus.layer, head: focus.head))), .move(.toToken(focus.cursor)),
        ]
        switch focus.anchor {
        case .token(let token): actions.append(.focus(.anchor(token)))
        case .strongest(let rank): if rank > 0 { actions.append(.focus(.weakerKey(rank))) }
        }
        if panels.shown.contains(.answers) { actions.append(.ask(.page(ask.page))) }
        if panels.shown.contains(.word) { actions.append(.word(.step(word.step))) }
        if panels.shown.contains(.io) { actions.append(.io(.page(io.page))) }
        if panels.shown.contains(.experts) { actions.append(.experts(.page(experts.page))) }
        if panels.shown.contains(.methods) { actions.append(.catalogue(.page(catalogue.page))) }
        if panels.shown.contains(.mask) { actions.append(.masks(.page(masks.page))) }
        actions.append(.panels(.focus(panels.focused)))
        if panels.isZoomed { actions.append(.panels(.zoom)) }
        return actions
    }

    /// The draft as a file of a lesson; nil where nothing was noted.
    var draftFile: String? {
        guard !draft.steps.isEmpty else { return nil }
        var lines = ["# A draft: give it a title, translate it, say what has to hold (docs/LESSONS.md)."]
        lines.append("title: \(sources.text.value?.name ?? "a text")")
        if let path = sources.path { lines.append("text: \(path)") }
        if let model = sources.model.value { lines.append("model: \(model.path)") }
        if let limit = sources.tokenLimit { lines.append("tokens: \(limit)") }
        for step in draft.steps {
            let parts = [step.done, step.view].filter { !$0.isEmpty }
            lines += ["", "step:"] + parts.map { "do: " + $0.map(\.text).joined(separator: "; ") }
            lines.append("say: \(step.caption)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
