import RopewalkMethods
import RopewalkPhrases

/// A lesson that goes on, and where it is.
package struct LessonPlay: Equatable, Sendable {
    package let lesson: Lesson
    package private(set) var index = 0
    /// Whether the answer to the question of the step is told.
    package private(set) var showsAnswer = false

    package init(_ lesson: Lesson) { self.lesson = lesson }

    package var step: Lesson.Step { lesson.steps[index] }
    var isLast: Bool { index == lesson.steps.count - 1 }

    mutating func tell() { showsAnswer = true }

    mutating func go(to index: Int) {
        self.index = min(max(0, index), lesson.steps.count - 1)
        showsAnswer = false
    }

    /// What was done from the beginning to the end of the present step. Of methods only the last ones are taken: what came
    /// before them is on no screen, and would be run for nothing.
    func script(from scenario: Scenario) -> ActionScript {
        var steps = [ActionScript.Step.action(.panels(.preset(.one(lesson.preset))))]
        let all = lesson.steps[...index].flatMap(\.actions)
        let last = all.lastIndex { Self.choosesMethods($0) }
        if last == nil, let reset = methods(from: scenario) { steps.append(.action(reset)) }
        for (place, step) in all.enumerated() where place == last || !Self.choosesMethods(step) { steps.append(step) }
        return ActionScript(steps: steps)
    }

    private static func choosesMethods(_ step: ActionScript.Step) -> Bool {
        switch step {
        case .action(.methods(.take)), .action(.methods(.plain)), .action(.masks(.rule)): true
        case .action, .wait: false
        }
    }

    /// Back to the methods that the lesson begins with; nil where they hold.
    private func methods(from scenario: Scenario) -> Action? {
        guard !lesson.methods.isEmpty else { return scenario.isPlain ? nil : .methods(.plain) }
        let own = try? Scenario(parsing: lesson.methods)
        return own == scenario ? nil : .methods(.take(lesson.methods.joined(separator: " ")))
    }
}

extension AppState {
    /// One line for who has opened the bundled book: where to begin.
    package mutating func offerTour() {
        notice = Notice(
            .information, say("New here? ropewalk lesson word is a tour; ropewalk lesson lists more, ? the keys."))
    }

    /// The lesson begins, or its step anew: as if nothing had been looked at before.
    mutating func playStep() -> [Effect] {
        guard let play = lesson else { return [] }
        let (kind, maps, theme) = (focus.kind, appearance.colourMap, appearance.theme)
        focus = Focus()
        focus.kind = kind
        appearance = Appearance()
        (appearance.colourMap, appearance.theme) = (maps, theme)
        (spans, window, map, panels) = (Spans(), TextWindow(), MapWindow(), PanelArrangement())
        (heads, ask, word, positions) = (HeadList(), AskChoices(), WordChoices(), PositionChoices())
        positions.subspace = firstCritical
        masks.page = MaskTools().page
        (losses.page, losses.isLogarithmic) = (Losses().page, Losses().isLogarithmic)
        needles.lookAnew()
        passages.selected = PassageStore().selected
        longTexts.top = 0
        (benchmarks.selected, benchmarks.chooses) = (0, false)
        (overlay, notice) = (nil, nil)
        if pin != nil { keepText() }
        return [.play(play.script(from: scenario))]
    }
}
