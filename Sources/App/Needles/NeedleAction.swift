import RopewalkEvaluation
import RopewalkPhrases
import RopewalkViews

/// What is asked of the page of needles.
package enum NeedleAction: Hashable, Sendable {
    /// From place to place.
    case move(Steps)
    /// Tasks on or back.
    case turn(Int)
    /// A task by its spec.
    case task(String)
    case measure(Choice<NeedleMeasure>)
    /// Opens the prompt of the selected place.
    case open
}

extension NeedleAction: ActionConcern {
    private static let spec = ActionParameter<String>.text("TASK", example: "vt:hops=2")

    static let forms: [ActionForm] = [
        ActionForm("needle.move", ActionParameter<Steps>.steps, "Loss, needles: places down and to the right") {
            .needles(.move($0))
        },
        ActionForm("needle.turn", .steps, "Loss, needles: tasks on or back") { .needles(.turn($0)) },
        ActionForm("needle.task", spec, "Loss, needles: a task with its numbers (ropewalk needle --tasks lists them)") {
            .needles(.task($0))
        },
        ActionForm("needle.measure", ActionParameter<NeedleMeasure>.choice, "Loss, needles: what the maps show") {
            .needles(.measure($0))
        },
        ActionForm(
            "needle.open", "Loss, needles: opens the prompt of the selected place, the needle as anchor",
            .needles(.open)),
    ]

    var text: String {
        switch self {
        case .move(let steps): "needle.move " + ActionParameter<Steps>.steps.write(steps)
        case .turn(let count): "needle.turn " + ActionParameter<Int>.steps.write(count)
        case .task(let spec): "needle.task " + Self.spec.write(spec)
        case .measure(let choice): "needle.measure " + ActionParameter<NeedleMeasure>.choice.write(choice)
        case .open: "needle.open"
        }
    }

    func times(_ count: Int) -> NeedleAction {
        switch self {
        case .move(let steps): .move(steps.times(count))
        case .turn(let steps): .turn(steps * count)
        case .task, .measure, .open: self
        }
    }

    func standing(in state: AppState) -> String? {
        switch self {
        case .measure: state.needles.measure.rawValue
        case .task: state.needles.task.spec
        case .move, .turn, .open: nil
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .task(let spec):
            do throws(NeedleError) { _ = try NeedleTask(parsing: spec) } catch { return error.description }
            return state.needleObstacle
        case .move, .turn, .measure, .open: return state.needleObstacle
        }
    }
}

extension AppState {
    mutating func perform(_ action: NeedleAction) -> [Effect] {
        if let obstacle = action.obstacle(in: self) {
            refuse(obstacle)
            return []
        }
        showNeedles()
        switch action {
        case .move(let steps): moveNeedle(steps)
        case .turn(let steps):
            let kinds = NeedleTask.Kind.allCases.filter { $0 != .own }
            let index = kinds.firstIndex(of: needles.task.kind) ?? 0
            let next = ((index + steps % kinds.count) + kinds.count) % kinds.count
            take(NeedleTask(kinds[next]))
        case .task(let spec):
            if let task = try? NeedleTask(parsing: spec) { take(task) }
        case .measure(let choice): needles.measure = choice.after(needles.measure)
        case .open: return openNeedle()
        }
        return []
    }

    private mutating func take(_ task: NeedleTask) {
        needles.task = task
        needles.selected.cell.row = min(needles.selected.cell.row, needleRows - 1)
    }

    private mutating func showNeedles() {
        losses.page = .needles
        reveal(.loss)
    }
}
