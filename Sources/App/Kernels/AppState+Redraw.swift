import RopewalkMethods
import RopewalkPhrases

extension AppState {
    /// Why no features can be drawn anew; nil where they can.
    var redrawObstacle: String? {
        scenario.kernel is Performer ? nil : say("only performer has random features: m chooses it")
    }

    /// Other random features of the same number: what stays is no matter of chance.
    mutating func redraw() -> [Effect] {
        guard let own = scenario.kernel as? Performer else {
            redrawObstacle.map { refuse($0) }
            return []
        }
        var next = scenario
        next.kernel = Performer(
            features: own.features, form: own.form, isOrthogonal: own.isOrthogonal,
            seed: own.seed < Performer.highestSeed ? own.seed + 1 : 0)
        let before = scenario
        change(to: next)
        return scenario == before ? [] : runAfterPause()
    }

    /// Why nothing that comes of a softmax is shown of the layer; nil where its weights do.
    var signsObstacle: String? { lens?.signsObstacle(layer: focus.layer) }
}
