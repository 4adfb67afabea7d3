import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkModels

/// Every key of every configuration class moved from its default: what transformers computes, or a refusal by name.
/// The files are made by `Fixtures/make/key_cases.py`.
struct KeyCaseTests {
    /// How many configurations of a family are refused.
    static let refused = [
        "llama": 1, "mistral": 1, "mixtral": 1, "qwen2": 1, "qwen3": 1, "gemma2": 1, "gemma3_text": 5, "phi3": 1,
        "gpt_neox": 2, "gpt2": 1, "bloom": 2, "mpt": 12, "bert": 2, "longformer": 0, "big_bird": 0, "bart": 6, "t5": 1,
        "gemma": 4, "olmo": 1, "olmo2": 1, "olmo3": 7, "granite": 1, "starcoder2": 3, "stablelm": 1, "phi": 1, "opt": 0,
        "gptj": 2, "falcon": 2, "smollm3": 1, "cohere": 1, "cohere2": 6, "glm4": 1, "exaone4": 1, "nemotron": 1,
        "ministral": 1, "ministral3": 1, "qwen2_moe": 1, "qwen3_moe": 1, "gpt_oss": 1, "granitemoe": 3,
        "llama4_text": 13, "deepseek_v2": 4, "deepseek_v3": 4, "roberta": 2, "xlm-roberta": 2, "electra": 2,
        "distilbert": 0, "modernbert": 1, "mbart": 7, "pegasus": 5, "switch_transformers": 4,
        "mamba": 2, "mamba2": 3, "bamba": 6, "rwkv": 1, "xlnet": 2,
    ]

    struct Case {
        let configuration: [String: Any]
        let changed: Set<String>
    }

    static func cases(_ family: String) throws -> [Case] {
        let file = try JSONSerialization.jsonObject(with: Fixture.data("keys/\(family)/cases.json")) as? [String: Any]
        let base = try #require(file?["base"] as? [String: Any])
        return try #require(file?["cases"] as? [[String: Any]]).map { entry in
            let change = entry["change"] as? [String: Any] ?? [:]
            let without = entry["without"] as? [String] ?? []
            return Case(
                configuration: base.filter { !without.contains($0.key) }.merging(change) { $1 },
                changed: Set(change.keys).union(without))
        }
    }

    @Test(arguments: refused.keys.sorted()) func everyKeyIsReadOrRefused(family: String) throws {
        let expected = try SafetensorsFile(contentsOf: Fixture.path("keys/\(family)/expected.safetensors"))
        let inputs = try Self.inputs(expected)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(
            at: Fixture.url("keys/\(family)/model.safetensors"), to: folder.appendingPathComponent("model.safetensors"))
        var refusals = 0
        for (index, entry) in try Self.cases(family).enumerated() {
            try JSONSerialization.data(withJSONObject: entry.configuration)
                .write(to: folder.appendingPathComponent("config.json"))
            do throws(ModelError) {
                let found = try Self.lastLogits(folder.path, inputs)
                let error = Self.error(found, try? expected.floats(String(index)))
                #expect(error <= 1, "\(family) with \(entry.changed): the error is \(error) of the tolerance")
            } catch {
                guard case .configuration(_, let key, _) = error else { throw error }
                #expect(entry.changed.contains { key == $0 || key.hasPrefix($0 + ".") }, "\(error)")
                refusals += 1
            }
        }
        #expect(refusals == Self.refused[family])
    }

    private static func lastLogits(_ folder: String, _ inputs: ModelInputs) throws(ModelError) -> [Float] {
        let model = try Model(contentsOf: folder, needsTokenizer: false)
        guard let recording = try Recorder(model: model, threads: 2).record(inputs).main else { throw .noTokens }
        return model.logits(after: recording.tokens - 1, in: recording) ?? []
    }

    private static func inputs(_ file: SafetensorsFile) throws -> ModelInputs {
        func integers(_ name: String) throws -> [Int] {
            guard file.tensors[name] != nil else { return [] }
            return try file.withBytes(of: name) { bytes in
                stride(from: 0, to: bytes.count, by: 8).map {
                    Int(bytes.loadUnaligned(fromByteOffset: $0, as: Int64.self))
                }
            }
        }
        let decoder = try integers("decoder_input_ids").map { Int32($0) }
        let globals = try integers("global_attention_mask")
        return ModelInputs(
            ids: try integers("input_ids").map { Int32($0) }, decoderIDs: decoder.isEmpty ? nil : decoder,
            globals: globals.isEmpty ? nil : globals.indices.filter { globals[$0] == 1 })
    }

    /// As a share of what float32 may be off by.
    private static func error(_ found: [Float], _ expected: [Float]?) -> Float {
        guard let expected, found.count == expected.count else { return .infinity }
        let largest = expected.reduce(0) { max($0, abs($1)) }
        let worst = zip(found, expected).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
        return worst.isNaN ? .infinity : worst / (1e-4 + 1e-5 * largest)
    }
}
