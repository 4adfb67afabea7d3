import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkViews

/// A model under a scenario, one of several side by side.
struct Contender: Equatable, Sendable {
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

    /// What the panels set side by side: the model's own positions, the usual extensions, what is chosen, and the second
    /// model.
    var contenders: [Contender] {
        guard let model = sources.model.value, tokenCount > 0 else { return [] }
        var scenarios = Comparison.standardScenarios(for: model, tokens: excerptLength)
        if !scenarios.contains(scenario) { scenarios.append(scenario) }
        let own = scenarios.map { Contender(isSecond: false, scenario: $0) }
        return own + (second?.model.value.map { [Contender(isSecond: true, scenario: $0.defaultScenario)] } ?? [])
    }

    func model(of contender: Contender) -> Model? { contender.isSecond ? second?.model.value : sources.model.value }

    func title(of contender: Contender) -> String {
        let line = contender.scenario.shortLine
        guard contender.isSecond, let name = second?.model.value?.name else { return line }
        return "\(name) \(line)"
    }

    func isCurrent(_ contender: Contender) -> Bool { !contender.isSecond && contender.scenario == scenario }

    /// The position methods of the contenders.
    var encodedContenders: [EncodedMethod] { contenders.compactMap { encoded($0, title: title(of: $0)) } }

    /// Every position method of the catalogue with its published parameters, after those of the contenders.
    var encodedCatalogue: [EncodedMethod] {
        let known = contenders
        let types = Catalogue.all.compactMap { $0 as? any PositionMethod.Type }
        let others = types.map { type in
            Contender(
                isSecond: false,
                scenario: Scenario(position: type.init(values: type.description.parameters.map(\.defaultValue))))
        }.filter { other in
            !known.contains { !$0.isSecond && Self.isSame($0.scenario.position, other.scenario.position) }
        }
        return encodedContenders + others.compactMap { encoded($0, title: $0.scenario.position.shortSpec) }
    }

    private static func isSame(_ a: any PositionMethod, _ b: any PositionMethod) -> Bool {
        Swift.type(of: a).description.name == Swift.type(of: b).description.name
    }

    /// Nil for a method that the model cannot have.
    private func encoded(_ contender: Contender, title: String) -> EncodedMethod? {
        guard let model = model(of: contender), model.shape.subspaces > 0,
            (try? model.check(contender.scenario, tokens: tokenCount)) != nil
        else { return nil }
        return EncodedMethod(
            title: title,
            encoding: contender.scenario.position.encoding(in: model.shape.rotaryContext(tokens: tokenCount)),
            trained: model.outline.trainedRange(contender.scenario, tokens: tokenCount), isCurrent: isCurrent(contender)
        )
    }

    /// The angles that are familiar to the model under the scenario; nil without a model.
    var trainedRange: TrainedRange? { sources.model.value?.outline.trainedRange(scenario, tokens: tokenCount) }
}
