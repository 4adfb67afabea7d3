import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkModels

/// Whatever a folder says that is not so is refused by name, in one line.
struct RecordingLiesTests {
    private static func refusal(_ change: (RecordingSample) throws -> Void) throws -> String {
        let sample = try RecordingSample("llama_default")
        defer { sample.remove() }
        try change(sample)
        do {
            let model = try sample.opened()
            return "opened with \(model.stored?.recordings.main?.tokens ?? -1) tokens"
        } catch {
            let text = "\(error)"
            #expect(!text.contains("\n") && !text.contains("\u{1b}"), "\(text)")
            return text
        }
    }

    private static func index(_ old: String, _ new: String) throws -> String {
        try refusal { try $0.change("recording.json", old, new) }
    }

    @Test(arguments: [
        ("\"version\": 1", "\"version\": 2", "version 2"),
        ("ropewalk-recording", "another", "format"),
        ("\"part-00001.safetensors\"", "\"../part-00001.safetensors\"", "no name of a file"),
        ("\"part-00001.safetensors\"", "\"\\u001b[31m\"", "is not there"),
        ("\"part-00001.safetensors\"", "\"gone.safetensors\"", "is not there"),
        ("\"precision\": \"f32\"", "\"precision\": \"f8\"", "precision"),
        ("\"precision\": \"f32\"", "\"precision\": \"f16\"", "F16"),
        ("\"error\": 0.0", "\"error\": 0.5", "error"),
        ("\"heads\": 4, \"key", "\"heads\": 1000000000, \"key", "heads"),
        ("\"layers\": 2, ", "\"layers\": 3, ", "config.json says"),
        ("\"pool_block\": 64", "\"pool_block\": 63", "pool_block"),
        ("\"tokens\": [256, 512]", "\"tokens\": [255, 512]", "no multiple of 256"),
        ("\"tokens\": [256, 512]", "\"tokens\": [512, 256]", "tokens"),
        ("\"tokens\": [256, 512]", "\"tokens\": [0, 256]", "both have layer 0, head 0"),
        ("\"tokens\": [256, 512]", "\"tokens\": [256, 9000000]", "tokens"),
        ("\"count\": 600", "\"count\": 601", "other numbers of tokens"),
        ("\"bytes\": 600", "\"bytes\": 601", "another text"),
        ("\"kind\": \"decoder\", \"layers\"", "\"kind\": \"cross\", \"layers\"", "not among the kinds"),
        ("\"method\": []", "\"method\": [\"nonsense\"]", "method"),
    ]) func refusesWhatTheIndexSays(old: String, new: String, says: String) throws {
        let text = try Self.index(old, new)
        #expect(text.contains(says), "\(text)")
    }

    /// Part 1 is of tokens 256 on: without it the recording ends before.
    @Test func opensAsFarAsItGoes() throws {
        let text = try Self.refusal { sample in
            let path = sample.folder + "/recording.json"
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            let kept = lines.filter { !$0.contains("part-00001") }
            try kept.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(text == "opened with 256 tokens")
    }

    @Test func refusesAFileThatIsShorter() throws {
        let text = try Self.refusal { sample in
            let handle = try #require(FileHandle(forWritingAtPath: sample.folder + "/part-00001.safetensors"))
            try handle.truncate(atOffset: 5000)
            try handle.close()
        }
        #expect(text.contains("part-00001") && text.contains("5000 bytes"), "\(text)")
    }

    /// A measure that one part has and another one lacks would be known of some tokens or heads only.
    @Test(arguments: ["entropy", "pool_mass", "sink", "top_key"])
    func refusesPartsWithOtherMeasures(measure: String) throws {
        let text = try Self.refusal { sample in
            let url = URL(fileURLWithPath: sample.folder + "/part-00001.safetensors")
            var data = try Data(contentsOf: url)
            let name = Data("decoder.1.\(measure)".utf8)
            let place = try #require(data.range(of: name))
            data.replaceSubrange(place, with: Data(repeating: UInt8(ascii: "x"), count: name.count))
            try data.write(to: url)
        }
        #expect(text.contains("\"part-00001.safetensors\" has no decoder.1.\(measure)"), "\(text)")
        #expect(text.contains("\"part-00000.safetensors\" has"), "\(text)")
    }

    @Test(arguments: ["part-00000.safetensors", "config.json", "tokens.safetensors", "text.txt", "recording.json"])
    func refusesLinks(name: String) throws {
        let text = try Self.refusal { sample in
            let path = sample.folder + "/" + name
            try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path + ".away")
        }
        #expect(text.contains("no regular file"), "\(text)")
    }

    private static func writeTokens(_ folder: String, ids: [Int32], spans: [Int64]) throws {
        var file = try SafetensorsWriter(
            path: folder + "/tokens.safetensors",
            tensors: [.init("ids", .i32, shape: [ids.count]), .init("spans", .i64, shape: [ids.count, 2])])
        try file.append(ids)
        try file.append(spans)
        try file.finish()
    }

    @Test func refusesTokensThatCannotBe() throws {
        let ids = [Int32](repeating: 3, count: 600)
        let spans = (0..<600).flatMap { [Int64($0), Int64($0) + 1] }
        #expect(try Self.refusal { try Self.writeTokens($0.folder, ids: ids, spans: spans) }.hasPrefix("opened"))
        var wrong = ids
        wrong[7] = 100_000
        let refusal = try Self.refusal { try Self.writeTokens($0.folder, ids: wrong, spans: spans) }
        #expect(refusal.contains("token 7 has id"))
        var beyond = spans
        beyond[1199] = 700
        #expect(try Self.refusal { try Self.writeTokens($0.folder, ids: ids, spans: beyond) }.contains("token 599"))
        var falling = spans
        (falling[20], falling[21]) = (3, 5)
        #expect(try Self.refusal { try Self.writeTokens($0.folder, ids: ids, spans: falling) }.contains("token 10"))
        let fewer = try Self.refusal {
            try Self.writeTokens($0.folder, ids: Array(ids.prefix(5)), spans: Array(spans.prefix(10)))
        }
        #expect(fewer.contains("are expected"))
    }

    /// A number that may not be there is found when it is read, not before; it is told of, and read as 0.
    @Test func tellsOfNumbersThatMayNotBe() throws {
        let sample = try RecordingSample("llama_default")
        defer { sample.remove() }
        let path = sample.folder + "/part-00000.safetensors"
        let file = try SafetensorsFile(contentsOf: path)
        let place = try #require(file.tensors["decoder.0.queries"]).bytes.lowerBound
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        try handle.seek(toOffset: UInt64(place))
        try handle.write(contentsOf: Data([0, 0, 0xC0, 0x7F]))
        try handle.close()
        let recording = try #require(try sample.stored().decoder)
        #expect(ReadFailures.failure(of: path) == nil)
        #expect(recording.query(layer: 0, head: 0, token: 0)?.first == 0)
        #expect(ReadFailures.failure(of: path)?.description.contains("decoder.0.queries") == true)
        ReadFailures.forget(path)
    }
}
