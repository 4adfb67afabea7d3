import RopewalkLens
import RopewalkPhrases
import RopewalkViews

extension DistancePanel {
    func figure(_ look: Look, asking answers: inout Answers) throws(AppError) -> Figure {
        switch mode {
        case .curve:
            guard var figure = curveView(look, &answers).figure else {
                throw .noFigure(
                    say(
                        "there are no effective distances: the model has no rotary positions, or the cursor no earlier token"
                    )
                )
            }
            figure.facts = [layerFact, say("from the methods alone")]
            return figure
        case .map:
            guard let lens, let image = answers.answer(to: DistanceMapQuestion(page, of: lens)) else {
                throw .noFigure(say("there are no effective distances: this layer has no rotary positions"))
            }
            var figure = mapView(lens, image, look, &answers).figure
            figure.facts = [layerFact, say("from the method alone")]
            return figure
        case .attention:
            guard var figure = profileView(look, &answers).figure else {
                throw .noFigure(say("no weights by distance are measured yet"))
            }
            figure.facts = [headFact]
            return figure
        }
    }

    private var layerFact: String { say("layer \(focus.layer)") }
}
