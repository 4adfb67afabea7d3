import Formats
import Foundation
import Kernels
import Methods
import Models
import TestSupport
import Testing

/// Reference outputs of small Llamas, computed in float64 from the same weights.
struct GoldenModelTests {
    static let names = [
        "llama_default", "llama_tied", "llama_mqa", "llama_mha_wide", "llama_bias", "llama_f16", "llama_bf16",
        "llama_sharded", "llama_bf16_sharded",
    ]

    /// The tolerances that the references state: 16 times the error of float32 in the reference implementation.
    struct Tolerance {
        let absolute: Double
        let relative: Double

        init(_ manifest: JSONValue, _ group: String) throws {
            let entry = try #require(manifest["tolerances"]?["f32"]?[group])
            absolute = try #require(entry["atol"]?.number)
            relative = try #require(entry["rtol"]?.number)
        }

        func check(_ found: [Float], _ expected: [Float], _ name: String) {
            #expect(found.count == expected.count, "\(name)")
            var worst = 0.0
            for (a, b) in zip(found, expected) {
                worst = max(worst, abs(Double(a) - Double(b)) / (absolute + relative * abs(Double(b))))
            }
            #expect(worst <= 1 && !worst.isNaN, "\(name): error is \(worst) of the tolerance")
        }
    }

    @Test(arguments: names) func outputsAgree(name: String) throws {
        let folder = Fixture.path("hf/\(name)")
        let manifest = try JSONDocument(contentsOf: folder + "/manifest.json").root
        let expected = try SafetensorsFile(contentsOf: folder + "/expected.safetensors")
        let model = try Model(contentsOf: folder, needsTokenizer: false)
        let ids = try expected.integers("input_ids").map { Int32($0) }
        let recording = try Recorder(model: model, threads: 2, keepsStates: true).record(ids)

        let logits = try Tolerance(manifest, "logits")
        logits.check(
            ids.indices.flatMap { model.logits(after: $0, in: recording) ?? [] }, try expected.floats("logits"),
            "logits")
        let states = try Tolerance(manifest, "hidden_states")
        for layer in 0..<model.shape.layers {
            states.check(
                recording.chunks.flatMap { $0.layers[layer].input ?? [] },
                try expected.floats("hidden_states.\(layer)"), "hidden_states.\(layer)")
        }
        states.check(
            recording.chunks.flatMap { $0.lastBlockOutput ?? [] }, try expected.floats("last_block_output"),
            "last_block_output")
        states.check(
            recording.chunks.flatMap(\.lastHidden), try expected.floats("hidden_states.\(model.shape.layers)"),
            "last hidden state")
    }

    @Test(arguments: names) func bothSpellingsOfTheConfigurationAgree(name: String) throws {
        let copy = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.copyItem(at: Fixture.url("hf/\(name)"), to: copy)
        defer { try? FileManager.default.removeItem(at: copy) }
        try FileManager.default.removeItem(at: copy.appendingPathComponent("config.json"))
        try FileManager.default.moveItem(
            at: copy.appendingPathComponent("config_legacy.json"), to: copy.appendingPathComponent("config.json"))
        let legacy = try Model(contentsOf: copy.path, needsTokenizer: false)
        let model = try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
        #expect(legacy.shape == model.shape)
        #expect(legacy.defaultScenario == model.defaultScenario)
    }
}

extension SafetensorsFile {
    func floats(_ name: String) throws -> [Float] {
        try withBytes(of: name) { bytes in
            stride(from: 0, to: bytes.count, by: 4).map { bytes.loadUnaligned(fromByteOffset: $0, as: Float.self) }
        }
    }

    func integers(_ name: String) throws -> [Int] {
        let entry = try #require(tensors[name])
        return try withBytes(of: name) { bytes in
            stride(from: 0, to: bytes.count, by: entry.type.size).map {
                entry.type == .i64
                    ? Int(bytes.loadUnaligned(fromByteOffset: $0, as: Int64.self))
                    : Int(bytes.loadUnaligned(fromByteOffset: $0, as: Int32.self))
            }
        }
    }
}
