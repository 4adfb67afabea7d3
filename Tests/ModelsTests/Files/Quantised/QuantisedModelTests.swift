import Foundation
import RopewalkFormats
import RopewalkKernels
import TestSupport
import Testing

@testable import RopewalkModels

/// Folders whose linear layers are quantised, against what the packages that publish the formats make of them
/// (make_quantised.py).
struct QuantisedModelTests {
    static let names = [
        "awq", "bnb_fp4", "bnb_int8", "bnb_nf4", "bnb_nf4_nested", "ct_float", "ct_int", "ct_nvfp4", "ct_pack", "fp8",
        "fp8_block", "gptq_2_v2", "gptq_3", "gptq_4", "gptq_4_order", "gptq_8", "mlx_4", "mlx_mixed", "mlx_mxfp4",
        "mxfp4", "mlx_experts", "llama4_fp8",
    ]
    /// Mixtures, whose weights of all experts lie in one tensor.
    static let mixtures: Set = ["mxfp4", "mlx_experts", "llama4_fp8"]

    /// A folder of the fixtures and what is expected of it.
    static func expected(_ name: String) throws -> SafetensorsFile {
        try SafetensorsFile(contentsOf: Fixture.path("quantised/\(name)/expected.safetensors"))
    }

    static func values(_ file: SafetensorsFile, _ name: String) throws -> [Float] {
        try #require(file.bytes(of: name)).withUnsafeBytes { Widening.values($0, .f32) }
    }

    @Test(arguments: names) func logitsAgree(name: String) throws {
        let file = try Self.expected(name)
        let ids = try #require(file.integers(of: "input_ids")).map { Int32($0) }
        let expected = try Self.values(file, "logits")
        let model = try Model(contentsOf: Fixture.path("quantised/\(name)"), needsTokenizer: false)
        #expect(model.unread.tensors.isEmpty, "\(model.unread.tensors)")
        #expect(model.unread.keys.isEmpty, "\(model.unread.keys)")
        let recording = try Recorder(model: model, threads: 1).record(ids)
        let found = try #require(model.logits(after: 0..<ids.count, in: recording, workers: Workers(count: 1)))
            .copy(rows: 0..<ids.count)
        let error = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
        let largest = expected.map(abs).max() ?? 0
        #expect(found.count == expected.count && error <= 5e-6 * max(10, largest), "\(error) of \(largest)")
    }

    /// The numbers of one layer, to the last bit or two.
    @Test(arguments: names.filter { !mixtures.contains($0) }) func weightsAgree(name: String) throws {
        let layer = "model.layers.1.mlp.down_proj"
        let expected = try Self.values(Self.expected(name), layer + ".weight")
        let source = try QuantisedCheckpoint.source(folder: Fixture.path("quantised/\(name)"))
        let weights = Weights(source)
        let matrix = try weights.linear(layer, outputs: 32, inputs: 64)
        #expect(!matrix.isWidened, "the weights stay as the file has them")
        for row in 0..<32 {
            for (found, number) in zip(matrix.row(row), expected[row * 64..<(row + 1) * 64]) {
                #expect(abs(found - number) <= abs(number) * 3e-7, "row \(row)")
            }
        }
        #expect(try weights.values(layer + ".weight", shape: [32, 64]).count == 2048)
    }

    /// Rows in another order, as families with fused projections ask for them.
    @Test func rowsCanBeChosen() throws {
        let source = try QuantisedCheckpoint.source(folder: Fixture.path("quantised/gptq_3"))
        let matrix = try Weights(source).linear("model.layers.0.mlp.up_proj", outputs: 64, inputs: 32)
        #expect(matrix.rows(5..<9).row(2) == matrix.row(7))
        #expect(matrix.gathering(rows: [60, 3]).row(0) == matrix.row(60))
    }

    @Test(arguments: [
        ("gptq_4_order", "GPTQ, 4 bits, groups of 16, ordered by activation"), ("awq", "AWQ, 4 bits, groups of 16"),
        ("bnb_nf4_nested", "bitsandbytes, 4 bits (nf4), scales quantised too"),
        ("bnb_int8", "bitsandbytes, 8 bits, a scale an output"), ("fp8", "FP8"),
        ("fp8_block", "FP8, blocks of 24 x 16"), ("ct_pack", "compressed-tensors, pack-quantized"),
        ("mlx_4", "MLX, 4 bits, groups of 32"), ("mxfp4", "MXFP4, 4 bits, groups of 32"),
        ("mlx_experts", "MLX, 4 bits, groups of 32"), ("llama4_fp8", "FP8"),
    ]) func infoSaysHowWeightsAreStored(name: String, title: String) throws {
        let info = try ModelInfo(contentsOf: Fixture.path("quantised/\(name)"))
        #expect(info.stored == title)
        #expect(info.runs, "\(info.missing)")
        #expect(info.unread?.tensors == [])
        // 2 layers of 3 x 32 x 64 + 64 x 32 x 2 + 32 x 32 x 2, the table of 48 x 32, 5 norms of 32
        if !Self.mixtures.contains(name) { #expect(info.parameters == 2 * (6144 + 4096 + 2048) + 1536 + 160) }
    }

    /// Each expert's part of a tensor of all of them, by the names of several families.
    @Test func expertsMayBeStacked() throws {
        let numbers = (0..<24).map { Float($0) }
        let bytes = numbers.withUnsafeBytes { Data($0) }
        let source = try WeightsTests.source([
            ("model.layers.0.block_sparse_moe.switch_mlp.down_proj.weight", .f32, [2, 3, 4], bytes),
            ("model.layers.0.mlp.experts.up_proj.bias", .f32, [2, 3], bytes.prefix(24)),
        ])
        let weights = Weights(source)
        let mixtral = try weights.linear("model.layers.0.block_sparse_moe.experts.1.w2", outputs: 3, inputs: 4)
        #expect(mixtral.row(2) == [20, 21, 22, 23])
        #expect(try weights.values("model.layers.0.mlp.experts.1.up_proj.bias", shape: [3]) == [3, 4, 5])
        #expect(weights.unused().isEmpty)
        for name in ["experts.2.up_proj.bias", "experts.-1.up_proj.bias", "experts.x.up_proj.bias", "experts.1.q.bias"]
        {
            #expect(!weights.contains("model.layers.0.mlp." + name))
        }
    }

    @Test func whatIsNotDoneIsSaid() throws {
        for (name, package) in [("fp8_block", "fp8"), ("bnb_int8", "bitsandbytes")] {
            let remarks = try ModelInfo(contentsOf: Fixture.path("quantised/\(name)")).unread?.remarks ?? []
            #expect(remarks.contains { $0.contains("not rounded to 8 bits, as \(package) does") }, "\(remarks)")
        }
        #expect(try ModelInfo(contentsOf: Fixture.path("quantised/gptq_4")).unread?.remarks == [])
    }
}
