import Foundation
import RopewalkFormats
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

/// What attention of the first layer hands on, followed in float64 through the rest of the block to the keys of the
/// next layer: a run must have used the outputs of the keys and values that its scenario shows.
struct RunOutputTests {
    let weights: SafetensorsFile
    let epsilon: Double

    init() throws {
        weights = try SafetensorsFile(contentsOf: Fixture.path("hf/llama_default/model.safetensors"))
        let configuration = try JSONDocument(contentsOf: Fixture.path("hf/llama_default/config.json")).root
        epsilon = try #require(configuration["rms_norm_eps"]?.number)
    }

    /// A row of a matrix [output, input] for each output.
    func product(_ name: String, _ x: [Double]) throws -> [Double] {
        let matrix = try weights.floats("model.layers.\(name).weight")
        return (0..<matrix.count / x.count).map { row in
            x.indices.reduce(0) { $0 + Double(matrix[row * x.count + $1]) * x[$1] }
        }
    }

    func norm(_ name: String, _ x: [Double]) throws -> [Double] {
        let scales = try weights.floats("model.layers.\(name).weight")
        let root = (x.reduce(0) { $0 + $1 * $1 } / Double(x.count) + epsilon).squareRoot()
        return zip(x, scales).map { $0 / root * Double($1) }
    }

    /// Keys of layer 1 before rotation, all heads.
    func keys(id: Int32, context: [Double]) throws -> [Double] {
        let table = try weights.floats("model.embed_tokens.weight")
        let attended = try product("0.self_attn.o_proj", context)
        let embedded = table[Int(id) * attended.count..<(Int(id) + 1) * attended.count]
        var x = zip(embedded, attended).map { Double($0) + $1 }
        let normed = try norm("0.post_attention_layernorm", x)
        let gate = try product("0.mlp.gate_proj", normed).map { $0 / (1 + exp(-$0)) }
        let gated = zip(gate, try product("0.mlp.up_proj", normed)).map { $0 * $1 }
        x = zip(x, try product("0.mlp.down_proj", gated)).map { $0 + $1 }
        return try product("1.self_attn.k_proj", norm("1.input_layernorm", x))
    }

    @Test(arguments: CompressionRunTests.scenarios + StateSelectionRunTests.scenarios) func theNextLayerHasTheOutput(
        specs: [String]
    ) throws {
        let recording = try Sample.recording(300, specs, chunkSize: 256)
        let compression = try Scenario(parsing: specs).compression
        var states = PlainLayer.layers(recording, specs)[0]
        let selection = try Scenario(parsing: specs).stateSelection
        states.keyPeriod = selection?.keyPeriod ?? 1
        // What is added to scores, and which keys are elsewhere, is worked out anew from the states.
        let choices = (0..<recording.shape.heads).map { head in
            selection.map { states.keyChoices($0, layer: 0, head: head, of: recording.shape.layers) }
        }
        for query in stride(from: 299, through: 0, by: -41) {
            let context = (0..<recording.shape.heads).flatMap { head -> [Double] in
                if let compression {
                    return CompressionRunTests.attention(
                        states, compression, query: query, head: head, specs: specs
                    ).output
                }
                let chosen = recording.chosenKeys(layer: 0, head: head, query: query)
                return states.attention(
                    query, head: head,
                    visible: { chosen?.contains($0) ?? true && PlainWindow.contains(query, $0, specs) },
                    places: choices[head].flatMap { selection?.places(of: $0[query].keys, query: query) } ?? [],
                    additions: choices[head]?[query].additions ?? []
                ).output
            }
            let expected = try keys(id: recording.ids[query], context: context)
            let found = (0..<recording.shape.keyValueHeads).flatMap {
                recording.key(layer: 1, keyValueHead: $0, token: query) ?? []
            }
            #expect(found.count == expected.count)
            // float32 through one block.
            #expect(zip(found, expected).allSatisfy { agree($0, Float($1), 2e-5) }, "\(specs) \(query)")
        }
    }
}
