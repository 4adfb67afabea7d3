import RopewalkCellGrid
import RopewalkEvaluation
import RopewalkPhrases
import RopewalkViews

/// The page of needles of the Loss panel: what it shows of the state.
struct NeedlesPart {
    private let lines: [NeedlesView.Line]
    private let measure: NeedleMeasure
    private let selected: NeedlesView.Place
    private let obstacle: String?
    private let haystack: String?

    init(_ state: AppState) {
        obstacle = state.needleObstacle
        haystack = state.needles.haystack?.name
        measure = state.needles.measure
        selected = state.needles.selected
        lines = obstacle == nil ? state.needleLines : []
    }

    func view(_ look: Look) -> NeedlesView {
        NeedlesView(
            lines: lines, measure: measure, selected: selected, seeds: NeedleTests.seeds.count, obstacle: obstacle,
            haystack: haystack, look: look)
    }

    func picture(in inner: Rect, _ look: Look) -> PanelPicture {
        let view = view(look)
        return PanelPicture(facts: Panel.loss.facts([view.factWordings], in: inner), footer: view.footer) {
            view.draw(in: $0, on: &$1)
        }
    }

    func figure(_ look: Look) throws(AppError) -> Figure {
        guard var figure = view(look).figure else {
            throw .noFigure(obstacle ?? lines.compactMap(\.problem).first ?? say("no needle is looked for yet"))
        }
        figure.facts = [say("exact runs")]
        return figure
    }

    /// A press selects a place, a second one opens its prompt; the wheel goes from row to row.
    func actions(of mouse: Mouse, in inner: Rect, look: Look) -> [Action] {
        if let wheel = mouse.wheel { return [.needles(.move(Steps(rows: wheel, columns: 0)))] }
        guard let place = view(look).place(x: mouse.x, y: mouse.y, in: inner) else { return [] }
        let rows = lines.first?.map.depths.count ?? 1
        let steps = Steps(
            rows: (place.line - selected.line) * rows + place.cell.row - selected.cell.row,
            columns: place.cell.column - selected.cell.column)
        let move = steps == Steps(rows: 0, columns: 0) ? [] : [Action.needles(.move(steps))]
        return move + (mouse.action == .doublePress ? [.needles(.open)] : [])
    }
}

extension AppState {
    /// A map of every contender, as far as it is read.
    fileprivate var needleLines: [NeedlesView.Line] {
        needleContenders.compactMap { contender in
            guard let question = needleQuestion(contender) else { return nil }
            let answer = needles.answer(to: question)
            let outcomes = answer?.outcomes ?? [:]
            let map = NeedleMap(needles.task, method: contender.scenario.line, plan: question.plan) { outcomes[$0] }
            let done = answer?.isComplete == true
            let note =
                done
                ? ""
                : outcomes.isEmpty
                    ? (losses.isPaused ? say("stopped") : say("waiting"))
                    : say("\(outcomes.count)/\(question.plan.count) read")
            return NeedlesView.Line(
                title: title(of: contender), map: map, note: note, problem: answer?.problem)
        }
    }
}
