import Foundation
import RopewalkFormats
import RopewalkMethods
import RopewalkModels
import RopewalkTokenizers
import TestSupport
import Testing

@testable import RopewalkKernels
@testable import RopewalkLens

/// A recording of a million tokens is opened without a look at its numbers: its files are holes of zeros behind their headers.
struct LongRecordingTests {
    private static let tokens = 1 << 20
    private static let perPart = 4096

    /// A folder that is removed at the end.
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("long-\(UUID().uuidString)").path
        deinit { try? FileManager.default.removeItem(atPath: path) }

        /// A file of so many bytes, of which all but the first are zeros that nobody has written.
        func write(_ name: String, _ start: [UInt8], bytes: Int) throws {
            let file = path + "/" + name
            try Data(start).write(to: URL(fileURLWithPath: file))
            try #require(truncate(file, off_t(bytes)) == 0)
        }

        /// A safetensors file of zeros; its length.
        func write(_ name: String, _ tensors: [(name: String, type: String, shape: [Int], size: Int)]) throws -> Int {
            var (members, end): ([String], Int) = ([], 0)
            for tensor in tensors {
                let bytes = tensor.shape.reduce(tensor.size, *)
                let shape = tensor.shape.map(String.init).joined(separator: ",")
                members.append(
                    """
                    "\(tensor.name)":{"dtype":"\(tensor.type)","shape":[\(shape)],"data_offsets":[\(end),\(end + bytes)]}
                    """)
                end += bytes
            }
            let header = Array("{\(members.joined(separator: ","))}".utf8)
            let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
            try write(name, length + header, bytes: 8 + header.count + end)
            return 8 + header.count + end
        }

        /// Kilobytes of its files that are in this process's memory.
        var residentKilobytes: Int {
            // It comes a page at a time, and says of itself that it is empty.
            let bytes = (try? FileHandle(forReadingAtPath: "/proc/self/smaps")?.readToEnd()) ?? Data()
            let maps = String(decoding: bytes, as: UTF8.self)
            var (sum, isOurs) = (0, false)
            for line in maps.split(separator: "\n") {
                if line.first.map({ $0.isHexDigit && $0.isLowercase || $0.isNumber }) == true {
                    isOurs = line.contains(path)
                } else if isOurs, line.hasPrefix("Rss:") {
                    sum += line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
                }
            }
            return sum
        }
    }

    private static func folder() throws -> Folder {
        let folder = Folder()
        let model = try Model(contentsOf: Fixture.path("hf/llama_default"), needsTokenizer: false)
        let ids = Array(repeating: Int32(2), count: 256)
        let request = RecordingWriter.Request(
            scenario: model.defaultScenario, inputs: ModelInputs(ids: ids),
            encoding: Encoding(ids: ids, byteLengths: Array(repeating: 1, count: 256)),
            text: Array(repeating: 97, count: 256), writer: "test")
        var writer = try RecordingWriter(request, of: model, in: folder.path)
        let recorder = Recorder(
            model: model, scenario: model.defaultScenario, threads: 1, keepsStates: false, chunkSize: 256)
        _ = try recorder.record(ModelInputs(ids: ids)) { snapshot in
            do { try writer.append(snapshot) } catch { Issue.record("\(error)") }
            return true
        }
        try lengthen(folder, model.shape)
        return folder
    }

    /// Makes a recording of a million tokens of a short one.
    private static func lengthen(_ folder: Folder, _ shape: ModelShape) throws {
        try folder.write("text.txt", [], bytes: tokens)
        _ = try folder.write(
            "tokens.safetensors", [("ids", "I32", [tokens], 4), ("spans", "I64", [tokens, 2], 8)])
        var parts: [String] = []
        for (index, start) in stride(from: 0, to: tokens, by: perPart).enumerated() {
            let name = String(format: "part-%05d.safetensors", index)
            var tensors: [(String, String, [Int], Int)] = []
            for layer in 0..<shape.layers {
                let prefix = "decoder.\(layer)."
                tensors.append((prefix + "queries", "F32", [shape.heads, perPart, shape.headDimension], 4))
                for name in ["keys", "values"] {
                    tensors.append((prefix + name, "F32", [shape.keyValueHeads, perPart, shape.headDimension], 4))
                }
                for name in ["log_sum_exp", "entropy", "distance", "sink", "previous", "induction"] {
                    tensors.append((prefix + name, "F32", [shape.heads, perPart], 4))
                }
                tensors.append((prefix + "top_key", "I32", [shape.heads, perPart], 4))
            }
            let bytes = try folder.write(name, tensors)
            parts.append(
                """
                {"file": "\(name)", "kind": "decoder", "tokens": [\(start), \(start + perPart)], \
                "layers": [0, \(shape.layers)], "heads": [0, \(shape.heads)], \
                "key_value_heads": [0, \(shape.keyValueHeads)], "bytes": \(bytes)}
                """)
        }
        let index = """
            {"format": "ropewalk-recording", "version": 1, "writer": "test",
            "model": {"name": "long", "family": "llama", "weights": null}, "method": [],
            "text": {"file": "text.txt", "bytes": \(tokens), "sha256": "\(String(repeating: "0", count: 64))"},
            "tokens": {"file": "tokens.safetensors", "count": \(tokens)},
            "attention": [{"kind": "decoder", "layers": \(shape.layers), "heads": \(shape.heads), \
            "key_value_heads": \(shape.keyValueHeads), "head_dimension": \(shape.headDimension), \
            "hidden": \(shape.hidden), "queries": \(tokens), "keys": \(tokens), "pool_block": 256}],
            "precision": "f32", "error": 0.0, "parts": [\(parts.joined(separator: ",\n"))], "complete": true}
            """
        try index.write(toFile: folder.path + "/recording.json", atomically: true, encoding: .utf8)
    }

    @Test func openingAMillionTokensReadsNoNumbers() throws {
        let folder = try Self.folder()
        let model = try Model(contentsOf: folder.path, needsTokenizer: false)
        let recording = try #require(model.stored?.recordings.main)
        #expect(recording.tokens == Self.tokens && recording.chunks.count == Self.tokens / Self.perPart)
        let table = recording.setup.positions(0).keys[0]
        #expect(table.tilesMade == 0)
        // Of each part its header, and what the system maps around it.
        let parts = Self.tokens / Self.perPart
        let opened = folder.residentKilobytes
        #expect(opened > 0 && opened <= parts * 64)

        // A row near the beginning looks at what is near the beginning.
        let lens = Lens(recording: recording, threads: 1)
        let row = try #require(lens.row(layer: 0, head: 0, query: 64))
        #expect(row.weights.count == 65 && row.weights.allSatisfy(\.isFinite))
        #expect(table.tilesMade <= 4)
        #expect(folder.residentKilobytes <= opened + 1024)
        // One at the end looks at a measure and a query there.
        _ = recording.measure(\.entropy, layer: 1, head: 3, query: Self.tokens - 1)
        _ = recording.query(layer: 1, head: 3, token: Self.tokens - 1)
        #expect(folder.residentKilobytes <= opened + 2048)

        // What is read takes memory until it is given back.
        for chunk in recording.chunks { _ = chunk.layers[0].attention.entropy.numbers(0..<Self.perPart) }
        let read = folder.residentKilobytes
        #expect(read >= Self.tokens * 4 / 1024)
        recording.pages?.release()
        #expect(folder.residentKilobytes == 0)
        #expect(recording.measure(\.entropy, layer: 1, head: 3, query: 5) == 0)
    }
}
