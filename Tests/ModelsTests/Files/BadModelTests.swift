import Foundation
import RopewalkFormats
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

/// Folders that are not a model that can be run, each with its own error.
struct BadModelTests {
    /// A copy of a fixture with some texts of its files replaced by others.
    static func load(
        _ name: String = "llama_default", config: [String: String] = [:], weights: [String: String] = [:],
        number: (tensor: String, index: Int, value: Float)? = nil, removing file: String? = nil
    ) throws -> Model {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.copyItem(at: Fixture.url("hf/\(name)"), to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        try replace(config, in: folder.appendingPathComponent("config.json"))
        try replace(weights, in: folder.appendingPathComponent("model.safetensors"))
        if let number {
            let path = folder.appendingPathComponent("model.safetensors")
            let offset = try offset(of: number.tensor, in: path) + number.index * 4
            var data = try Data(contentsOf: path)
            withUnsafeBytes(of: number.value) { data.replaceSubrange(offset..<offset + 4, with: $0) }
            try data.write(to: path)
        }
        if let file { try FileManager.default.removeItem(at: folder.appendingPathComponent(file)) }
        return try Model(contentsOf: folder.path, needsTokenizer: false)
    }

    private static func replace(_ texts: [String: String], in url: URL) throws {
        guard !texts.isEmpty else { return }
        var data = try Data(contentsOf: url)
        for (old, new) in texts {
            let range = try #require(data.range(of: Data(old.utf8)), "\(old) is not in \(url.lastPathComponent)")
            data.replaceSubrange(range, with: Data(new.utf8))
        }
        try data.write(to: url)
    }

    /// Where a tensor's bytes begin in a safetensors file.
    private static func offset(of tensor: String, in url: URL) throws -> Int {
        let data = try Data(contentsOf: url)
        let length = data.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        let header = try #require(
            try JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: [String: Any]])
        return 8 + length + (try #require(header[tensor]?["data_offsets"] as? [Int]))[0]
    }

    /// The error's case and what it names.
    private func problem(_ load: () throws -> Model) -> String {
        do {
            _ = try load()
            return "none"
        } catch let error as ModelError {
            #expect(!error.description.contains("\n"))
            switch error {
            case .configuration(_, let key, _): return "configuration \(key)"
            case .family(_, let name, _): return "family \(name)"
            case .shape(_, let tensor, let found, let expected): return "shape \(tensor) \(found) \(expected)"
            case .missing(_, let tensor, _): return "missing \(tensor)"
            case .notFinite(_, let tensor, let index): return "not finite \(tensor) \(index)"
            case .elementType(_, let tensor, let type): return "type \(tensor) \(type)"
            case .format: return "format"
            case .tokenizer: return "tokenizer"
            default: return "\(error)"
            }
        } catch {
            return "another error: \(error)"
        }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity]) func weightsMustBeNumbers(value: Float) {
        for tensor in ["model.norm.weight", "model.layers.1.mlp.down_proj.weight", "model.embed_tokens.weight"] {
            #expect(problem { try Self.load(number: (tensor, 7, value)) } == "not finite \(tensor) 7")
        }
    }

    @Test(arguments: [
        (
            "\"intermediate_size\": 44", "\"intermediate_size\": 45",
            "shape model.layers.0.mlp.gate_proj.weight [44, 40] [45, 40]"
        ),
        ("\"vocab_size\": 64", "\"vocab_size\": 63", "shape model.embed_tokens.weight [64, 40] [63, 40]"),
        (
            "\"num_attention_heads\": 4", "\"num_attention_heads\": 8",
            "shape model.layers.0.self_attn.q_proj.weight [40, 40] [80, 40]"
        ),
        (
            "\"num_key_value_heads\": 2", "\"num_key_value_heads\": 4",
            "shape model.layers.0.self_attn.k_proj.weight [20, 40] [40, 40]"
        ),
        ("\"num_key_value_heads\": 2", "\"num_key_value_heads\": 3", "configuration num_key_value_heads"),
        ("\"num_key_value_heads\": 2", "\"num_key_value_heads\": 8", "configuration num_key_value_heads"),
        ("\"num_attention_heads\": 4", "\"num_attention_heads\": 0", "configuration num_attention_heads"),
        ("\"num_attention_heads\": 4", "\"num_attention_heads\": \"4\"", "configuration num_attention_heads"),
        ("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3", "missing model.layers.2.input_layernorm.weight"),
        ("\"num_hidden_layers\": 2", "\"num_hidden_layers\": -1", "configuration num_hidden_layers"),
        ("\"num_hidden_layers\": 2", "\"other\": 2", "missing model.layers.2.input_layernorm.weight"),
        ("\"hidden_size\": 40", "\"hidden_size\": 9223372036854775807", "configuration hidden_size"),
        ("\"hidden_size\": 40", "\"hidden_size\": 1e300", "configuration hidden_size"),
        ("\"head_dim\": 10", "\"head_dim\": 9", "configuration head_dim"),
        ("\"head_dim\": 10", "\"head_dim\": 2.5", "configuration head_dim"),
        ("\"rope_type\": \"default\"", "\"rope_type\": \"spiral\"", "configuration rope_parameters.rope_type"),
        ("\"rope_type\": \"default\"", "\"rope_type\": \"linear\"", "configuration rope_parameters.factor"),
        ("\"rope_theta\": 10000.0", "\"rope_theta\": -3", "configuration rope_parameters.rope_theta"),
        ("\"hidden_act\": \"silu\"", "\"hidden_act\": \"gelu\"", "none"),
        ("\"hidden_act\": \"silu\"", "\"hidden_act\": \"selu\"", "configuration hidden_act"),
        ("\"hidden_act\": \"silu\"", "\"hidden_act\": 3", "configuration hidden_act"),
        ("\"model_type\": \"llama\"", "\"model_type\": \"llamb\"", "family llamb"),
        ("\"attention_bias\": false", "\"attention_bias\": true", "missing model.layers.0.self_attn.q_proj.bias"),
        ("\"attention_bias\": false", "\"attention_bias\": 1", "configuration attention_bias"),
        ("\"rms_norm_eps\": 0.003", "\"rms_norm_eps\": -0.003", "configuration rms_norm_eps"),
        ("{", "", "format"),
    ])
    func theConfigurationMustFit(old: String, new: String, expected: String) {
        #expect(problem { try Self.load(config: [old: new]) } == expected)
    }

    @Test func tensorsMustBeThereAndNumbers() {
        #expect(
            problem { try Self.load(weights: ["\"model.norm.weight\"": "\"model.nrom.weight\""]) }
                == "missing model.norm.weight")
        #expect(
            problem { try Self.load(weights: ["\"lm_head.weight\"": "\"lm_tail.weight\""]) } == "missing lm_head.weight"
        )
        #expect(
            problem { try Self.load(weights: ["\"dtype\":\"F32\"": "\"dtype\":\"I32\""]) }.hasPrefix("type "))
        // Another file of tensors in the folder is then taken for the weights.
        #expect(
            problem { try Self.load(removing: "model.safetensors") } == "missing model.embed_tokens.weight")
        #expect(problem { try Self.load(removing: "config.json") } == "format")
        #expect(problem { try Self.load("llama_sharded", removing: "model-00002-of-00003.safetensors") } == "format")
        #expect(problem { try Model(contentsOf: Fixture.path("hf/llama_default")) } == "tokenizer")
        #expect(problem { try Model(contentsOf: Fixture.path("hf/none"), needsTokenizer: false) } == "format")
        #expect(problem { try Self.load() } == "none")
    }

    @Test func idsMustBeInTheVocabulary() throws {
        let model = try Self.load()
        let recorder = Recorder(model: model, threads: 1)
        #expect(throws: ModelError.noTokens) { try recorder.record([]) }
        for id in [Int32(64), -1, .max, .min] {
            #expect(throws: ModelError.token(id: Int(id), place: 2, vocabulary: 64)) {
                try recorder.record([0, 63, id, 5])
            }
        }
        #expect(try recorder.record([63]).tokens == 1)
    }

    @Test func aFactorOfTheConfigurationIsTheDefaultScenario() throws {
        let model = try Self.load(config: ["\"rope_type\": \"default\"": "\"rope_type\": \"linear\", \"factor\": 8.0"])
        #expect(model.defaultScenario.specs == ["pi:factor=8"])
        #expect(try Self.load().defaultScenario == .plain)
    }
}
