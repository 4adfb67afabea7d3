import RopewalkMethods

/// Steps of a lesson that is being written: what was on the screen, as actions that bring it back.
package struct LessonDraft: Equatable, Sendable {
    struct Step: Equatable, Sendable {
        let actions: [Action]
        let caption: String
    }

    private(set) var steps: [Step] = []

    mutating func add(_ step: Step) { steps.append(step) }
}

extension AppState {
    /// What is on the screen, as actions.
    func view(caption: String) -> LessonDraft.Step {
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
        if panels.shown.contains(.mask) { actions.append(.masks(.page(masks.page))) }
        actions.append(.panels(.focus(panels.focused)))
        if panels.isZoomed { actions.append(.panels(.zoom)) }
        return LessonDraft.Step(actions: actions, caption: caption)
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
            lines += ["", "step:", "do: " + step.actions.map(\.text).joined(separator: "; "), "say: \(step.caption)"]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
