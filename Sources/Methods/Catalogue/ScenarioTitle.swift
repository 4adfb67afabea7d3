/// A scenario in a few words.
package enum ScenarioTitle {
    /// Its methods, whatever model they are for.
    package static func text(_ scenario: Scenario) -> String {
        let methods = scenario.methods.dropFirst().map(short)
        return ([position(scenario)] + methods).joined(separator: " + ")
    }

    /// A method with its first parameter, or, where it has none, its lists: "bigbird:block=64", "ablate:layers=2,heads=3".
    package static func short(_ method: any Method) -> String {
        let description = type(of: method).description
        guard let name = description.parameters.first?.name, let value = method.values.first else {
            return method.shortSpec
        }
        return "\(description.name):\(name)=\(MethodSpec.format(value))"
    }

    /// "bigbird 64".
    package static func shortest(_ method: any Method) -> String {
        let value = method.values.first.map { " " + MethodSpec.format($0) }
        return type(of: method).description.name + (value ?? "")
    }

    /// The position method: "RoPE", "ntk:factor=4"; short, because it stands in a border beside other facts.
    package static func position(_ scenario: Scenario) -> String {
        scenario.position is RoPE ? RoPE.description.title : scenario.position.shortSpec
    }
}
