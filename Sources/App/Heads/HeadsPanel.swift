import RopewalkCellGrid
import RopewalkLens
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// All heads, as small maps and by their scores.
struct HeadsPanel: PanelContent {
    private let lens: Lens?
    private let shape: ModelShape?
    /// On repeated random tokens; nil where circuits are not looked for in these heads.
    private let circuits: [HeadScore]?
    private let shown: HeadIndex
    private let list: HeadList
    private let atPlace: HeadsAtPlace
    private let numbers: HeadNumbers
    private let anchor: Anchor
    private let leftOut: Int
    /// What the numbers of a figure are.
    private let basis: [String]
    private let sortKey: String
    private let numbersKey: String

    init(_ state: AppState) {
        lens = state.lens
        shape = state.shape
        circuits = state.focus.kind == state.kinds.first ? state.runs.circuits : nil
        shown = state.head
        list = state.heads
        atPlace = HeadsAtPlace(state)
        numbers = HeadNumbers(state)
        anchor = state.focus.anchor
        leftOut = state.appearance.sinksLeftOut
        basis = [state.lens?.provenance.words].compactMap { $0 }
        sortKey = state.keyName(of: .heads(.sort), in: .heads)
        numbersKey = state.keyName(of: .heads(.by(nil)), in: .heads)
    }

    func picture(in inner: Rect, look: Look, asking answers: inout Answers) -> PanelPicture? {
        guard let shape else { return nil }
        let side = HeadsView.thumbnailSide(in: inner, layers: shape.layers, heads: shape.heads)
        let view = view(shape, side: side, look, &answers)
        return PanelPicture(
            facts: Panel.heads.facts(view.facts(in: inner), in: inner), footer: footer(view, width: inner.width - 4)
        ) {
            view.draw(in: $0, on: &$1)
        }
    }

    func figure(_ look: Look, asking answers: inout Answers) throws(AppError) -> Figure {
        guard let shape else { throw .noFigure(say("there is no model")) }
        // What is written is of all heads.
        if let lens { answers.finish(HeadScoresQuestion(lens.recording)) }
        let side = HeadsView.pageSide(layers: shape.layers, heads: shape.heads)
        guard var figure = view(shape, side: side, look, &answers).figure else {
            throw .noFigure(say("nothing is known of the heads yet"))
        }
        figure.facts = basis
        return figure
    }

    private func view(_ shape: ModelShape, side: Int, _ look: Look, _ answers: inout Answers) -> HeadsView {
        var view = HeadsView(
            scores: lens.flatMap { answers.answer(deepening: HeadScoresQuestion($0.recording)) }?.scores ?? [],
            circuits: circuits ?? [], thumbnails: thumbnails(side: side, asking: &answers), leavingOutFirst: leftOut,
            layers: shape.layers, heads: shape.heads, shown: shown.place, selected: list.selected?.place,
            measuresCircuits: circuits != nil,
            sort: list.order.measure, place: atPlace.ranking(&answers), numbers: numbers.ranking(&answers),
            sortKey: list.order.isNumber ? numbersKey : sortKey, look: look)
        if let recorded = lens?.recording.recordedHeads {
            view.unrecorded = Set(
                (0..<shape.layers * shape.heads).filter {
                    !recorded.contains(layer: $0 / shape.heads, head: $0 % shape.heads)
                })
        }
        return view
    }

    /// Where all heads are asked about one key, it stays the anchor, whatever the cursor does.
    private func footer(_ view: HeadsView, width: Int) -> String {
        if let remark = numbers.remark { return Sentence.fitting([remark], width: width) }
        guard view.place != nil, case .token(let key) = anchor else { return view.footer }
        let pinned = [say("anchor \(key.grouped) stays: Escape frees it"), say("Escape frees the anchor")]
        return Sentence.fitting([pinned, [view.footer]], width: width)
    }

    /// Those that are known, from the first head on.
    private func thumbnails(side: Int, asking answers: inout Answers) -> [MapImage] {
        guard let lens else { return [] }
        let shape = lens.recording.shape
        let (basis, stage) = (Basis(lens), RecordingStage(lens.recording))
        let all = (0..<shape.layers * shape.heads).map { index in
            let question = ThumbnailQuestion(
                basis: basis, stage: stage, layer: index / shape.heads, head: index % shape.heads, side: side)
            return answers.answer(whenKnown: question) ?? nil
        }
        return all.prefix { $0 != nil }.compactMap { $0 }
    }

    /// A press takes a head.
    func actions(of mouse: Mouse, in inner: Rect, look: Look, asking answers: inout Answers) -> [Action] {
        if let wheel = mouse.wheel { return [.focus(.head(wheel))] }
        guard let shape else { return [] }
        let place = HeadsView.head(
            atX: mouse.x, y: mouse.y, in: inner, layers: shape.layers, heads: shape.heads,
            selected: (list.selected ?? shown).place,
            isFlat: list.order.isNumber || atPlace.ranking(&answers) != nil)
        return place.map { [.focus(.take(HeadIndex(layer: $0.layer, head: $0.head)))] } ?? []
    }
}

extension HeadIndex {
    fileprivate var place: HeadsView.Place { HeadsView.Place(layer: layer, head: head) }
}
