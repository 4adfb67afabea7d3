import Foundation
import RopewalkKernels

/// Mamba's mixer: a convolution of a few tokens, a state space whose Δ, B and C follow from its result, and a gate.
struct SelectiveMixer: Sendable {
    /// [channels, hidden]
    let input: WeightMatrix
    let gate: WeightMatrix
    let convolution: Convolution
    /// Narrow Δ, then B, then C. [rank + 2 · states, channels]
    let narrow: WeightMatrix
    /// Of the narrow Δ. [channels, rank]
    let step: WeightMatrix
    /// A and D, [state, channel] and [channel].
    let constants: MixerConstants
    let states: Int
    /// [hidden, channels]
    let output: WeightMatrix

    private var channels: Int { convolution.channels }
    private var rank: Int { step.inputs }

    func makeMemory() -> MixerMemory {
        MixerMemory(
            state: Matrix(rows: states, columns: channels),
            earlier: Matrix(rows: max(1, convolution.size - 1), columns: channels))
    }

    func apply(_ call: MixerCall) -> RecordedMixer {
        let (scratch, count, workers) = (call.scratch, call.count, call.workers)
        let x = scratch.matrix(.input, columns: channels)
        let convolved = scratch.matrix(.convolved, columns: channels)
        let parts = scratch.matrix(.narrow, columns: narrow.outputs)
        let steps = scratch.matrix(.step, columns: channels)
        let opened = scratch.matrix(.gate, columns: channels)
        let y = scratch.matrix(.output, columns: channels)
        input.apply(to: call.input, rows: count, output: x, workers: workers)
        gate.apply(to: call.input, rows: count, output: opened, workers: workers)
        convolution.apply(to: x, before: call.memory.earlier, rows: count, into: convolved, workers: workers)
        narrow.apply(to: convolved, rows: count, output: parts, workers: workers)
        let low = Matrix(rows: count, columns: rank)
        low.setColumns(0, to: parts, 0..<rank, rows: count)
        step.apply(to: low, rows: count, output: steps, workers: workers)
        Elementwise.softplus(steps, rows: count, workers: workers)
        StateScan(
            step: steps, x: .init(convolved), b: .init(parts, from: rank), c: .init(parts, from: rank + states),
            state: call.memory.state, y: y
        ).select(count, a: constants.rates, d: constants.through, workers: workers)
        Elementwise.siluMultiply(opened, y, rows: count, workers: workers)
        output.apply(to: opened, rows: count, output: call.output, workers: workers)
        return RecordedMixer(
            constants: constants, steps: call.kept(steps, 0..<channels), inputs: call.kept(convolved, 0..<channels),
            writes: call.kept(parts, rank..<rank + states),
            reads: call.kept(parts, rank + states..<rank + 2 * states),
            outputs: call.keepsOutputs ? y.copy(rows: 0..<count) : nil, end: call.memory.kept)
    }
}
