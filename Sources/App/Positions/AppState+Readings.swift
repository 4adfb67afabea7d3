import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkViews

/// A model under a scenario, one of several side by side.
struct Reading: Equatable, Sendable {
    let isBeside: Bool
    let scenario: Scenario
}

extension AppState {
    /// Tokens that runs of a comparison read at once: four times the trained window, eight times where a second model may
    /// have a longer one.
    var excerptLength: Int {
        guard let window = model.value?.shape.trainedWindow else { return 0 }
        let times = beside?.value == nil ? 4 : 8
        return min(tokenCount, max(2 * window, min(times * window, 8192)))
    }

    /// How many excerpts a mean is over: as many as four of 4,096 tokens have, but at most four.
    var excerptCount: Int {
        guard excerptLength > 0 else { return 0 }
        return max(1, min(4, 16_384 / excerptLength, tokenCount / excerptLength))
    }

    /// What the panels set side by side: the model's own positions, the usual extensions, what is chosen, and the second
    /// model.
    var readings: [Reading] {
        guard let model = model.value, tokenCount > 0 else { return [] }
        var scenarios = Comparison.standardScenarios(for: model, tokens: excerptLength)
        if !scenarios.contains(scenario) { scenarios.append(scenario) }
        let own = scenarios.map { Reading(isBeside: false, scenario: $0) }
        return own + (beside?.value.map { [Reading(isBeside: true, scenario: $0.defaultScenario)] } ?? [])
    }

    func model(of reading: Reading) -> Model? { reading.isBeside ? beside?.value : model.value }

    func title(of reading: Reading) -> String {
        let line = reading.scenario.shortLine
        guard reading.isBeside, let name = beside?.value?.name else { return line }
        return "\(name) \(line)"
    }

    func isCurrent(_ reading: Reading) -> Bool { !reading.isBeside && reading.scenario == scenario }

    /// The position methods of the readings.
    var encodedReadings: [EncodedMethod] { readings.compactMap { encoded($0, title: title(of: $0)) } }

    /// Every position method of the catalogue with its published parameters, after those of the readings.
    var encodedCatalogue: [EncodedMethod] {
        let known = readings
        let types = Catalogue.all.compactMap { $0 as? any PositionMethod.Type }
        let others = types.map { type in
            Reading(
                isBeside: false,
                scenario: Scenario(position: type.init(values: type.description.parameters.map(\.defaultValue))))
        }.filter { other in
            !known.contains { !$0.isBeside && Self.isSame($0.scenario.position, other.scenario.position) }
        }
        return encodedReadings + others.compactMap { encoded($0, title: $0.scenario.position.shortSpec) }
    }

    private static func isSame(_ a: any PositionMethod, _ b: any PositionMethod) -> Bool {
        Swift.type(of: a).description.name == Swift.type(of: b).description.name
    }

    /// Nil for a method that the model cannot have.
    private func encoded(_ reading: Reading, title: String) -> EncodedMethod? {
        guard let model = model(of: reading), model.shape.subspaces > 0,
            (try? model.check(reading.scenario, tokens: tokenCount)) != nil
        else { return nil }
        return EncodedMethod(
            title: title,
            encoding: reading.scenario.position.encoding(in: model.shape.rotaryContext(tokens: tokenCount)),
            trained: model.outline.trainedRange(reading.scenario, tokens: tokenCount), isCurrent: isCurrent(reading))
    }

    /// The angles that are familiar to the model under the scenario; nil without a model.
    var trainedRange: TrainedRange? { model.value?.outline.trainedRange(scenario, tokens: tokenCount) }
}
