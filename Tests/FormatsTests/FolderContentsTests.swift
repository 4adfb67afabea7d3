import Foundation
import RopewalkFormats
import TestSupport
import Testing

/// Folders that hold no model that can be read, each said by its name.
@Suite struct FolderContentsTests {
    @Test(arguments: [
        (["params.json", "consolidated.safetensors", "tekken.json"], "Mistral's own programs"),
        (["params.json", "consolidated.00.pth", "tokenizer.model"], "Meta's own programs"),
        (["model.onnx", "config.json"], "weights for ONNX only (\"model.onnx\")"),
        (["tf_model.h5", "config.json"], "weights for TensorFlow only"),
        (["saved_model.pb"], "weights for TensorFlow only"),
        (["flax_model.msgpack"], "weights for Flax only"),
        (["Model.mlpackage"], "weights for Core ML only"),
        (["model.tflite"], "TensorFlow Lite"),
        (["weights.npz", "config.json"], "an old MLX"),
        (["model.safetensors.incomplete", "config.json"], "\"model.safetensors.incomplete\" has not ended"),
        (["a.gguf.part", "README.md"], "has not ended"),
        (["a.gguf-split-a", "a.gguf-split-b"], "is a piece of a GGUF file: join"),
        (["adapter_config.json", "adapter_model.safetensors"], "holds an adapter and no model"),
        (["pytorch_model.pt", "tf_model.h5", "flax_model.msgpack"], "PyTorch pickles"),
        (["training_args.bin", "optimizer.pt", "rng_state.pth"], "has neither model.safetensors"),
    ])
    func whatAFolderHoldsIsNamed(names: [String], expected: String) throws {
        let error = try CheckpointFilesTests.error(Dictionary(uniqueKeysWithValues: names.map { ($0, "") }))
        #expect(error.contains(expected), "\(error)")
        #expect(!error.contains("\n"))
    }

    static func tree(_ paths: [String]) throws -> URL {
        let root = try CheckpointFilesTests.folder([:])
        for path in paths {
            let url = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: url)
        }
        return root
    }

    @Test func modelsInsideAreNamed() throws {
        for (paths, expected) in [
            (["a/config.json", "b/x.gguf", "c/y.txt"], "is no model but holds 2: a, b; name one"),
            (["models--org--tiny/refs/main", "version.txt"], "is no model but holds one: org/tiny; name one"),
            (["hub/models--gpt2/refs/main"], "/hub, such as gpt2"),
            (["manifests/x/y", "blobs/sha256-1"], "is a store of Ollama: name one of its models, as ollama:llama3.2"),
            ((0..<9).map { "m\($0)/config.json" }, "holds 9: m0, m1, m2, m3, m4, m5 and 3 more; name one"),
            (["README.md"], "has no config.json"),
        ] {
            let root = try Self.tree(paths)
            defer { try? FileManager.default.removeItem(at: root) }
            let error = try FolderContents(root.path).noConfiguration.description
            #expect(error.hasPrefix(root.path) && error.contains(expected), "\(error)")
        }
    }

    @Test func downloadsThatHaveNotEndedAreNamed() throws {
        let root = try Self.tree([
            "models--a--b/snapshots/0123/README.md", "models--a--b/blobs/77.incomplete", "c/x.md",
        ])
        defer { try? FileManager.default.removeItem(at: root) }
        let snapshot = root.path + "/models--a--b/snapshots/0123"
        #expect(try FolderContents(snapshot).noConfiguration.description.contains("the model has not ended; fetch it"))
        #expect(performing { try CheckpointFiles(folder: snapshot) }.contains("the model has not ended; fetch it"))
        let link = root.appendingPathComponent("c/model.safetensors")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: root.appendingPathComponent("none"))
        #expect(
            performing { try CheckpointFiles(folder: root.path + "/c") }
                .contains("\"model.safetensors\" is a link to a file that is not there"))
    }

    /// Parts of one model count once; what turns pictures into states is no model.
    @Test func ggufFilesAreCountedByModels() throws {
        let root = try Self.tree([
            "a-00001-of-00002.gguf", "a-00002-of-00002.gguf", "mmproj-f16.gguf", "B.GGUF", "c-00001-of-00003.txt",
        ])
        defer { try? FileManager.default.removeItem(at: root) }
        #expect(try FolderContents(root.path).ggufFiles == ["B.GGUF", "a-00001-of-00002.gguf"])
    }

    @Test func linksInACircleAndManyNamesAreSurvived() throws {
        let root = try Self.tree(["a/config.json"])
        defer { try? FileManager.default.removeItem(at: root) }
        for (name, target) in [("b", "c"), ("c", "b"), ("up", ".."), ("self", "."), ("nowhere", "/none")] {
            try FileManager.default.createSymbolicLink(
                atPath: root.appendingPathComponent(name).path, withDestinationPath: target)
        }
        #expect(try FolderContents(root.path).models == ["a"])
        #expect(performing { try FolderContents(root.path + "/b") }.contains("cannot be read: Too many levels"))
        for index in 0..<FolderContents.limit + 50 { try Data().write(to: root.appendingPathComponent("\(index)")) }
        #expect(try FolderContents(root.path).names.count == FolderContents.limit)
    }

    static let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 538090408\n"

    @Test func gitPointersAreNamed() throws {
        let root = try CheckpointFilesTests.folder(["model.safetensors": Self.pointer, "a": Self.pointer])
        defer { try? FileManager.default.removeItem(at: root) }
        let path = root.path + "/a"
        let error = FormatError.pointer(file: path, size: 538_090_408)
        #expect(error.description.contains("git-lfs pointer and not the file of 538090408 bytes"))
        #expect(throws: error) { try SafetensorsFile(contentsOf: path) }
        #expect(throws: error) { try GGUFFile(contentsOf: path) }
        #expect(throws: error) { try JSONDocument(contentsOf: path) }
        #expect(performing { try CheckpointFiles(folder: root.path) }.contains("git-lfs pointer"))
        for odd in ["version https://git-lfs.github.com/spec/v1", "version https://git-lfs.github.com/spec/v1\nsize x"]
        {
            try Data(odd.utf8).write(to: root.appendingPathComponent("a"))
            #expect(throws: FormatError.pointer(file: path, size: 0)) { try GGUFFile(contentsOf: path) }
        }
    }
}
