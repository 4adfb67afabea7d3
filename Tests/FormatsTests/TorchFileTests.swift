import Foundation
import TestSupport
import Testing

@testable import RopewalkFormats

/// What torch.save writes, against safetensors with the same numbers (make_torch.py).
struct TorchFileTests {
    static func error(_ path: String) -> String {
        do {
            _ = try TensorFile(contentsOf: path)
            return "none"
        } catch { return error.description }
    }

    private static func compare(_ found: TensorFile, _ expected: SafetensorsFile) {
        for (name, entry) in expected.tensors {
            #expect(found.tensors[name]?.type == entry.type && found.tensors[name]?.shape == entry.shape, "\(name)")
            #expect(found.bytes(of: name) == expected.bytes(of: name), "\(name)")
        }
    }

    @Test func allTypesAreRead() throws {
        let file = try TensorFile(contentsOf: Fixture.path("torch/types.bin"))
        let expected = try SafetensorsFile(contentsOf: Fixture.path("torch/types.safetensors"))
        Self.compare(file, expected)
        #expect(file.tensors.count == expected.tensors.count && file.integers(of: "int64") == [0, 1, 2, 3, 4, 0])
        #expect(file.unknownTypes == ["complex": "ComplexFloatStorage"])
        #expect(file.bytes(of: "none") == nil)
    }

    /// Turned, behind others in one storage, with gaps; and in two files with an index, as parameters.
    @Test(arguments: ["one", "two"]) func modelsHaveTheNumbersOfTheirSafetensors(name: String) throws {
        let files = try CheckpointFiles(folder: Fixture.path("torch/" + name))
        let expected = try SafetensorsFile(contentsOf: Fixture.path("hf/llama_bf16/model.safetensors"))
        #expect(Set(files.tensorNames) == Set(expected.tensors.keys) && files.files.count == (name == "one" ? 1 : 2))
        for tensor in expected.tensors.keys {
            #expect(files.find(tensor)?.file.bytes(of: tensor) == expected.bytes(of: tensor), "\(tensor)")
        }
    }

    @Test func partsNeedNoIndexAndSafetensorsComeFirst() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.copyItem(at: Fixture.url("torch/two"), to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.removeItem(at: folder.appendingPathComponent("pytorch_model.bin.index.json"))
        #expect(try CheckpointFiles(folder: folder.path).files.count == 2)
        let (safetensors, second) = ("model.safetensors", "pytorch_model-00002-of-00002.bin")
        try FileManager.default.copyItem(
            at: Fixture.url("hf/llama_bf16/" + safetensors), to: folder.appendingPathComponent(safetensors))
        #expect(try CheckpointFiles(folder: folder.path).files.map(\.path) == ["\(folder.path)/\(safetensors)"])
        for name in [safetensors, second] {
            try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
        }
        #expect(throws: FormatError.self) { try CheckpointFiles(folder: folder.path) }
    }

    /// Weights in a dictionary beside those of an optimizer; and deeper, where nothing says which are the model's.
    @Test func weightsAreFoundInCheckpointsOfTraining() throws {
        let file = try TensorFile(contentsOf: Fixture.path("torch/state_dict.bin"))
        let expected = try SafetensorsFile(contentsOf: Fixture.path("torch/types.safetensors"))
        #expect(Array(file.tensors.keys) == ["w"] && file.bytes(of: "w") == expected.bytes(of: "float32"))
        let deeper = Self.error(Fixture.path("torch/deeper.bin"))
        #expect(deeper.contains("the weights lie deeper in it, as 'training.state_dict.w'"), "\(deeper)")
    }

    @Test func whatIsNotReadIsNamed() {
        let legacy = Self.error(Fixture.path("torch/legacy.bin"))
        #expect(legacy.contains("no zip archive, as torch.save writes it from PyTorch 1.6 on"), "\(legacy)")
        let other = Self.error(Fixture.path("torch/other.bin"))
        #expect(other.contains("it would call 'argparse.Namespace'") || other.contains("not understood"), "\(other)")
        let expanded = Self.error(Fixture.path("torch/expanded.bin"))
        #expect(expanded.contains("tensor \"w\"") && expanded.contains("reaches beyond its data"), "\(expanded)")
        let negative = Self.error(Fixture.path("torch/negative.bin"))
        #expect(negative.contains("marks a tensor in it as 'neg'") && negative.contains("resolve_neg"), "\(negative)")
        for error in [legacy, other, expanded, negative] { #expect(!error.contains("\n")) }
    }

    /// Cut short anywhere, and with any byte changed: an error or tensors within the file.
    @Test func damagedFilesDoNotCrash() throws {
        let sound = try Data(contentsOf: Fixture.url("torch/types.bin"))
        func read(_ data: Data) -> Bool {
            guard let torch = try? TorchFile(data, path: "x") else { return false }
            let file = TensorFile(torch, data)
            for (name, entry) in file.tensors {
                #expect(file.bytes(of: name)?.count == entry.type.byteCount(shape: entry.shape))
            }
            return true
        }
        #expect(read(sound) && !read(Data()) && !read(sound.dropLast(40)))
        for length in stride(from: 0, to: sound.count, by: 97) { _ = read(Data(sound.prefix(length))) }
        for place in stride(from: 0, to: sound.count, by: 5) {
            for value in [0, 0x7F, 0xFF] as [UInt8] {
                var data = sound
                data[place] = value
                _ = read(data)
            }
        }
    }
}
