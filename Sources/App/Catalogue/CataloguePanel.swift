import RopewalkCellGrid
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

/// Every method of the catalogue: what it costs here, what was measured, what stands in its way, and where it is from.
struct CataloguePanel: PanelContent {
    private let choices: CatalogueChoices
    private let facts: MethodFactsQuestion?
    private let measured: [String: CatalogueEntry.Measured]
    private let chosen: Set<String>
    private let compared: Set<String>
    private let tokens: Int
    private let modelName: String?
    /// Of the exact runs that were measured.
    private let excerpts: (count: Int, length: Int)
    private let isMeasuring: Bool

    init(_ state: AppState) {
        choices = state.catalogue
        facts = MethodFactsQuestion(state)
        measured = state.measuredMethods
        chosen = Set(state.scenario.methods.map { Swift.type(of: $0).description.name })
        compared = Set(state.losses.added.flatMap(\.methodNames))
        tokens = min(state.tokenCount, MethodFactsQuestion.costedTokens)
        modelName = state.sources.model.value?.name
        excerpts = (state.excerptCount, state.excerptLength)
        isMeasuring = state.losses.running != nil
    }

    func picture(in inner: Rect, look: Look, asking answers: inout Answers) -> PanelPicture? {
        if let first = choices.firstLine, let page = try? MethodPage(named: choices.selected) {
            let view = MethodPageView(page: page, first: first, look: look)
            return PanelPicture(facts: choices.selected, footer: say("Enter or Escape: back to all methods")) {
                view.draw(in: $0, on: &$1)
            }
        }
        switch choices.page {
        case .list:
            let view = listView(look, &answers)
            return PanelPicture(facts: Panel.methods.facts(remarks, in: inner), footer: view.footer(in: inner)) {
                view.draw(in: $0, on: &$1)
            }
        case .tree:
            let view = treeView(look)
            return PanelPicture(footer: view.footer) { view.draw(in: $0, on: &$1) }
        }
    }

    /// What costs are of, and what the measured numbers are.
    private var remarks: [[String]] {
        let cost = modelName.map { name in
            [
                say("cost on \(tokens.grouped) tokens of \(name)"), say("cost on \(tokens.grouped) tokens"),
                "N \(tokens.grouped)",
            ]
        }
        let runs =
            measured.isEmpty
            ? [say("nothing measured yet: c")]
            : [say("exact runs of \(excerpts.count.grouped) × \(excerpts.length.grouped) tokens"), say("exact runs")]
        return [cost, isMeasuring ? [say("measuring")] : runs].compactMap { $0 }
    }

    private func listView(_ look: Look, _ answers: inout Answers) -> CatalogueView {
        CatalogueView(
            entries: entries(&answers), column: choices.column, isDescending: choices.isDescending,
            selected: choices.selected, filter: choices.filter, look: look)
    }

    private func entries(_ answers: inout Answers) -> [CatalogueEntry] {
        let known = facts.map { answers.answer(deepening: $0) } ?? []
        return Catalogue.all.enumerated().map { index, type in
            let fact = known.indices.contains(index) ? known[index] : nil
            var entry = CatalogueEntry(
                type.description, kind: type.kind, cost: fact?.cost?.cost, state: fact?.cost?.state,
                hindrance: fact?.hindrance)
            entry.measured = measured[entry.name]
            entry.isInForce = chosen.contains(entry.name)
            entry.isCompared = compared.contains(entry.name)
            return entry
        }
    }

    private func treeView(_ look: Look) -> MethodTreeView {
        MethodTreeView(
            tree: MethodTree(), selected: choices.selected, chosen: chosen, filter: choices.filter, look: look)
    }

    func name(after steps: Int, _ answers: inout Answers) -> String? {
        // Of a view only the order is asked for.
        let look = Look(depth: .none)
        return switch choices.page {
        case .list: listView(look, &answers).name(after: steps)
        case .tree: treeView(look).name(after: steps)
        }
    }

    func figure(_ look: Look, asking answers: inout Answers) throws(AppError) -> Figure {
        guard let figure = treeView(look).figure else { throw .noFigure(say("no method has a paper")) }
        return figure
    }

    /// A press chooses a page, a column to sort by, or a method; on the selected one it opens its page.
    func actions(of mouse: Mouse, in inner: Rect, look: Look, asking answers: inout Answers) -> [Action] {
        if let wheel = mouse.wheel { return [.catalogue(.line(wheel))] }
        if choices.firstLine != nil { return [.catalogue(.open)] }
        let page: CataloguePage?
        let name: String?
        switch choices.page {
        case .list:
            let view = listView(look, &answers)
            if let column = view.column(atX: mouse.x, y: mouse.y, in: inner) {
                return [.catalogue(.sort(.one(column)))]
            }
            (page, name) = (view.page(atX: mouse.x, y: mouse.y, in: inner), view.name(atY: mouse.y, in: inner))
        case .tree:
            let view = treeView(look)
            (page, name) = (view.page(atX: mouse.x, y: mouse.y, in: inner), view.name(atY: mouse.y, in: inner))
        }
        if let page { return page == choices.page ? [] : [.catalogue(.turn(1))] }
        return name.map { [.catalogue($0 == choices.selected ? .open : .pick($0))] } ?? []
    }
}
