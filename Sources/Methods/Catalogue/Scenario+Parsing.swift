extension Scenario {
    /// The scenario of several method specs: at most one position method, any windows, at most one selection of
    /// either kind, at most one compression, or in place of both at most one kernel, any ablations.
    ///
    /// `full` hides no key and leaves no trace in the scenario.
    package init(parsing specs: [String], loader: MaskLoader? = nil) throws(MethodError) {
        var methods: [any Method] = []
        for spec in specs { methods.append(try MethodSpec.parse(spec, loader: loader)) }
        try self.init(methods)
    }

    /// The scenario of several methods; two of a kind that a scenario has once are an error.
    package init(_ methods: [any Method]) throws(MethodError) {
        var position: (any PositionMethod)?
        var windows: [any WindowMethod] = []
        var selection: (any Method)?
        var compression: (any CompressionMethod)?
        var ablations: [Ablation] = []
        var kernel: (any KernelMethod)?
        for method in methods {
            if let next = method as? any PositionMethod {
                if let position { throw .twoPositions(position.spec, next.spec) }
                position = next
            } else if method is any SelectionMethod || method is any StateSelection {
                if let selection { throw .twoSelections(selection.spec, method.spec) }
                selection = method
            } else if let next = method as? any CompressionMethod {
                if let compression { throw .twoCompressions(compression.spec, next.spec) }
                compression = next
            } else if let next = method as? Ablation {
                ablations.append(next)
            } else if let next = method as? any KernelMethod {
                if let kernel { throw .twoKernels(kernel.spec, next.spec) }
                kernel = next
            } else if let next = method as? any WindowMethod, !(next is Full) {
                windows.append(next)
            }
        }
        let beside: (any Method)? = selection ?? compression
        if let kernel, let beside { throw .kernelBeside(kernel.spec, beside.spec) }
        self.init(
            position: position ?? RoPE(), windows: windows, selection: selection as? any SelectionMethod,
            stateSelection: selection as? any StateSelection, compression: compression, kernel: kernel,
            ablations: ablations)
    }
}
