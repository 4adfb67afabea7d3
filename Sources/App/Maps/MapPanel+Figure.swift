import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases
import RopewalkViews

extension MapPanel {
    /// The same part of the map in cells as small as a page has room for.
    func figure(_ look: Look, asking answers: inout Answers) throws(AppError) -> Figure {
        if let parts {
            var figure = try parts.figure(key: sight.key(&answers), look: look, asking: &answers)
            figure.facts = facts
            return figure
        }
        let sides = [first, second].compactMap { $0 }
        let images = sides.map { side in
            side.lens.flatMap { answers.answer(to: MapQuestion(side.page, of: $0, isSecond: side.isSecond)) }
        }
        let scale = scale(images.compactMap { $0 }, &answers)
        let key = sight.key(&answers)
        var figure: Figure?
        for (side, image) in zip(sides, images) {
            let view = pageView(side, image, scale: scale, look, &answers)
            let title = say("Attention of layer \(side.page.layer), head \(side.page.head)")
            guard var part = view.figure(title: title, words: names.of(side.page)) else { continue }
            if let name = side.name { part.plots[0].title = "\(name) \(side.basis)" }
            figure?.plots += part.plots
            figure = figure ?? part
        }
        guard var figure else { throw .noFigure(say("nothing of this part of the map is read yet")) }
        figure.columns = figure.plots.count
        figure.facts = facts
        if let key, let weight = sight.row(&answers)?.weights, weight.indices.contains(key) {
            figure.remarks.insert(
                say(
                    "Weight of “\(names.queries.whole(focus.cursor))” (\(focus.cursor.grouped)) on “\(names.keys.whole(key))” (\(key.grouped)): \(Figures.weight(weight[key]))."
                ), at: 0)
        }
        return figure
    }
}
