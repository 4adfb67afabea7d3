import Foundation
import RopewalkFormats
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkModels

/// What is left out adds nothing: a run without it is one of a model whose projections there are zero.
struct AblationRunTests {
    /// Where a family has what its heads and feed-forward layers are projected by.
    struct Names: Sendable, CustomTestStringConvertible {
        let model: String
        let attention: String
        let feedForward: String
        /// Whether weights are [input, output].
        var isTurned = false
        var testDescription: String { model }
    }

    static let families = [
        Names(
            model: "llama_default", attention: "model.layers.1.self_attn.o_proj",
            feedForward: "model.layers.1.mlp.down_proj"),
        // Norms behind both parts.
        Names(
            model: "gemma2", attention: "model.layers.1.self_attn.o_proj", feedForward: "model.layers.1.mlp.down_proj"),
        // Both parts at once, with biases.
        Names(
            model: "gpt_neox", attention: "gpt_neox.layers.1.attention.dense",
            feedForward: "gpt_neox.layers.1.mlp.dense_4h_to_h"),
        Names(
            model: "gpt2", attention: "transformer.h.1.attn.c_proj", feedForward: "transformer.h.1.mlp.c_proj",
            isTurned: true),
        // An encoder, with norms behind what is added.
        Names(
            model: "bert", attention: "bert.encoder.layer.1.attention.output.dense",
            feedForward: "bert.encoder.layer.1.output.dense"),
    ]

    private static let ids = (0..<40).map { Int32($0 * 7 % 50 + 3) }

    @Test(arguments: families) func aHead(_ names: Names) throws {
        let model = try Model(contentsOf: Fixture.path("hf/\(names.model)"), needsTokenizer: false)
        let width = model.shape.headDimension
        let columns = width..<2 * width
        let other = try changed(names) { name, input in name == names.attention + ".weight" && columns.contains(input) }
        try expectEqual(model, Ablation(layers: [1], heads: [1]), other)
    }

    @Test(arguments: families) func theAttentionOfALayer(_ names: Names) throws {
        let model = try Model(contentsOf: Fixture.path("hf/\(names.model)"), needsTokenizer: false)
        let other = try changed(names) { name, _ in name.hasPrefix(names.attention + ".") }
        try expectEqual(model, Ablation(layers: [1]), other)
    }

    @Test(arguments: families) func aFeedForwardLayer(_ names: Names) throws {
        let model = try Model(contentsOf: Fixture.path("hf/\(names.model)"), needsTokenizer: false)
        let other = try changed(names) { name, _ in name.hasPrefix(names.feedForward + ".") }
        try expectEqual(model, Ablation(feedForward: [1]), other)
    }

    @Test(arguments: families) func severalTogether(_ names: Names) throws {
        let model = try Model(contentsOf: Fixture.path("hf/\(names.model)"), needsTokenizer: false)
        let width = model.shape.headDimension
        let other = try changed(names) { name, input in
            name.hasPrefix(names.feedForward + ".")
                || name == names.attention + ".weight" && [0, 2].contains(input / width)
        }
        let scenario = Scenario(
            position: model.defaultScenario.position,
            ablations: [Ablation(layers: [1], heads: [2, 0]), Ablation(feedForward: [1])])
        try expectEqual(model, scenario, other)
    }

    @Test func layersAndHeadsThatAreNotThereAreRefused() throws {
        let model = try Model(contentsOf: Fixture.path("hf/llama_default"), needsTokenizer: false)
        for ablation in [Ablation(layers: [99]), Ablation(heads: [99]), Ablation(feedForward: [99])] {
            let error = #expect(throws: ModelError.self) {
                try model.check(Scenario(ablations: [ablation]), tokens: 8)
            }
            #expect("\(try #require(error))".contains("99"))
        }
    }

    private func expectEqual(_ model: Model, _ ablation: Ablation, _ other: Model) throws {
        try expectEqual(
            model, Scenario(position: model.defaultScenario.position, ablations: [ablation]), other)
    }

    /// The last states and losses of both; sums are made in the same order, so that only zeros of either sign differ.
    private func expectEqual(_ model: Model, _ scenario: Scenario, _ other: Model) throws {
        func run(_ model: Model, _ scenario: Scenario) throws -> (states: [[Float]], losses: [Float]) {
            let recorder = Recorder(model: model, scenario: scenario, threads: 1)
            let recordings = try recorder.record(ModelInputs(ids: Self.ids))
            let recording = try #require(recordings.decoder ?? recordings.encoder)
            return (
                try (0..<Self.ids.count).map { try #require(recording.lastHidden(of: $0)).map { $0 } },
                recording.chunks.flatMap(\.negativeLogLikelihood)
            )
        }
        let (left, zeroed) = (try run(model, scenario), try run(other, other.defaultScenario))
        let whole = try run(model, model.defaultScenario)
        #expect(difference(left.states, zeroed.states) <= 1e-6)
        #expect(difference(left.states, whole.states) > 1e-3, "it does something")
        if model.hasHead, model.kinds.first?.isCausal == true {
            #expect(zip(left.losses, zeroed.losses).dropLast().allSatisfy { abs($0 - $1) <= 1e-5 })
        }
    }

    private func difference(_ a: [[Float]], _ b: [[Float]]) -> Float {
        zip(a, b).flatMap { zip($0, $1).map { abs($0 - $1) } }.max() ?? .infinity
    }

    /// The same model with zeros in some columns of its weights (inputs), or in whole biases.
    private func changed(_ names: Names, isZero: (_ tensor: String, _ input: Int) -> Bool) throws -> Model {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(
            at: Fixture.url("hf/\(names.model)/config.json"), to: folder.appendingPathComponent("config.json"))
        let file = try SafetensorsFile(contentsOf: Fixture.path("hf/\(names.model)/model.safetensors"))
        let tensors = file.tensors.sorted { $0.key < $1.key }
        let path = folder.appendingPathComponent("model.safetensors").path
        var writer = try SafetensorsWriter(
            path: path, tensors: tensors.map { .init($0.key, $0.value.type, shape: $0.value.shape) })
        for (name, entry) in tensors {
            var bytes = [UInt8](try #require(file.bytes(of: name)))
            if entry.type == .f32 {
                let columns = entry.shape.last ?? 1
                for index in 0..<bytes.count / 4 {
                    let input = names.isTurned && entry.shape.count == 2 ? index / columns : index % columns
                    if isZero(name, input) {
                        for byte in 0..<4 { bytes[4 * index + byte] = 0 }
                    }
                }
            }
            try writer.append(bytes)
        }
        try writer.finish()
        return try Model(contentsOf: folder.path, needsTokenizer: false)
    }
}
