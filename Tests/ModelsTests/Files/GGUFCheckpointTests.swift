import Foundation
import RopewalkFormats
import RopewalkKernels
import TestSupport
import Testing

@testable import RopewalkModels

@Suite struct GGUFCheckpointTests {
    static let names = ["small_llama3rope_Q8_0", "small_bpe_Q8_0", "small_Q4_0", "wide_mixed_K"]

    static func checkpoint(_ name: String) throws -> GGUFCheckpoint {
        try GGUFCheckpoint(contentsOf: Fixture.path("gguf/\(name)/model.gguf"))
    }

    /// Rows 0, 1 and the last of every tensor, as another reader of such files widens them.
    @Test(arguments: names, [0, Int.max]) func rowsAreThoseOfTheReference(name: String, limit: Int) throws {
        let checkpoint = try Self.checkpoint(name)
        let weights = Weights(checkpoint, limit: limit)
        let expected = try SafetensorsFile(contentsOf: Fixture.path("gguf/\(name)/expected.safetensors"))
        let tensors = expected.tensors.keys.filter { $0.hasPrefix("dequant_rows.") }
        #expect(tensors.count > 7)
        for tensor in tensors {
            let inFile = String(tensor.dropFirst("dequant_rows.".count))
            let published = try #require(checkpoint.architecture.names.published(inFile).first)
            let shape = try #require(checkpoint.tensor(published)).shape
            let matrix = try weights.linear(String(published.dropLast(7)), outputs: shape[0], inputs: shape[1])
            let rows = try expected.floats(tensor)
            let order = checkpoint.tensor(published)?.rows ?? Array(0..<shape[0])
            for (place, row) in [0, 1, shape[0] - 1].enumerated() {
                let found = matrix.row(try #require(order.firstIndex(of: row)))
                let isSame = found.elementsEqual(rows[place * shape[1]..<(place + 1) * shape[1]])
                #expect(isSame, "\(inFile) row \(row)")
            }
        }
    }

    /// A file of float32 made from a published model has the published model's numbers.
    @Test func theTensorsAreThePublishedOnes() throws {
        let checkpoint = try Self.checkpoint("small_F32")
        let published = try SafetensorsFile(contentsOf: Fixture.path("gguf/hf_small/model.safetensors"))
        let weights = Weights(checkpoint)
        #expect(checkpoint.count == published.tensors.values.reduce(0) { $0 + $1.count })
        for (name, entry) in published.tensors {
            let expected = try published.floats(name)
            #expect(firstDifference(try weights.values(name, shape: entry.shape), expected) == nil, "\(name)")
            guard entry.shape.count == 2 else { continue }
            let stem = String(name.dropLast(7))
            let matrix = try weights.linear(stem, outputs: entry.shape[0], inputs: entry.shape[1])
            #expect(firstDifference((0..<matrix.outputs).flatMap { matrix.row($0) }, expected) == nil, "\(name)")
        }
        let configuration = try Configuration(folder: Fixture.path("gguf/hf_small"))
        for key in [
            "model_type", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
            "num_key_value_heads", "head_dim", "vocab_size", "max_position_embeddings", "tie_word_embeddings",
            "hidden_act", "attention_bias", "mlp_bias",
        ] {
            #expect(checkpoint.configuration[key] == configuration.root[key], "\(key)")
        }
        let epsilon = try #require(checkpoint.configuration["rms_norm_eps"]?.number)
        #expect(Float(epsilon) == Float(try #require(configuration.root["rms_norm_eps"]?.number)))
    }

    @Test func pairsAndHalvesAreTheSameRows() {
        for (heads, dimension) in [(1, 2), (3, 8), (4, 10), (2, 128)] {
            let rows = RotaryRows.paired(heads: heads, dimension: dimension)
            #expect(rows.sorted() == Array(0..<heads * dimension))
            for head in 0..<heads {
                for i in 0..<dimension / 2 {
                    let first = head * dimension
                    #expect(rows[first + i] == first + 2 * i)
                    #expect(rows[first + i + dimension / 2] == first + 2 * i + 1)
                }
            }
        }
    }

    @Test func onlySomePermuteTheirRows() throws {
        let numbers = (0..<16).map { Float($0) }
        for architecture in GGUFArchitecture.allCases {
            var builder = GGUFMetadataTests.builder(architecture)
            builder.add("blk.0.attn_q.weight", shape: [8, 2], numbers)
            builder.add("blk.0.attn_q.bias", shape: [8], Array(numbers.prefix(8)))
            let checkpoint = try GGUFCheckpoint(GGUFFile(builder.data(), path: "x"))
            let name = "model.layers.0.self_attn.q_proj"
            guard architecture.names.block["attn_q"] == "self_attn.q_proj" else {
                #expect(checkpoint.tensor(name + ".weight") == nil)
                continue
            }
            let matrix = try Weights(checkpoint).linear(name, outputs: 8, inputs: 2, bias: true)
            let isPaired = [.llama, .granite, .smollm3, .granitemoe, .olmo, .mistral3].contains(architecture)
            let order = isPaired ? [0, 2, 1, 3, 4, 6, 5, 7] : Array(0..<8)
            for row in 0..<8 { #expect(matrix.row(row) == numbers[order[row] * 2..<order[row] * 2 + 2]) }
            let bias = try Weights(checkpoint).values(name + ".bias", shape: [8])
            #expect(bias == order.map { Float($0) })
        }
    }

    @Test func whatWasAddedToNormsIsTakenOff() throws {
        for architecture in GGUFArchitecture.allCases
        where architecture.names.block["attn_norm"] == "input_layernorm" {
            var builder = GGUFMetadataTests.builder(architecture)
            builder.add("blk.1.attn_norm.weight", shape: [4], [1, 1.5, 0.25, 2])
            let checkpoint = try GGUFCheckpoint(GGUFFile(builder.data(), path: "x"))
            let isMoved = [.gemma, .gemma2, .gemma3, .nemotron].contains(architecture)
            let name = architecture.names.blockPrefix + "1.input_layernorm.weight"
            let found = try Weights(checkpoint).values(name, shape: [4])
            #expect(found == (isMoved ? [0, 0.5, -0.75, 1] : [1, 1.5, 0.25, 2]))
        }
    }

    @Test func layersOfGPT2LieTurned() throws {
        var builder = GGUFMetadataTests.builder(.gpt2)
        builder.add("blk.0.attn_qkv.weight", shape: [6, 2], (0..<12).map { Float($0) })
        builder.add("blk.0.attn_qkv.bias", shape: [6], (0..<6).map { Float($0) })
        let checkpoint = try GGUFCheckpoint(GGUFFile(builder.data(), path: "x"))
        let matrix = try Weights(checkpoint).linear(
            "transformer.h.0.attn.c_attn", outputs: 6, inputs: 2, bias: true, inputsFirst: true)
        for row in 0..<6 { #expect(matrix.row(row) == [Float(2 * row), Float(2 * row + 1)]) }
    }

    /// Phi 2's first files have queries, keys and values in one tensor.
    @Test func fusedProjectionsAreTakenApart() throws {
        var builder = GGUFMetadataTests.builder(.phi2, changing: ["attention.head_count_kv": 1])
        builder.add("blk.0.attn_qkv.weight", shape: [16, 8], (0..<128).map { Float($0) })
        builder.add("blk.0.attn_qkv.bias", shape: [16], (0..<16).map { Float($0) })
        let weights = Weights(try GGUFCheckpoint(GGUFFile(builder.data(), path: "x")))
        for (part, first, rows) in [("q_proj", 0, 8), ("k_proj", 8, 4), ("v_proj", 12, 4)] {
            let name = "model.layers.0.self_attn." + part
            let matrix = try weights.linear(name, outputs: rows, inputs: 8, bias: true)
            #expect(matrix.row(rows - 1).first == Float(8 * (first + rows - 1)))
            #expect(try weights.values(name + ".bias", shape: [rows]).first == Float(first))
        }
    }

    /// Published are the queries of a group, then its key and its value; BLOOM's groups have one query.
    @Test func groupsAreWoven() throws {
        let falcon = GGUFArchitecture.falcon.order(
            "transformer.h.0.self_attention.query_key_value.weight", rows: 16, heads: 4, keyValueHeads: 2)
        #expect(falcon == [0, 1, 2, 3, 8, 9, 12, 13, 4, 5, 6, 7, 10, 11, 14, 15])
        let bloom = GGUFArchitecture.bloom.order(
            "transformer.h.0.self_attention.query_key_value.weight", rows: 6, heads: 2, keyValueHeads: 2)
        #expect(bloom == [0, 2, 4, 1, 3, 5])
        #expect(GGUFArchitecture.mpt.order("attn.Wqkv.weight", rows: 6, heads: 2, keyValueHeads: 2) == nil)
    }

    @Test func expertsAreTakenApart() throws {
        var builder = GGUFMetadataTests.builder(.llama)
        builder.add("llama.expert_count", 3)
        builder.add("llama.expert_used_count", 2)
        builder.add("blk.0.ffn_gate_exps.weight", shape: [3, 4, 2], (0..<24).map { Float($0) })
        builder.add("blk.0.ffn_gate_inp.weight", shape: [3, 2], (0..<6).map { Float($0) })
        builder.add("blk.1.ffn_down.2.weight", shape: [2, 4], (0..<8).map { Float($0) })
        let checkpoint = try GGUFCheckpoint(GGUFFile(builder.data(), path: "x"))
        let weights = Weights(checkpoint)
        let moe = "model.layers.0.block_sparse_moe."
        for expert in 0..<3 {
            let found = try weights.values("\(moe)experts.\(expert).w1.weight", shape: [4, 2])
            #expect(found == (0..<8).map { Float(8 * expert + $0) })
        }
        #expect(!weights.contains("\(moe)experts.3.w1.weight"))
        #expect(try weights.values(moe + "gate.weight", shape: [3, 2]).count == 6)
        #expect(try weights.values("model.layers.1.block_sparse_moe.experts.2.w2.weight", shape: [2, 4])[7] == 7)
        #expect(checkpoint.configuration["model_type"] == .string("mixtral"))
        #expect(checkpoint.configuration["num_local_experts"] == .integer(3))
        #expect(checkpoint.configuration["num_experts_per_tok"] == .integer(2))
    }

    @Test func namesLeadThereAndBack() {
        let parts = [
            "attn_norm", "attn_q", "attn_k", "attn_v", "attn_qkv", "attn_output", "attn_q_norm", "attn_k_norm",
            "post_attention_norm", "ffn_norm", "post_ffw_norm", "ffn_gate", "ffn_up", "ffn_down", "ffn_gate_inp",
        ]
        let names =
            ["token_embd.weight", "position_embd.weight", "output_norm.bias", "output.weight"]
            + parts.flatMap { part in
                // T5 tells the blocks of its encoder from those of its decoder.
                ["", "enc.", "dec."].flatMap { ["\($0)blk.0.\(part).weight", "\($0)blk.31.\(part).bias"] }
            }
        for architecture in GGUFArchitecture.allCases {
            let published = names.compactMap { name in
                architecture.names.published(name).first.map { (name, $0) }
            }
            #expect(published.count > 12)
            #expect(Set(published.map(\.1)).count == published.count)
            for (name, there) in published { #expect(architecture.names.inFile(there) == name) }
        }
        for odd in [
            "rope_freqs.weight", "blk.x.attn_q.weight", "blk.00.attn_q.weight", "blk.-1.attn_q.weight", "blk",
            "", ".", "blk..", "blk.0.attn_q.scale", "blk.99999999999.attn_q.weight",
        ] {
            for architecture in GGUFArchitecture.allCases {
                #expect(architecture.names.published(odd).isEmpty)
                #expect(architecture.names.fusedExperts(odd) == nil)
            }
            #expect(GGUFArchitecture.llama.names.inFile(odd) == nil)
        }
    }
}
