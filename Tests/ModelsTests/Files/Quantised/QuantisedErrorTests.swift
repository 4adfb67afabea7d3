import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkModels

/// What is wrong with a quantised folder is said by its name, in one line.
struct QuantisedErrorTests {
    private static func problem(_ settings: String, key: String = "quantization_config") throws -> String {
        let text = "{\"\(key)\": \(settings)}"
        let root = try JSONDocument(Data(text.utf8), source: "config.json").root
        do { return try Quantisation(root, file: "config.json").map(\.title) ?? "none" } catch {
            return error.description
        }
    }

    @Test(arguments: [
        "hqq", "aqlm", "quanto", "torchao", "eetq", "vptq", "spqr", "higgs", "bitnet", "quark", "modelopt",
        "auto-round",
        "fp_quant",
    ]) func otherMethodsAreNamed(method: String) throws {
        let found = try Self.problem("{\"quant_method\": \"\(method)\", \"bits\": 4}")
        #expect(
            found
                == "config.json: quantization_config: the weights are quantised (\(method), 4 bits), which is not read: "
                + "use the original model or a GGUF file")
    }

    @Test(arguments: [
        (#"{"quant_method": "gptq", "bits": 4, "checkpoint_format": "marlin"}"#, "checkpoint_format \"marlin\""),
        (#"{"quant_method": "gptq", "bits": 4, "checkpoint_format": "gptq_p"}"#, "checkpoint_format \"gptq_p\""),
        (#"{"quant_method": "gptq", "bits": 4, "is_marlin_format": true}"#, "Marlin"),
        (#"{"quant_method": "awq", "bits": 4, "version": "gemv"}"#, "version \"gemv\""),
        (#"{"quant_method": "awq", "bits": 4, "zero_point": false}"#, "zero_point false"),
        (#"{"quant_method": "compressed-tensors", "format": "marlin-24"}"#, "format \"marlin-24\""),
        (#"{"quant_method": "compressed-tensors", "sparsity_config": {"format": "sparse-24-bitmask"}}"#, "sparse-24"),
        (
            #"{"quant_method": "compressed-tensors", "transform_config": {"config_groups": {"a": {}}}}"#,
            "transform_config"
        ),
        (#"{"group_size": 16, "bits": 4, "mode": "nvfp4"}"#, "mode \"nvfp4\""),
    ]) func variantsThatAreNotReadAreNamed(settings: String, part: String) throws {
        let found = try Self.problem(settings)
        #expect(found.contains(part) && found.contains("is not read"), "\(found)")
    }

    @Test(arguments: [
        ("llama4_fp8", "gate_up_proj_scale", "gate_up_proj_other", "gate_up_proj_scale: is missing"),
        (
            "llama4_fp8", "layers.0.feed_forward.experts.gate_up_proj\"",
            "layers.0.feed_forward.experts.gate_up_prok\"",
            "tensor model.layers.0.feed_forward.experts.gate_up_proj is missing; in its place are "
        ),
        ("mlx_experts", "switch_mlp.gate_proj.scales", "switch_mlp.gate_proj.scalez", "gate_proj.scales: is missing"),
        ("mlx_experts", "switch_mlp.up_proj.weight", "switch_mlq.up_proj.weight", "in its place are "),
    ]) func expertsInOneTensorAreHeldToTheirScales(name: String, old: String, new: String, part: String) throws {
        let found = try Self.error(name, "model.safetensors", old, new)
        #expect(found.contains(part), "\(found)")
    }

    @Test func scalesOfBlocksOfFusedExpertsAreRefused() throws {
        let settings = Data(#"{"quantization_config": {"quant_method": "fp8"}}"#.utf8)
        let quantisation = try #require(
            try Quantisation(JSONDocument(settings, source: "config.json").root, file: "config.json"))
        func error(_ scale: String, _ shape: [Int]) throws -> String {
            let base = try WeightsTests.source([
                ("experts.down_proj", .f8E4M3, [2, 3, 4], Data(count: 24)),
                ("experts." + scale, .f32, shape, Data(count: shape.reduce(4, *))),
            ])
            return "\(QuantisedCheckpoint(base, quantisation).absence(of: "experts.down_proj").debugDescription)"
        }
        #expect(try error("down_proj_scale_inv", [2, 1, 1]).contains("scales of blocks, which is not read"))
        #expect(try error("down_proj_scale", [2, 3]).contains("no scale of an expert or of each of its outputs"))
        #expect(try error("down_proj_scale", [2, 1, 1]) == "nil" && error("down_proj_scale", [2, 4, 1]) == "nil")
    }

    @Test func whatIsReadIsAccepted() throws {
        #expect(try Self.problem(#"{"quant_method": "awq", "bits": 4, "version": "GEMM"}"#) == "AWQ, 4 bits")
        #expect(try Self.problem(#"{"group_size": 64, "bits": 4}"#, key: "quantization") == "MLX, 4 bits, groups of 64")
        #expect(try Self.problem(#"{"load_in_8bit": true}"#) == "bitsandbytes, 8 bits, a scale an output")
        #expect(try Self.problem("{}") == "none")
        #expect(try Self.problem("null") == "none")
    }

    /// A copy of a fixture with other texts in its files; tensors are renamed within their header.
    private static func error(_ name: String, _ file: String, _ old: String, _ new: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.copyItem(at: Fixture.url("quantised/\(name)"), to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appendingPathComponent(file)
        var data = try Data(contentsOf: url)
        while let range = data.range(of: Data(old.utf8)) { data.replaceSubrange(range, with: Data(new.utf8)) }
        try data.write(to: url)
        do throws(ModelError) {
            _ = try Model(contentsOf: folder.path, needsTokenizer: false)
            return "none"
        } catch {
            #expect(!error.description.contains("\n"))
            return error.description.replacingOccurrences(of: folder.path + "/", with: "")
        }
    }

    @Test(arguments: [
        ("gptq_4", "model.layers.0.mlp.down_proj.qzeros", "model.layers.0.mlp.down_proj.qzeroz", "qzeros: is missing"),
        ("gptq_4", "model.layers.0.mlp.down_proj.scales", "model.layers.0.mlp.down_proj.scalez", "scales: is missing"),
        ("awq", "model.layers.0.mlp.down_proj.qzeros", "model.layers.0.mlp.down_proj.qzeroz", "qzeros: is missing"),
        ("bnb_nf4", "0.mlp.down_proj.weight.quant_map", "0.mlp.down_proj.weight.quant_maq", "quant_map: is missing"),
        (
            "bnb_nf4_nested", "0.mlp.down_proj.weight.nested_absmax", "0.mlp.down_proj.weight.nested_absmay",
            "nested_absmax"
        ),
        ("fp8", "0.mlp.down_proj.weight_scale", "0.mlp.down_proj.weight_scalf", "weight_scale: is missing"),
        ("mlx_4", "0.mlp.down_proj.biases", "0.mlp.down_proj.biasez", "biases: is missing"),
        ("ct_pack", "0.mlp.down_proj.weight_shape", "0.mlp.down_proj.weight_shapf", "weight_shape: is missing"),
        ("mxfp4", "0.mlp.experts.down_proj_scales", "0.mlp.experts.down_proj_scalez", "down_proj_scales: is missing"),
    ]) func missingPartsAreNamed(name: String, old: String, new: String, part: String) throws {
        let found = try Self.error(name, "model.safetensors", old, new)
        #expect(found.contains(part) && found.contains("without it the quantised layer cannot be read"), "\(found)")
    }

    @Test(arguments: [
        ("gptq_4", "\"bits\": 4", "\"bits\": 3", "none"),  // g_idx says it
        ("mlx_4", "\"bits\": 4", "\"bits\": 8", "which are no groups of 32"),
        ("mlx_4", "\"group_size\": 32", "\"group_size\": 64", "which are no groups of 64"),
        ("fp8_block", "\"weight_block_size\": [\n   24,", "\"weight_block_size\": [\n   16,", "weight_scale_inv"),
        ("gptq_4", "\"hidden_size\": 32", "\"hidden_size\": 64", "shape"),
        ("gptq_4", "\"quantization_config\"", "\"unknown_config\"", "quantization_config: is missing, but the weights"),
    ]) func contradictionsAreNamed(name: String, old: String, new: String, part: String) throws {
        let found = try Self.error(name, "config.json", old, new)
        #expect(found.contains(part) && (part == "none") == (found == "none"), "\(found)")
    }
}
