import RopewalkKernels

/// Mamba-2's mixer: a convolution of a few tokens over inputs, B and C, a state space whose heads fade alike, a gate and a norm.
struct HeadMixer: Sendable {
    /// [channels, hidden]
    let gate: WeightMatrix
    /// Inputs, then B and C of all groups. [channels + 2 · groups · states, hidden]
    let input: WeightMatrix
    /// [heads, hidden]
    let step: WeightMatrix
    /// [heads]
    let stepBias: [Float]
    /// Δ stays within them.
    let stepLimits: ClosedRange<Float>
    let convolution: Convolution
    /// A and D, [head].
    let constants: MixerConstants
    let states: Int
    let groups: Int
    /// Of the gated result, a group of heads by itself. [channels]
    let norm: [Float]
    let epsilon: Float
    /// [hidden, channels]
    let output: WeightMatrix

    private var channels: Int { gate.outputs }

    func makeMemory() -> MixerMemory {
        MixerMemory(
            state: Matrix(rows: states, columns: channels),
            earlier: Matrix(rows: max(1, convolution.size - 1), columns: convolution.channels))
    }

    func apply(_ call: MixerCall) -> RecordedMixer {
        let (scratch, count, workers) = (call.scratch, call.count, call.workers)
        let x = scratch.matrix(.input, columns: convolution.channels)
        let convolved = scratch.matrix(.convolved, columns: convolution.channels)
        let steps = scratch.matrix(.step, columns: step.outputs)
        let opened = scratch.matrix(.gate, columns: channels)
        let y = scratch.matrix(.output, columns: channels)
        input.apply(to: call.input, rows: count, output: x, workers: workers)
        gate.apply(to: call.input, rows: count, output: opened, workers: workers)
        step.apply(to: call.input, rows: count, output: steps, workers: workers)
        convolution.apply(to: x, before: call.memory.earlier, rows: count, into: convolved, workers: workers)
        Elementwise.softplus(steps, bias: stepBias, limits: stepLimits, rows: count, workers: workers)
        let writes = channels..<channels + groups * states
        let reads = writes.upperBound..<writes.upperBound + groups * states
        StateScan(
            step: steps, x: .init(convolved), b: .init(convolved, from: writes.lowerBound),
            c: .init(convolved, from: reads.lowerBound), state: call.memory.state, y: y
        ).advance(count, a: constants.rates, d: constants.through, groups: groups, workers: workers)
        Elementwise.siluMultiply(opened, y, rows: count, workers: workers)
        Elementwise.rmsNormOfGroups(
            opened, weight: norm, group: channels / groups, epsilon: epsilon, rows: count, workers: workers)
        output.apply(to: opened, rows: count, output: call.output, workers: workers)
        return RecordedMixer(
            constants: constants, steps: call.kept(steps, 0..<step.outputs),
            inputs: call.kept(convolved, 0..<channels), writes: call.kept(convolved, writes),
            reads: call.kept(convolved, reads), outputs: call.keepsOutputs ? y.copy(rows: 0..<count) : nil,
            end: call.memory.kept)
    }
}
