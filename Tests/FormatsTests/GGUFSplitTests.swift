import Foundation
import RopewalkFormats
import TestSupport
import Testing

/// GGUF models in several parts.
@Suite struct GGUFSplitTests {
    static let names = (1...3).map { "small-0000\($0)-of-00003.gguf" }

    static func part(_ number: Int, of count: Int, tensor: String, all: Int? = nil) -> Data {
        var builder = GGUFBuilder()
        if number == 0 { builder.add("general.architecture", "llama") }
        builder.add("split.no", number)
        builder.add("split.count", count)
        if let all { builder.add("split.tensors.count", all) }
        builder.add(tensor, shape: [2], [Float(number), 1])
        return builder.data()
    }

    static func error(_ files: [String: Data], opening name: String) throws -> String {
        let folder = try CheckpointFilesTests.folder([:])
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, data) in files { try data.write(to: folder.appendingPathComponent(name)) }
        return performing { try GGUFFile(contentsOf: folder.appendingPathComponent(name).path) }
    }

    @Test(arguments: names) func anyPartOpensAll(name: String) throws {
        let whole = try GGUFFile(contentsOf: Fixture.path("gguf/small_Q4_0/model.gguf"))
        let split = try GGUFFile(contentsOf: Fixture.path("gguf/split/" + name))
        #expect(split.parts.map { URL(fileURLWithPath: $0.path).lastPathComponent } == Self.names)
        #expect(Set(split.tensors.keys) == Set(whole.tensors.keys))
        for tensor in whole.tensors.keys {
            #expect(split.bytes(of: tensor) == whole.bytes(of: tensor))
            #expect(split.tensors[tensor]?.shape == whole.tensors[tensor]?.shape)
        }
        #expect(split.metadata["llama.block_count"]?.integer == whole.metadata["llama.block_count"]?.integer)
        #expect(split.path(of: "output_norm.weight") != split.path(of: "token_embd.weight"))
    }

    @Test func whatDoesNotGoTogetherIsNamed() throws {
        let (a, b) = (Self.part(0, of: 2, tensor: "a", all: 2), Self.part(1, of: 2, tensor: "b"))
        let (first, second) = ("m-00001-of-00002.gguf", "m-00002-of-00002.gguf")
        #expect(try Self.error([first: a, second: b], opening: second) == "no error")
        #expect(
            try Self.error([first: a], opening: first).hasSuffix(
                "\(second): is missing, one of 2 parts; fetch it again"))
        #expect(try Self.error(["m.gguf": b], opening: "m.gguf").contains("is part 2 of 2, but its name"))
        #expect(
            try Self.error([first: a, second: a], opening: first)
                .contains("says that it is part 1 of 2, its name says part 2 of 2"))
        #expect(
            try Self.error([first: a, second: Self.part(1, of: 2, tensor: "a")], opening: first)
                .contains("tensor \"a\" at byte"))
        let few = Self.part(0, of: 2, tensor: "a", all: 5)
        #expect(try Self.error([first: few, second: b], opening: first).contains("hold 2 tensors and should hold 5"))
        #expect(try Self.error([first: a, second: Data("GGUF".utf8)], opening: first).contains("byte 4"))
    }

    /// Counts and names from strangers.
    @Test func extremeCountsAreSurvived() throws {
        for count in [65_535, 4_000_000_000, 4097] {
            let name = "m-00001-of-\(count > 99_999 ? 99_999 : count).gguf"
            let error = try Self.error([name: Self.part(0, of: count, tensor: "a")], opening: name)
            #expect(error.contains("but its name does not end"), "\(error)")
        }
        for name in ["-00001-of-00002.gguf", "a-00000-of-00002.gguf", "a-00003-of-00002.gguf", "a-1-of-2.gguf"] {
            let error = try Self.error([name: Self.part(0, of: 2, tensor: "a")], opening: name)
            #expect(error != "no error", "\(name)")
        }
    }

    @Test func damagedPartsAreSurvived() throws {
        let folder = try CheckpointFilesTests.folder([:])
        defer { try? FileManager.default.removeItem(at: folder) }
        let first = folder.appendingPathComponent("m-00001-of-00002.gguf")
        let second = folder.appendingPathComponent("m-00002-of-00002.gguf")
        try Self.part(0, of: 2, tensor: "a", all: 2).write(to: first)
        let whole = Self.part(1, of: 2, tensor: "b")
        var opened = 0
        for bit in 0..<whole.count * 8 {
            var damaged = whole
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            try damaged.write(to: second)
            guard let file = try? GGUFFile(contentsOf: first.path) else { continue }
            opened += 1
            for name in file.tensors.keys { #expect(file.bytes(of: name)?.count == file.tensors[name]?.bytes.count) }
        }
        #expect(opened > 0 && opened < whole.count * 8)
    }
}
