import ArgumentParser
import RopewalkExport
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// Methods that are applied together.
struct ScenarioOptions: ParsableArguments {
    @Option(
        name: .customLong("method"),
        help: ArgumentHelp(
            say("A method such as lambda:sink=4,window=512; may be repeated (see ropewalk methods)."), valueName: "spec"
        ))
    var methods: [String] = []

    /// The methods together; the model's own position method where none is given.
    func scenario(for model: Model) throws(MethodError) -> Scenario {
        // A recording shows what was recorded where nothing else is asked for.
        if methods.isEmpty, !model.hasWeights { return model.defaultScenario }
        let own = model.defaultScenario.position
        let scenario = try scenario(position: own)
        if scenario.position.spec != own.spec, let scope = model.traits.positionScope {
            StandardError.write("\(scenario.position.spec): \(scope)")
        }
        return scenario
    }

    func scenario(position: any PositionMethod) throws(MethodError) -> Scenario {
        var given: [any Method] = []
        for spec in methods { given.append(try MethodSpec.parse(spec, loader: MaskFile.loader)) }
        if !given.contains(where: { $0 is any PositionMethod }) { given.append(position) }
        return try Scenario(given)
    }
}
