import RopewalkCellGrid
import RopewalkPhrases
import RopewalkViews

extension IOPanel {
    /// What the page that is shown says, for a page or a slide.
    func figure(_ look: Look, asking answers: inout Answers) throws(AppError) -> Figure {
        let (layer, head) = (focus.layer, focus.head)
        let figure: Figure? =
            switch page {
            case .tiles:
                tilesView(look, &answers)?.figure(title: say("Tiles of layer \(layer), head \(head)"))
            case .pages: pagesView(look, &answers)?.figure(title: say("The cache in blocks"))
            case .splits:
                splitsView(look, &answers)?.figure(title: say("Keys of query \(focus.cursor.grouped) in parts"))
            case .segments:
                memoryView(look, &answers)?.figure(
                    title: say("What query \(focus.cursor.grouped) reads of earlier segments"))
            case .retrieval:
                retrieval.view(look, &answers)?.figure(
                    title: retrieval.showsChunks
                        ? say("Neighbours of chunks") : say("Nearest keys of query \(focus.cursor.grouped)"))
            }
        guard var figure else { throw .noFigure(missing(&answers)) }
        figure.facts = figureFacts
        return figure
    }

    /// Why the page has nothing to draw.
    private func missing(_ answers: inout Answers) -> String {
        guard page == .retrieval, let view = retrieval.view(Look(depth: .direct), &answers) else {
            return problem(&answers)
        }
        return view.empty
    }
}
