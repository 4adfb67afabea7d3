import Foundation
import RopewalkFormats
import RopewalkKernels
import TestSupport
import Testing

@testable import RopewalkModels

/// What mlx_lm makes of DeepSeek's `kv_b_proj`: the keys' part turned, [head, rank, dimension], and the values' part,
/// [head, dimension, rank], as tensors of their own, quantised or not.
struct SplitHeadsTests {
    private static let heads = 3
    private static let unturned = 6
    private static let value = 8
    private static let rank = 10

    /// The same folder as mlx_lm would write it.
    private static func split() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: Fixture.url("hf/deepseek_v3/config.json"), to: folder.appendingPathComponent("config.json"))
        let file = try CheckpointFiles(folder: Fixture.path("hf/deepseek_v3")).files[0]
        var parts: [(SafetensorsWriter.Declaration, Data)] = []
        for (name, entry) in file.tensors.sorted(by: { $0.key < $1.key }) {
            let bytes = Data(try #require(file.bytes(of: name)))
            guard let layer = name.before("kv_b_proj.weight") else {
                parts.append((.init(name, entry.type, shape: entry.shape), bytes))
                continue
            }
            #expect(entry.type == .bf16 && entry.shape == [heads * (unturned + value), rank])
            let (key, values) = halves(bytes)
            parts.append((.init(layer + "embed_q.weight", .bf16, shape: [heads, rank, unturned]), key))
            parts.append((.init(layer + "unembed_out.weight", .bf16, shape: [heads, value, rank]), values))
        }
        let path = folder.appendingPathComponent("model.safetensors").path
        var writer = try SafetensorsWriter(path: path, tensors: parts.map(\.0))
        for part in parts { try writer.append([UInt8](part.1)) }
        try writer.finish()
        return folder
    }

    private static func halves(_ bytes: Data) -> (key: Data, value: Data) {
        var (key, values) = (Data(), Data())
        func number(_ row: Int, _ column: Int) -> Data { bytes.dropFirst(2 * (row * rank + column)).prefix(2) }
        for head in 0..<heads {
            let first = head * (unturned + value)
            for column in 0..<rank { for row in 0..<unturned { key += number(first + row, column) } }
            for row in 0..<value { for column in 0..<rank { values += number(first + unturned + row, column) } }
        }
        return (key, values)
    }

    @Test func bothHalvesGiveWhatTheWholeGives() throws {
        let folder = try Self.split()
        defer { try? FileManager.default.removeItem(at: folder) }
        let ids = (0..<12).map { Int32($0 * 7 % 60) }
        let logits = try [Fixture.path("hf/deepseek_v3"), folder.path].map { path in
            let model = try Model(contentsOf: path, needsTokenizer: false)
            #expect(model.unread.tensors.isEmpty)
            return try #require(
                model.logits(after: ids.count - 1, in: try Recorder(model: model, threads: 1).record(ids)))
        }
        #expect(zip(logits[0], logits[1]).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test func packedHeadsAreReadAsTheirRowsAre() throws {
        let codes = Data((0..<96).map { UInt8(truncatingIfNeeded: $0 * 37) })
        let numbers = (0..<6).reduce(into: Data()) { $0 += withUnsafeBytes(of: Float($1) / 8 + 1) { Data($0) } }
        var tensors: [(name: String, type: ElementType, shape: [Int], bytes: Data)] = []
        for (name, rows) in [("a.embed_q", [2, 3]), ("a.flat", [6])] {
            tensors += [
                (name + ".weight", .u32, rows + [4], codes), (name + ".scales", .f32, rows + [1], numbers),
                (name + ".biases", .f32, rows + [1], numbers),
            ]
        }
        let root = try JSONDocument(Data(#"{"quantization": {"group_size": 32, "bits": 4}}"#.utf8), source: "x").root
        let quantisation = try #require(try Quantisation(root, file: "x"))
        let checkpoint = QuantisedCheckpoint(try WeightsTests.source(tensors), quantisation)
        let (heads, flat) = (checkpoint.tensor("a.embed_q.weight"), checkpoint.tensor("a.flat.weight"))
        #expect(heads?.shape == [2, 3, 32] && flat?.shape == [6, 32])
        #expect(try #require(heads?.packed).values() == #require(flat?.packed).values())
    }
}
