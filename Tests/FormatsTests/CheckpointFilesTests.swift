import Formats
import Foundation
import TestSupport
import Testing

@Suite struct CheckpointFilesTests {
    static func folder(_ contents: [String: String]) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("files-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in contents {
            try Data(text.utf8).write(to: folder.appendingPathComponent(name))
        }
        return folder
    }

    static func error(_ contents: [String: String]) throws -> String {
        let folder = try folder(contents)
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            _ = try CheckpointFiles(folder: folder.path)
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test func findsTensorsInOneFileAndInShards() throws {
        let single = try CheckpointFiles(folder: Fixture.path("hf/llama_bf16"))
        let sharded = try CheckpointFiles(folder: Fixture.path("hf/llama_bf16_sharded"))
        #expect(single.files.count == 1)
        #expect(sharded.files.count == 2)
        #expect(sharded.tensorNames.count == 21)
        for name in sharded.tensorNames {
            let found = try #require(sharded.find(name))
            #expect(found.file.tensors[name] == found.entry)
        }
        #expect(sharded.find("none") == nil)
    }

    @Test(arguments: ["../secret.safetensors", "/etc/passwd", "..", "", "a/b.safetensors"])
    func refusesShardsOutsideTheFolder(name: String) throws {
        let error = try Self.error(["model.safetensors.index.json": "{\"weight_map\":{\"w\":\"\(name)\"}}"])
        #expect(error.contains("no plain file name"), "\(error)")
    }

    @Test func namesWhatIsMissing() throws {
        #expect(
            try Self.error(["model.safetensors.index.json": "{\"weight_map\":{\"w\":\"a.safetensors\"}}"])
                .contains("\"a.safetensors\": the file is missing"))
        #expect(try Self.error(["model.safetensors.index.json": "{}"]).contains("weight_map"))
        #expect(try Self.error(["pytorch_model.bin": ""]).contains("safe_serialization=True"))
        #expect(try Self.error([:]).contains("has neither"))
        #expect(throws: FormatError.noCheckpoint(folder: "/none", problem: "there is no such folder")) {
            try CheckpointFiles(folder: "/none")
        }
        let empty = "\u{2}\0\0\0\0\0\0\0{}"
        #expect(
            try Self.error([
                "model.safetensors.index.json": "{\"weight_map\":{\"w\":\"a.safetensors\"}}", "a.safetensors": empty,
            ]).contains("has no tensor \"w\""))
    }
}
