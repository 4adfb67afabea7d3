import RopewalkPhrases

/// What a lesson is asked for.
package enum LessonAction: Hashable, Sendable {
    /// Steps on or back; before a step is left, its question is answered.
    case turn(Int)
    /// A step by its number, from 0.
    case step(Int)
    /// Back to the step, after a look around.
    case here
    /// Adds what is on the screen to a draft of a lesson.
    case note(String)
    case end
}

extension LessonAction: ActionConcern {
    private static let caption = ActionParameter.text("TEXT", example: "the first token gets most")

    static let forms: [ActionForm] = [
        ActionForm("lesson.turn", .steps, "Lesson: steps on or back; the answer to a question comes first") {
            .lesson(.turn($0))
        },
        ActionForm("lesson.step", .index("STEP"), "Lesson: a step, counted from 0") { .lesson(.step($0)) },
        ActionForm("lesson.here", "Lesson: where was I: back to the step as it was", .lesson(.here)),
        ActionForm(
            "lesson.note", caption,
            "makes a step of a new lesson of what is on the screen; `save lesson FILE` writes it"
        ) { .lesson(.note($0)) },
        ActionForm("lesson.end", "Lesson: leaves it; the text stays", .lesson(.end)),
    ]

    var text: String {
        switch self {
        case .turn(let count): "lesson.turn " + ActionParameter<Int>.steps.write(count)
        case .step(let index): "lesson.step \(index)"
        case .here: "lesson.here"
        case .note(let text): "lesson.note " + Self.caption.write(text)
        case .end: "lesson.end"
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .turn, .here, .end: return state.lesson == nil ? Self.none : nil
        case .step(let index):
            guard let lesson = state.lesson?.lesson else { return Self.none }
            let count = lesson.steps.count
            return index < count ? nil : say("there is no step \(index): the lesson has \(count), counted from 0")
        case .note: return state.tokenObstacle
        }
    }

    private static var none: String { say("no lesson goes on: ropewalk lesson lists them") }
}

extension AppState {
    mutating func perform(_ action: LessonAction) -> [Effect] {
        if let obstacle = action.obstacle(in: self) {
            refuse(obstacle)
            return []
        }
        switch action {
        case .turn(let steps): return turnLesson(steps)
        case .step(let index): lesson?.go(to: index)
        case .here: break
        case .note(let caption):
            draft.add(viewActions, caption: caption)
            notice = Notice(.information, say("step \(draft.steps.count) of a draft: save lesson FILE writes it"))
            return []
        case .end:
            lesson = nil
            revealCursor()
            return []
        }
        return playStep()
    }

    private mutating func turnLesson(_ steps: Int) -> [Effect] {
        guard let play = lesson else { return [] }
        if steps > 0, play.step.question != nil, !play.showsAnswer {
            lesson?.tell()
            return []
        }
        if steps > 0, play.isLast {
            notice = Notice(.information, say("the lesson ends here: q leaves · ropewalk lesson lists the others"))
            return []
        }
        if steps < 0, play.index == 0 {
            notice = Notice(.information, say("this is the first step"))
            return []
        }
        lesson?.go(to: play.index + steps)
        return playStep()
    }
}
