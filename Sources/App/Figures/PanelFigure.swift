import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases
import RopewalkViews

extension Answers {
    /// A panel's picture for a page, with what it is of.
    mutating func figure(
        of panel: Panel, in state: AppState, on ground: Ground
    ) throws(AppError) -> Figure {
        if let missing = PanelReadiness(state).missing(for: panel.traits.need) { throw .noFigure(missing) }
        let look = Look(depth: .direct, map: state.appearance.colourMap, ground: ground)
        var figure = try panel.traits.content.init(state).figure(look, asking: &self)
        figure.facts = state.figureFacts + figure.facts
        return figure
    }
}

extension PanelContent {
    func figure(_ look: Look, asking answers: inout Answers) throws(AppError) -> Figure {
        throw .noFigure(say("this panel has no figure: save screen a.svg writes what is on the screen"))
    }
}

extension AppState {
    /// What every figure is of: text, model, methods.
    var figureFacts: [String] {
        let name = sources.text.value.map { $0.name.split(separator: "/").last.map(String.init) ?? $0.name }
        let whole = textTokenCount.grouped
        let read = tokenCount < textTokenCount ? say("\(tokenCount.grouped) of \(whole)") : whole
        let text = name.map { say("\($0), \(read) \(textTokenCount, one: "token", many: "tokens")") }
        let changed = original == nil ? [] : [say("changed text")]
        return [text].compactMap { $0 } + changed
            + [sources.model.value?.name, scenario.line].compactMap { $0 }
    }

    /// What a page of text is of.
    var pageFacts: [String] { figureFacts + headFacts }

    /// The layer and head that are looked at, and what their numbers are.
    var headFacts: [String] { [headFact, lens?.provenance.words].compactMap { $0 } }

    var headFact: String {
        let kind = kinds.count > 1 ? "\(focus.kind.name) " : ""
        return kind + say("layer \(focus.layer), head \(focus.head) (from 0)")
    }
}
