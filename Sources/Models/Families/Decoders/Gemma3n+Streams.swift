import Foundation
import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// The sizes of Gemma 3n's streams and of what its blocks read beside them.
struct StreamSizes: Sendable {
    let count: Int
    private let active: Int
    private let rank: Int
    private let width: Int
    private let vocabulary: Int
    private let scalesOutput: Bool

    init(_ configuration: Configuration, vocabulary: Int) throws(ModelError) {
        count = try configuration.size("altup_num_inputs", default: 4, limit: 64)
        active = try configuration.count("altup_active_idx", default: 0)
        rank = try configuration.size("laurel_rank", default: 64)
        width = try configuration.size("hidden_size_per_layer_input", default: 256, limit: 1 << 16)
        self.vocabulary = try configuration.size("vocab_size_per_layer_input", default: 262_144)
        scalesOutput = try configuration.flag("altup_correct_scale", default: true)
        guard (0..<count).contains(active) else {
            throw configuration.problem("altup_active_idx", say("\(active) is none of the \(count) streams"))
        }
    }

    func altUp(_ prefix: String, _ shape: ModelShape, _ weights: Weights) throws(ModelError) -> AltUp {
        func squares(_ name: String) throws(ModelError) -> [WeightMatrix] {
            var matrices: [WeightMatrix] = []
            for index in 0..<count - 1 {
                matrices.append(
                    try weights.linear("\(prefix)\(name).\(index)", outputs: shape.hidden, inputs: shape.hidden))
            }
            return matrices
        }
        let columns = shape.layers * width
        return AltUp(
            active: active, projections: try squares("altup_projections"),
            returns: try squares("altup_unembed_projections"),
            tokens: try weights.linear(prefix + "embed_tokens_per_layer", outputs: vocabulary, inputs: columns),
            projection: try weights.linear(
                prefix + "per_layer_model_projection", outputs: columns, inputs: shape.hidden),
            norm: try .rootMeanSquare(
                prefix + "per_layer_projection_norm", size: width, epsilon: shape.normEpsilon, weights),
            width: width)
    }

    func layer(
        _ name: String, _ shape: ModelShape, _ activation: Activation, _ weights: Weights
    ) throws(ModelError) -> AltUp.Layer {
        let hidden = shape.hidden
        func norm(_ part: String) throws(ModelError) -> Norm {
            try .rootMeanSquare(name + part, size: hidden, epsilon: shape.normEpsilon, weights)
        }
        func linear(_ part: String, _ outputs: Int, _ inputs: Int) throws(ModelError) -> WeightMatrix {
            try weights.linear(name + part, outputs: outputs, inputs: inputs)
        }
        return AltUp.Layer(
            router: try linear("altup.modality_router", count, hidden), routerNorm: try norm("altup.router_norm"),
            prediction: try linear("altup.prediction_coefs", count * count, count),
            correction: try linear("altup.correction_coefs", count, count),
            outputScale: scalesOutput
                ? try weights.values(name + "altup.correct_output_scale", shape: [hidden]) : nil,
            gate: try linear("per_layer_input_gate", width, hidden),
            projection: try linear("per_layer_projection", hidden, width),
            norm: try norm("post_per_layer_input_norm"), activation: activation,
            left: try linear("laurel.linear_left", rank, hidden),
            right: try linear("laurel.linear_right", hidden, rank),
            residualNorm: try norm("laurel.post_laurel_norm"))
    }
}

extension Configuration {
    /// The same with one size of feed-forward layers, where the file has a list of them.
    func withOneSize(layers: Int) throws(ModelError) -> Configuration {
        guard let list = value("intermediate_size")?.array else { return self }
        let sizes = Set(list.compactMap(\.integer))
        guard list.count == layers, sizes.count == 1, let size = sizes.first else {
            throw problem("intermediate_size", say("layers of different sizes are not supported"))
        }
        return replacing("intermediate_size", by: .integer(size))
    }

    /// Where gates are cut off, in standard deviations above their mean, layer by layer; nil for layers that cut nothing.
    func cuts(layers: Int) throws(ModelError) -> [Float?] {
        let name = "activation_sparsity_pattern"
        let standard = (0..<layers).map { layers > 10 && $0 < 10 ? 0.95 : 0 }
        let stated = value(name)
        let shares = stated?.array?.compactMap(\.number) ?? stated?.number.map { Array(repeating: $0, count: layers) }
        if stated != nil, shares?.count != layers || shares?.contains(where: { $0 < 0 || $0 >= 1 }) == true {
            throw problem(name, say("must be a list of \(layers) shares from 0 on and below 1"))
        }
        return (shares ?? standard).map { $0 > 0 ? Float(Self.normalQuantile($0)) : nil }
    }

    /// x at which the normal distribution reaches that share, by halving.
    private static func normalQuantile(_ share: Double) -> Double {
        var (low, high) = (-40.0, 40.0)
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if erfc(-middle / 2.0.squareRoot()) / 2 < share { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The layer whose keys and values each layer reads in place of its own; nil for those that have their own.
    func sources(_ sliding: [Bool]) throws(ModelError) -> [Int?] {
        let name = "num_kv_shared_layers"
        let shared = try count(name, default: stated(name) == nil ? 15 : 0)
        guard shared < sliding.count else {
            throw problem(name, say("must be a whole number from 0 on and below \(sliding.count)"))
        }
        let first = sliding.count - shared
        var sources: [Int?] = Array(repeating: nil, count: first)
        for layer in first..<sliding.count {
            guard let source = sliding[..<first].lastIndex(of: sliding[layer]) else {
                throw problem(
                    name, say("L\(layer) shares keys with a layer of its kind, of which none is below L\(first)"))
            }
            sources.append(source)
        }
        return sources
    }
}
