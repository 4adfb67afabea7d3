import RopewalkKernels

/// RWKV-4's time mixing: every channel is the mean of the values so far under weights that fade, opened by a gate. Keys,
/// values and gate are made of a token and the one before it.
struct MeanMixer: Sendable {
    /// How much of the token itself each of them reads. [hidden]
    let keyMix: [Float]
    let valueMix: [Float]
    let gateMix: [Float]
    /// [channels, hidden]
    let key: WeightMatrix
    let value: WeightMatrix
    let gate: WeightMatrix
    /// −decay and what is added to a token's own key, [channel].
    let constants: MixerConstants
    /// [hidden, channels]
    let output: WeightMatrix

    private var channels: Int { key.outputs }
    private var hidden: Int { key.inputs }

    func makeMemory(_ feedForward: FeedForward) -> MixerMemory {
        let state = Matrix(rows: 3, columns: channels)
        state.setRow(2, to: Array(repeating: WeightedMeanScan.nothing, count: channels)[...])
        return MixerMemory(
            state: state, earlier: Matrix(rows: 1, columns: hidden),
            feedForward: feedForward.readsEarlier ? Matrix(rows: 1, columns: hidden) : nil)
    }

    func apply(_ call: MixerCall) -> RecordedMixer {
        let (scratch, count, workers) = (call.scratch, call.count, call.workers)
        let mixed = scratch.matrix(.narrow, columns: hidden)
        let keys = scratch.matrix(.step, columns: channels)
        let values = scratch.matrix(.convolved, columns: channels)
        let opened = scratch.matrix(.gate, columns: channels)
        let y = scratch.matrix(.output, columns: channels)
        for (mix, weights, result) in [(keyMix, key, keys), (valueMix, value, values), (gateMix, gate, opened)] {
            Elementwise.mixWithEarlier(
                call.input, before: call.memory.earlier, mix: mix, rows: count, into: mixed, workers: workers)
            weights.apply(to: mixed, rows: count, output: result, workers: workers)
        }
        call.memory.earlier.setRow(0, to: call.input.copy(rows: count - 1..<count)[...])
        WeightedMeanScan.run(
            keys: keys, values: values, rows: count, decay: constants.rates.map { -$0 }, bonus: constants.through,
            state: call.memory.state, into: y, workers: workers)
        Elementwise.sigmoidMultiply(opened, y, rows: count, workers: workers)
        output.apply(to: opened, rows: count, output: call.output, workers: workers)
        return RecordedMixer(
            constants: constants, steps: call.kept(keys, 0..<channels), inputs: call.kept(values, 0..<channels),
            writes: .single([]), reads: .single([]), outputs: call.keepsOutputs ? y.copy(rows: 0..<count) : nil,
            end: call.memory.kept)
    }
}
