import RopewalkMethods
import RopewalkPhrases

/// One number of the chosen methods, for keys to change.
struct LiveParameter {
    let method: any Method
    let index: Int

    var description: ParameterDescription { Swift.type(of: method).description.parameters[index] }
    var value: Double { method.values[index] }
}

extension AppState {
    /// The parameters of all methods of the scenario, in their order.
    var liveParameters: [LiveParameter] {
        scenario.methods.flatMap { method in method.parameterIndices.map { LiveParameter(method: method, index: $0) } }
    }

    private var liveParameter: LiveParameter? {
        let all = liveParameters
        return all.isEmpty ? nil : all[min(max(0, positions.parameter), all.count - 1)]
    }

    /// For the status line: "yarn factor ◂ 4 ▸"; nil where the scenario has no parameters.
    var parameterText: String? {
        liveParameter.map { parameter in
            let name = Swift.type(of: parameter.method).description.name
            return "\(name) \(parameter.description.name) , ◂ \(parameter.description.words(parameter.value)) ▸ ."
        }
    }

    mutating func chooseParameter(_ steps: Int) {
        let count = liveParameters.count
        guard count > 0 else {
            MethodAction.parameter(steps).obstacle(in: self).map { refuse($0) }
            return
        }
        positions.parameter = ((min(positions.parameter, count - 1) + steps) % count + count) % count
    }

    /// One step more or less: a preview at once, and the exact run after a short pause.
    mutating func stepParameter(_ direction: Int) -> [Effect] {
        guard let parameter = liveParameter else {
            MethodAction.value(direction).obstacle(in: self).map { refuse($0) }
            return []
        }
        let description = parameter.description
        let next = description.stepped(parameter.value, direction)
        guard next != parameter.value else {
            notice = Notice(.information, say("\(description.name) takes \(description.rangeText)"))
            return []
        }
        var values = parameter.method.values
        values[parameter.index] = next
        let type = Swift.type(of: parameter.method)
        let changed = type.init(values: values, lists: parameter.method.lists)
        if let contradiction = changed.contradiction {
            notice = Notice(.warning, "\(type.description.name): \(contradiction)")
            return []
        }
        let methods = scenario.methods.map {
            Swift.type(of: $0).description.name == type.description.name ? changed : $0
        }
        guard let scenario = try? Scenario(methods), scenario != self.scenario else { return [] }
        let before = self.scenario
        change(to: scenario)
        return self.scenario == before ? [] : runAfterPause()
    }

    /// The exact run waits for the end of a short while in which nothing else is changed.
    mutating func runAfterPause() -> [Effect] {
        let number = runs.pauseCount &+ 1
        runs.pauseCount = number
        runs.pause = number
        return [.pause(number)]
    }

    /// Only the last pause counts.
    mutating func endPause(_ number: Int) -> [Effect] {
        if runs.pause == number { runs.pause = nil }
        return []
    }
}

extension Method {
    /// The numbers that its description explains.
    fileprivate var parameterIndices: Range<Int> {
        0..<min(values.count, Swift.type(of: self).description.parameters.count)
    }
}
