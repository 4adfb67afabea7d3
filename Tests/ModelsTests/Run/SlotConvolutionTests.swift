import Foundation
import RopewalkFormats
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkModels

/// Slots that a trained convolution makes, where a checkpoint has its weights; elsewhere the method is refused.
struct SlotConvolutionTests {
    private static let ids = (0..<300).map { Int32($0 * 31 % 53 + 2) }
    private static let method = CompressiveWindow(segment: 24, memory: 24, compressed: 9, rate: 3, form: .conv)
    private static let hidden = 40

    /// Small numbers without a pattern, the same in every run.
    private static func numbers(_ count: Int, seed: Int) -> [Float] {
        (0..<count).map { Float(sin(Double($0 * 7919 + seed * 104_729))) / 12 }
    }

    /// Runs with a copy of a model that has convolutions beside its weights, of so many states and in so many layers.
    private static func withModel<Result>(
        rate: Int = 3, layers: Int = 2, _ body: (Model) throws -> Result
    ) throws -> Result {
        let source = Fixture.path("hf/llama_default")
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("conv-\(UUID().uuidString)").path
        try FileManager.default.copyItem(atPath: source, toPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = try SafetensorsFile(contentsOf: source + "/model.safetensors")
        var tensors = file.tensors.map { (name: $0.key, shape: $0.value.shape) }.sorted { $0.name < $1.name }
        for layer in 0..<layers {
            let name = "model.layers.\(layer).self_attn.compress_mem_fn.conv"
            tensors += [(name + ".weight", [hidden, hidden, rate]), (name + ".bias", [hidden])]
        }
        let path = folder + "/model.safetensors"
        try FileManager.default.removeItem(atPath: path)
        var writer = try SafetensorsWriter(
            path: path, tensors: tensors.map { .init($0.name, .f32, shape: $0.shape) }, metadata: [:])
        for tensor in tensors {
            if file.tensors[tensor.name] == nil {
                try writer.append(Self.values(tensor.name, tensor.shape))
            } else {
                let bytes = try #require(file.bytes(of: tensor.name))
                try writer.append(Array(bytes))
            }
        }
        try writer.finish()
        return try body(try Model(contentsOf: folder, needsTokenizer: false))
    }

    private static func values(_ name: String, _ shape: [Int]) -> [Float] {
        numbers(shape.reduce(1, *), seed: name.utf8.reduce(0) { $0 + Int($1) })
    }

    /// float32 sums of 120 products, and angles that the reference counts anew (SlotRunTests).
    @Test func readsAsSegmentsDo() throws {
        var plain = try PlainSegments(Self.method)
        for layer in 0..<2 {
            let name = "model.layers.\(layer).self_attn.compress_mem_fn.conv"
            let weights = Self.values(name + ".weight", [40, 40, 3]).map(Double.init)
            plain.convolutions.append(
                (0..<40).map { o in (0..<40).map { i in (0..<3).map { weights[(o * 40 + i) * 3 + $0] } } })
            plain.biases.append(Self.values(name + ".bias", [40]).map(Double.init))
        }
        let expected = plain.states(Self.ids)
        try Self.withModel { model in
            #expect(model.unread.tensors.isEmpty)
            let scenario = try Scenario(parsing: [Self.method.spec])
            try model.check(scenario, tokens: 300)
            let recording = try Recorder(model: model, scenario: scenario, threads: 2).record(Self.ids)
            var most = 0.0
            for token in 0..<300 {
                let state = try #require(recording.lastHidden(of: token))
                for (a, b) in zip(state, expected[token]) { most = max(most, abs(Double(a) - b)) }
            }
            #expect(most < 1e-4)
            let pieces = try Recorder(model: model, scenario: scenario, threads: 1, chunkSize: 256).record(Self.ids)
            for token in 0..<300 {
                let (a, b) = (recording.lastHidden(of: token) ?? [], pieces.lastHidden(of: token) ?? [])
                #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-5 })
            }
        }
    }

    /// Weights that are not there, or not in every layer, or of another width.
    @Test func refuses() throws {
        let scenario = try Scenario(parsing: [Self.method.spec])
        let model = try Model(contentsOf: Fixture.path("hf/llama_default"), needsTokenizer: false)
        let error = #expect(throws: ModelError.self) { try model.check(scenario, tokens: 64) }
        #expect(error?.description.contains("compress_mem_fn.conv") == true)
        try Self.withModel(layers: 1) { model in
            #expect(throws: ModelError.self) { try model.check(scenario, tokens: 64) }
            #expect(model.unread.tensors.count == 2)
        }
        try Self.withModel(rate: 4) { model in
            let error = #expect(throws: ModelError.self) { try model.check(scenario, tokens: 64) }
            #expect(error?.description.contains("rate=4") == true)
        }
    }
}
