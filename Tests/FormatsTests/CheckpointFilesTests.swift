import Foundation
import RopewalkFormats
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
        #expect(try Self.error(["a.gguf": "", "b.txt": ""]).hasSuffix("/a.gguf itself"))
        #expect(try Self.error([:]).hasSuffix(": the folder is empty"))
        #expect(try Self.error(["README.md": ""]).contains("has neither"))
        #expect(throws: FormatError.noCheckpoint(folder: "/none", problem: "there is no such folder")) {
            try CheckpointFiles(folder: "/none")
        }
    }

    /// An index may name what no model needs: only who asks for it learns why it is not there.
    @Test func whatIsNotNeededMayBeMissing() throws {
        let header = #"{"c":{"dtype":"C64","shape":[1],"data_offsets":[0,0]}}"#
        let length = Character(Unicode.Scalar(UInt8(header.utf8.count)))
        let folder = try Self.folder([
            "model.safetensors.index.json":
                #"{"weight_map":{"w":"a.safetensors","v":"b.safetensors","c":"a.safetensors"}}"#,
            "a.safetensors": "\(length)\0\0\0\0\0\0\0" + header,
        ])
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try CheckpointFiles(folder: folder.path)
        #expect(files.find("w") == nil && files.find("v") == nil && files.find("c") == nil)
        #expect(files.absence(of: "w")?.description.contains("has no tensor \"w\"") == true)
        #expect(files.absence(of: "v")?.description.contains("\"b.safetensors\": the file is missing") == true)
        #expect(files.absence(of: "c")?.description.contains("dtype \"C64\" is unknown") == true)
        #expect(files.absence(of: "x") == nil)
    }

    /// What torch.save writes is refused under other names than its own, with the way out.
    @Test func pyTorchFilesAreToBeConverted() throws {
        for name in ["pytorch_model.pt", "model.bin", "weights.pth", "a.pt"] {
            let error = try Self.error([name: ""])
            #expect(error.contains("PyTorch pickles") && error.contains("save_pretrained('.')"), "\(error)")
            #expect(!error.contains("\n"))
        }
        for start in [[0x50, 0x4B, 3, 4, 0, 0, 8, 8, 0], [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9]] {
            let data = Data(start.map { UInt8($0) }) + Data(count: 100)
            #expect(throws: FormatError.pickle(file: "x")) { try SafetensorsFile(data, path: "x") }
        }
        // A header of 640 bytes begins as a pickle does.
        let padded = "{" + String(repeating: " ", count: 638) + "}"
        #expect(try SafetensorsFile(SafetensorsFileTests.file(padded), path: "x").tensors.isEmpty)
    }
}
