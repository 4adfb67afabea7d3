import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkViews

/// The panels about positions.
extension PanelDrawing {
    func drawRotation(in rect: Rect, _ inner: Rect, on grid: inout Grid) {
        let positions = state.positions
        switch positions.rotation {
        case .pair:
            guard let view = rotationView else { return }
            box(.rotation, in: rect, facts: view.facts, footer: view.footer, on: &grid)
            view.draw(in: inner, on: &grid)
        case .methods:
            let key = min(scene.anchor ?? 0, state.focus.cursor)
            let view = RotationMethodsView(
                methods: scene.catalogue, subspace: positions.subspace, query: state.focus.cursor, key: key,
                first: state.positions.firstMethod, look: look)
            box(.rotation, in: rect, facts: view.facts, footer: view.footer, on: &grid)
            view.draw(in: inner, on: &grid)
        case .distances:
            let view = RotationDistancesView(
                methods: scene.methods, subspace: positions.subspace, query: state.focus.cursor, key: scene.anchor,
                look: look)
            box(.rotation, in: rect, facts: view.facts, footer: view.footer, on: &grid)
            view.draw(in: inner, on: &grid)
        }
    }

    func drawDistance(in rect: Rect, _ inner: Rect, on grid: inout Grid) {
        switch state.positions.distance {
        case .curve:
            let view = DistanceCurveView(
                methods: scene.methods, query: state.focus.cursor, key: scene.anchor, look: look)
            box(.distance, in: rect, facts: view.facts, footer: view.footer, on: &grid)
            view.draw(in: inner, on: &grid)
        case .map: drawDistanceMap(in: rect, inner, on: &grid)
        case .attention:
            let view = DistanceProfileView(
                lines: scene.profiles, window: state.sources.model.value?.shape.trainedWindow ?? 1,
                head: captions.head, look: look)
            box(.distance, in: rect, facts: view.facts, footer: view.footer, on: &grid)
            view.draw(in: inner, on: &grid)
        }
    }

    private func drawDistanceMap(in rect: Rect, _ inner: Rect, on grid: inout Grid) {
        let request = state.distanceRequest
        guard let image = scene.distances, image.request == request else {
            box(.distance, in: rect, facts: "effective distances", on: &grid)
            return drawEmpty("This model has no rotary positions.", in: inner, on: &grid)
        }
        let view = DistanceMapView(
            image: image, encoding: state.lens?.setup.encoding(layer: state.focus.layer), cursor: state.focus.cursor,
            anchor: scene.anchor, window: state.trainedRange?.window ?? 1, title: state.scenario.shortLine, look: look)
        box(.distance, in: rect, facts: view.facts, footer: view.footer, on: &grid)
        view.draw(in: inner, on: &grid)
    }

    var rotationView: RotationView? {
        guard let rotary = state.rotaryLayer else { return nil }
        let context = rotary.context
        let rows = RotationView.capacity(
            of: (state.layout.panels[.rotation] ?? Rect(x: 0, y: 0, width: 1, height: 1)).inset())
        let selected = state.positions.subspace
        return RotationView(
            pair: scene.pair, rotation: rotary.position.rotation(in: context), context: context,
            trained: state.trainedRange, methodTitle: rotary.title, first: max(0, selected - rows / 2),
            selected: selected, beside: scene.beside, unturnedDimensions: rotary.unturnedDimensions, look: look)
    }

    var lossView: LossView {
        let lines = state.contenders.map { contender in
            let question = state.question(contender)
            let answer = question.flatMap { state.losses.answer(to: $0) }
            return LossView.Line(
                title: state.title(of: contender), window: state.model(of: contender)?.shape.trainedWindow ?? 1,
                loss: answer?.loss, note: note(question, answer), isCurrent: state.isCurrent(contender))
        }
        return LossView(
            lines: lines, tokens: state.excerptLength, texts: state.excerptCount,
            isLogarithmic: state.losses.isLogarithmic, look: look)
    }

    /// What stands in place of numbers that are not there.
    private func note(_ question: LossQuestion?, _ answer: Losses.Measured?) -> String {
        if answer?.problem != nil { return "impossible" }
        if state.losses.running == question, question != nil {
            let total = max(1, state.excerptLength * state.excerptCount)
            return "\(100 * state.losses.done / total) %"
        }
        return state.losses.isPaused ? "stopped" : "waiting"
    }
}
