import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkViews

/// A model under a scenario, one of several side by side.
struct Contender: Hashable, Sendable {
    /// Whether it is the second model.
    let isSecond: Bool
    let scenario: Scenario
}

extension AppState {
    /// Tokens that runs of a comparison read at once: four times the trained window, eight times where a second model may
    /// have a longer one.
    var excerptLength: Int {
        guard let window = sources.model.value?.shape.trainedWindow else { return 0 }
        let times = second?.model.value == nil ? 4 : 8
        return min(tokenCount, max(2 * window, min(times * window, 8192)))
    }

    /// How many excerpts a mean is over: as many as four of 4,096 tokens have, but at most four.
    var excerptCount: Int {
        guard excerptLength > 0 else { return 0 }
        return max(1, min(4, 16_384 / excerptLength, tokenCount / excerptLength))
    }

    /// What the panels set side by side: the model's own positions, the usual extensions, what was added and
    /// what is chosen, and the second model.
    var contenders: [Contender] {
        guard let model = sources.model.value, tokenCount > 0 else { return [] }
        var scenarios = Comparison.standardScenarios(for: model, tokens: excerptLength)
        scenarios += losses.added.filter {
            !scenarios.contains($0) && (try? model.check($0, tokens: excerptLength)) != nil
        }
        if !scenarios.contains(scenario) { scenarios.append(scenario) }
        let own = scenarios.map { Contender(isSecond: false, scenario: $0) }
        return own + (second?.model.value.map { [Contender(isSecond: true, scenario: $0.defaultScenario)] } ?? [])
    }

    func model(of contender: Contender) -> Model? { contender.isSecond ? second?.model.value : sources.model.value }

    func title(of contender: Contender) -> String { witness.title(of: contender) }

    func isCurrent(_ contender: Contender) -> Bool { !contender.isSecond && contender.scenario == scenario }

    /// The angles that are familiar to the layer on the screen under the scenario; nil where it does not turn.
    var trainedRange: TrainedRange? { rotaryLayer?.trained }
}
