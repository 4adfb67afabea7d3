extension Scenario {
    /// The scenario of several method specs: at most one position method, any windows, at most one selection.
    ///
    /// `full` hides no key and leaves no trace in the scenario.
    public init(parsing specs: [String]) throws(MethodError) {
        var methods: [any Method] = []
        for spec in specs { methods.append(try MethodSpec.parse(spec)) }
        try self.init(methods)
    }

    /// The scenario of several methods; two of a kind that a scenario has once are an error.
    public init(_ methods: [any Method]) throws(MethodError) {
        var position: (any PositionMethod)?
        var windows: [any WindowMethod] = []
        var selection: (any SelectionMethod)?
        for method in methods {
            if let next = method as? any PositionMethod {
                if let position { throw .twoPositions(position.spec, next.spec) }
                position = next
            } else if let next = method as? any SelectionMethod {
                if let selection { throw .twoSelections(selection.spec, next.spec) }
                selection = next
            } else if let next = method as? any WindowMethod, !(next is Full) {
                windows.append(next)
            }
        }
        self.init(position: position ?? RoPE(), windows: windows, selection: selection)
    }
}
