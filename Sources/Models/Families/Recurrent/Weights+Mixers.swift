import Foundation
import RopewalkKernels
import RopewalkPhrases

/// The sizes of a state space, as configurations state them.
struct StateSpaceSizes {
    let channels: Int
    let states: Int
    let convolution: Int
    let hasConvolutionBias: Bool
    /// Of the first and the last projection.
    let hasBias: Bool
}

/// The sizes of Mamba-2's mixer.
struct HeadMixerSizes {
    let sizes: StateSpaceSizes
    let heads: Int
    let groups: Int
    let stepLimits: ClosedRange<Float>
    let epsilon: Float

    /// Inputs, then B and C of all groups.
    var convolved: Int { sizes.channels + 2 * groups * sizes.states }

    var traits: MixerTraits {
        MixerTraits(
            kind: .mamba2, channels: sizes.channels, units: heads, states: sizes.states, groups: groups,
            earlier: (sizes.convolution - 1) * convolved)
    }
}

extension Weights {
    /// −e^x of a tensor: rates are kept as the logarithms of what they fade by.
    func rates(_ name: String, shape: [Int]) throws(ModelError) -> [Float] {
        try values(name, shape: shape).map { -expf($0) }
    }

    /// A convolution of every channel by itself, [channels, 1, size] in the file.
    func convolution(
        _ name: String, channels: Int, size: Int, bias: Bool
    ) throws(ModelError) -> Convolution {
        let numbers = try values(name + ".weight", shape: [channels, 1, size])
        let bias = bias ? try values(name + ".bias", shape: [channels]) : nil
        // Only checked weights have none.
        guard !numbers.isEmpty else { return Convolution(channels: 0, size: 1, weights: [], bias: nil) }
        return Convolution(channels: channels, size: size, weights: numbers, bias: bias)
    }

    /// Mamba-2's mixer; the rows of its first projection are those of the gate, the inputs with B and C, and Δ.
    func headMixer(_ name: String, hidden: Int, _ mixer: HeadMixerSizes) throws(ModelError) -> HeadMixer {
        let (sizes, heads) = (mixer.sizes, mixer.heads)
        let channels = sizes.channels
        let ends = (gate: channels, input: channels + mixer.convolved, step: channels + mixer.convolved + heads)
        let fused = try linear(name + "in_proj", outputs: ends.step, inputs: hidden, bias: sizes.hasBias)
        return HeadMixer(
            gate: fused.rows(0..<ends.gate), input: fused.rows(ends.gate..<ends.input),
            step: fused.rows(ends.input..<ends.step), stepBias: try values(name + "dt_bias", shape: [heads]),
            stepLimits: mixer.stepLimits,
            convolution: try convolution(
                name + "conv1d", channels: mixer.convolved, size: sizes.convolution, bias: sizes.hasConvolutionBias),
            constants: MixerConstants(
                rates: try rates(name + "A_log", shape: [heads]), through: try values(name + "D", shape: [heads])),
            states: sizes.states, groups: mixer.groups, norm: try values(name + "norm.weight", shape: [channels]),
            epsilon: mixer.epsilon,
            output: try linear(name + "out_proj", outputs: hidden, inputs: channels, bias: sizes.hasBias))
    }
}

extension Configuration {
    /// How many tokens a short convolution reads.
    func convolutionSize(_ key: String, default standard: Int = 4) throws(ModelError) -> Int {
        try size(key, default: standard, limit: Convolution.largest)
    }

    /// What Δ stays within: two numbers, the second of which may be infinite.
    func stepLimits() throws(ModelError) -> ClosedRange<Float> {
        guard let value = value("time_step_limit") else { return 0...(.infinity) }
        let numbers = value.array?.compactMap { element -> Float? in
            if let number = element.number { return Float(number) }
            return element["__float__"]?.string == "Infinity" ? .infinity : nil
        }
        guard let numbers, numbers.count == 2, numbers[0].isFinite, numbers[0] >= 0, numbers[0] <= numbers[1] else {
            throw problem("time_step_limit", say("must be two numbers from 0 on, the lower one first"))
        }
        return numbers[0]...numbers[1]
    }

    /// Groups of heads that share B and C.
    func groups(_ key: String, default standard: Int, heads: Int) throws(ModelError) -> Int {
        let groups = try size(key, default: standard, limit: 1 << 14)
        guard heads % groups == 0 else { throw problem(key, say("\(groups) does not divide \(heads) heads")) }
        return groups
    }
}

extension ModelShape {
    /// Of a model without attention: one head stands for a layer, and has no numbers.
    static func withoutAttention(
        layers: Int, hidden: Int, intermediate: Int = 0, vocabulary: Int, window: Int, epsilon: Float
    ) -> ModelShape {
        ModelShape(
            layers: layers, heads: 1, keyValueHeads: 1, headDimension: 1, hidden: hidden, intermediate: intermediate,
            vocabulary: vocabulary, trainedWindow: window, normEpsilon: epsilon, rotaryDimensions: 0)
    }
}

extension ModelTraits {
    /// A decoder all of whose layers have a recurrent mixer.
    static func recurrent(_ shape: ModelShape, _ mixer: MixerTraits) -> ModelTraits {
        var layer = LayerTraits(scoreScale: 1, rope: nil)
        layer.mixer = mixer
        var traits = ModelTraits(decoder: shape, traits: Array(repeating: layer, count: shape.layers))
        traits.scheme = .recurrent
        return traits
    }
}
