import Foundation
import RopewalkFormats
import RopewalkKernels
import TestSupport
import Testing

@testable import RopewalkModels

@Suite struct WeightsTests {
    /// A folder with one safetensors file of these tensors.
    static func source(
        _ tensors: [(name: String, type: ElementType, shape: [Int], bytes: Data)]
    ) throws -> CheckpointFiles {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // The file stays mapped when its name is gone.
        defer { try? FileManager.default.removeItem(at: folder) }
        var writer = try SafetensorsWriter(
            path: folder.path + "/model.safetensors",
            tensors: tensors.map { .init($0.name, $0.type, shape: $0.shape) })
        for tensor in tensors { try writer.append([UInt8](tensor.bytes)) }
        try writer.finish()
        return try CheckpointFiles(folder: folder.path)
    }

    static func bytes<Number: BitwiseCopyable>(_ numbers: [Number]) -> Data { numbers.withUnsafeBytes { Data($0) } }

    /// Enough numbers that a matrix of them is not copied for being small.
    static let numbers = (0..<64 * 64).map { Float($0 % 251) / 4 - 20 }

    @Test(arguments: [ElementType.f32, .f64, .f16, .bf16], [0, Int.max])
    func numbersAreTheSameStoredAndWidened(type: ElementType, limit: Int) throws {
        let data =
            switch type {
            case .f32: Self.bytes(Self.numbers)
            case .f64: Self.bytes(Self.numbers.map(Double.init))
            case .f16: Self.bytes(Self.numbers.map { Float16($0) })
            default: Self.bytes(Self.numbers.map { UInt16($0.bitPattern >> 16) })
            }
        let expected = Self.numbers.map { type == .bf16 ? Float(bitPattern: $0.bitPattern & 0xFFFF_0000) : $0 }
        let bias: [Float] = (0..<64).map { Float($0) }
        let weights = Weights(
            try Self.source([("a.weight", type, [64, 64], data), ("a.bias", .f32, [64], Self.bytes(bias))]),
            limit: limit)
        let matrix = try weights.linear("a", outputs: 64, inputs: 64, bias: true)
        #expect(matrix.isWidened == (limit > 0 || type == .f32))
        #expect(firstDifference((0..<64).flatMap { matrix.row($0) }, expected) == nil)
        #expect(firstDifference(try weights.values("a.weight", shape: [64, 64]), expected) == nil)
        let turned = try weights.linear("a", outputs: 64, inputs: 64, inputsFirst: true)
        #expect((0..<64).allSatisfy { row in turned.row(row).elementsEqual((0..<64).map { expected[$0 * 64 + row] }) })
    }

    @Test func onlySmallModelsAreWidenedWhenTheyAreLoaded() throws {
        let small = 64 << 20
        #expect([nil, .max, 128 << 20].map { Weights.limit(available: $0) } == [small, small, small])
        #expect(Weights.limit(available: 10_000) == 5_000)
        let data = Self.bytes(Self.numbers.map { UInt16($0.bitPattern >> 16) })
        let files = try Self.source([("a.weight", .bf16, [64, 64], data)])
        for (count, isWidened) in [(small / 4, true), (small / 4 + 1, false)] {
            let weights = Weights(Counted(files: files, count: count), limit: Weights.limit(available: .max))
            #expect(try weights.linear("a", outputs: 64, inputs: 64).isWidened == isWidened)
        }
    }

    /// Files that say how many numbers they have.
    private struct Counted: TensorSource {
        let files: CheckpointFiles
        let count: Int

        var path: String { files.path }
        var names: [String] { files.names }
        func tensor(_ name: String) -> StoredTensor? { files.tensor(name) }
        func nameInFile(_ name: String) -> String { name }
        func absence(of name: String) -> ModelError? { nil }
    }

    @Test(arguments: ["language_model.", "module.", "_orig_mod.", "model.language_model.", "module._orig_mod."])
    func tensorsUnderTheNameOfAPartAreNamed(wrapper: String) throws {
        let source = try Self.source([(wrapper + "a.weight", .f32, [64, 64], Self.bytes(Self.numbers))])
        let error = ModelError.wrapped(folder: source.files[0].path, tensor: "a.weight", found: wrapper + "a.weight")
        #expect(throws: error) { try Weights(source).linear("a", outputs: 64, inputs: 64) }
        #expect(error.description.contains("is there as \(wrapper)a.weight"))
    }

    /// A file that is whole cannot be an incomplete download.
    @Test func whatLiesInPlaceOfAMissingTensorIsNamed() throws {
        let source = try Self.source(
            ["h.0.attn.c.weight", "h.0.attn.q.weight", "h.0.mlp.weight", "h.1.attn.k.weight"].map {
                ($0, .f32, [1], Data(count: 4))
            })
        let weights = Weights(source)
        #expect(try weights.values("h.0.attn.q.weight", shape: [1]) == [0])
        for (name, near) in [("h.0.attn.v.weight", ["h.0.attn.c.weight"]), ("x.weight", [])] {
            let error = ModelError.missing(folder: source.files[0].path, tensor: name, near: near)
            #expect(throws: error) { try weights.values(name, shape: [1]) }
            #expect(error.description.contains("incomplete") == false)
            #expect(error.description.contains(near.first ?? "no other has a name like it"))
        }
    }

    @Test(arguments: [0, Int.max]) func whatIsNotFiniteIsNamed(limit: Int) throws {
        var numbers = Self.numbers
        numbers[1234] = .infinity
        let source = try Self.source([
            ("a.weight", .f32, [64, 64], Self.bytes(numbers)),
            ("b.weight", .bf16, [64, 64], Self.bytes(numbers.map { UInt16($0.bitPattern >> 16) })),
            ("c.weight", .i64, [2], Data(count: 16)),
        ])
        let weights = Weights(source, limit: limit)
        for name in ["a", "b"] {
            let file = source.files[0].path
            let error = ModelError.notFinite(file: file, tensor: name + ".weight", index: 1234)
            #expect(throws: error) { try weights.linear(name, outputs: 64, inputs: 64) }
            #expect(throws: error) { try weights.values(name + ".weight", shape: [64, 64]) }
        }
        #expect(throws: ModelError.elementType(file: source.files[0].path, tensor: "c.weight", type: "I64")) {
            try weights.values("c.weight", shape: [2])
        }
    }

    @Test func aCheckListsEverything() throws {
        let source = try Self.source([
            ("a.weight", .f32, [2, 3], Data(repeating: 0xFF, count: 24)), ("b.weight", .i32, [2, 2], Data(count: 16)),
            ("norm.weight", .f32, [3], Data(count: 12)),
        ])
        let faults = FaultList()
        let weights = Weights(checking: source, faults: faults)
        #expect(weights.contains("a.weight") && !weights.contains("z.weight"))
        #expect(try weights.values("norm.weight", shape: [3]) == [0, 0, 0])
        #expect(try weights.linear("a", outputs: 2, inputs: 3).isPlaceholder)
        #expect(faults.errors.isEmpty)
        #expect(try weights.linear("a", outputs: 3, inputs: 2, bias: true).outputs == 3)
        #expect(try weights.linear("a", outputs: 3, inputs: 2, inputsFirst: true).rows(0..<2).inputs == 2)
        #expect(try weights.linear("b", outputs: 2, inputs: 2).outputs == 2)
        // A wrong configuration must not make it allocate.
        #expect(try weights.values("z.weight", shape: [1 << 30, 1 << 30]).isEmpty)
        let file = source.files[0].path
        let expected: [ModelError] = [
            .shape(file: file, tensor: "a.weight", found: [2, 3], expected: [3, 2]),
            .missing(folder: source.files[0].path, tensor: "a.bias", near: []),
            .elementType(file: file, tensor: "b.weight", type: "I32"),
            .missing(folder: source.files[0].path, tensor: "z.weight", near: []),
        ]
        #expect(faults.errors == expected)
    }

    @Test func aMissingTensorOfAGGUFFileHasTheNameItHasThere() throws {
        let faults = FaultList()
        let weights = Weights(checking: try GGUFCheckpointTests.checkpoint("small_Q4_0"), faults: faults)
        _ = try weights.linear("model.layers.7.self_attn.q_proj", outputs: 2, inputs: 2)
        #expect(faults.errors.count == 1)
        #expect(faults.errors.first?.description.contains("tensor blk.7.attn_q.weight is missing") == true)
    }

    /// The two modules that know formats agree on them.
    @Test func formatsHaveOneLayout() throws {
        for format in WeightFormat.allCases {
            let type = try #require(ElementType(rawValue: format.rawValue))
            #expect(type.size == format.blockBytes && type.blockLength == format.blockLength)
        }
    }
}
