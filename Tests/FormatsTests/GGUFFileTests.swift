import Foundation
import RopewalkFormats
import TestSupport
import Testing

@Suite struct GGUFFileTests {
    /// The error of reading it; "no error" where there is none.
    static func error(_ data: Data) -> String {
        do {
            _ = try GGUFFile(data, path: "x")
            return "no error"
        } catch {
            return error.description
        }
    }

    static func error(_ change: (inout GGUFBuilder) -> Void) -> String {
        var builder = GGUFBuilder()
        change(&builder)
        return error(builder.data())
    }

    @Test(arguments: ["small_llama3rope_Q8_0", "small_bpe_Q8_0", "small_Q4_0", "wide_mixed_K"])
    func readsTheTensorsOfARealFile(name: String) throws {
        let file = try GGUFFile(contentsOf: Fixture.path("gguf/\(name)/model.gguf"))
        let manifest = try JSONDocument(contentsOf: Fixture.path("gguf/\(name)/manifest.json")).root
        let expected = try #require(manifest["gguf_tensors"]?.members)
        #expect(file.version == 3)
        #expect(file.tensors.count == expected.count)
        for tensor in expected {
            let entry = try #require(file.tensors[tensor.key])
            #expect(entry.type.rawValue == tensor.value["type"]?.string)
            #expect(entry.shape == tensor.value["shape"]?.array?.compactMap(\.integer))
            #expect(file.bytes(of: tensor.key)?.count == entry.bytes.count)
        }
        #expect(file.metadata["general.architecture"]?.string == "llama")
        #expect(
            file.metadata["llama.block_count"]?.integer
                == expected.filter { $0.key.hasSuffix("attn_norm.weight") }.count)
        let tokens = try #require(file.metadata["tokenizer.ggml.tokens"]?.array)
        #expect(tokens.strings?.count == file.metadata["llama.vocab_size"]?.integer)
        #expect(tokens.integers == nil && tokens.numbers == nil && tokens.bools == nil)
        #expect(file.metadata["tokenizer.ggml.token_type"]?.array?.integers?.count == tokens.count)
        #expect(file.bytes(of: "none") == nil)
        #expect(GGUFFile.isGGUF(file.path))
        #expect(!GGUFFile.isGGUF(Fixture.path("gguf/\(name)/manifest.json")))
        #expect(!GGUFFile.isGGUF(Fixture.path("gguf")))
    }

    @Test(arguments: [UInt32(2), 3]) func everyTypeOfValueIsRead(version: UInt32) throws {
        var builder = GGUFBuilder()
        builder.version = version
        builder.add("u8", type: 0, GGUFBuilder.bytes(UInt8.max))
        builder.add("i8", type: 1, GGUFBuilder.bytes(Int8.min))
        builder.add("u16", type: 2, GGUFBuilder.bytes(UInt16.max))
        builder.add("i16", type: 3, GGUFBuilder.bytes(Int16.min))
        builder.add("u32", type: 4, GGUFBuilder.bytes(UInt32.max))
        builder.add("i32", type: 5, GGUFBuilder.bytes(Int32.min))
        builder.add("f32", type: 6, GGUFBuilder.bytes(Float(0.1)))
        builder.add("bool", true)
        builder.add("string", "é")
        builder.add("u64", type: 10, GGUFBuilder.bytes(UInt64(Int.max)))
        builder.add("huge", type: 10, GGUFBuilder.bytes(UInt64.max))
        builder.add("i64", type: 11, GGUFBuilder.bytes(Int64.min))
        builder.add("f64", type: 12, GGUFBuilder.bytes(0.1))
        builder.add("bools", type: 9, GGUFBuilder.array(7, count: 3, Data([0, 1, 2])))
        builder.add("i16s", type: 9, GGUFBuilder.array(3, count: 2, GGUFBuilder.bytes(Int16(-2)) + Data([7, 0])))
        builder.add("f32s", type: 9, GGUFBuilder.array(6, count: 1, GGUFBuilder.bytes(Float(-1.5))))
        builder.add("strings", ["a", "", "bc"])
        builder.add("none", type: 9, GGUFBuilder.array(4, count: 0, Data()))
        let inner = GGUFBuilder.array(0, count: 2, Data([5, 6]))
        builder.add("nested", type: 9, GGUFBuilder.array(9, count: 2, inner + GGUFBuilder.array(8, count: 0, Data())))
        builder.add("after", 9)
        let values = try GGUFFile(builder.data(), path: "x").metadata
        #expect(values.count == 20)
        let integers = ["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "after"].map { values[$0]?.integer }
        #expect(integers == [255, -128, 65535, -32768, 4_294_967_295, -2_147_483_648, .max, .min, 9])
        #expect(values["huge"]?.integer == nil && values["huge"]?.number == 0x1p64)
        #expect(values["f32"]?.number == Double(Float(0.1)) && values["f64"]?.number == 0.1)
        #expect(values["bool"]?.bool == true && values["string"]?.string == "é")
        #expect(values["bools"]?.array?.bools == [false, true, true])
        #expect(values["i16s"]?.array?.integers == [-2, 7] && values["i16s"]?.array?.numbers == [-2, 7])
        #expect(values["f32s"]?.array?.numbers == [-1.5] && values["f32s"]?.array?.integers == nil)
        #expect(values["strings"]?.array?.strings == [[97], [], [98, 99]])
        #expect(values["none"]?.array?.integers == [])
        #expect(values["nested"]?.array?.count == 2)
        #expect(values["u8"]?.array == nil && values["u8"]?.bool == nil && values["u8"]?.string == nil)
    }

    @Test func numbersLieWhereTheHeaderSays() throws {
        for alignment in [8, 32, 256] {
            var builder = GGUFBuilder()
            builder.alignment = alignment
            builder.add("general.alignment", alignment)
            builder.add("a", shape: [2, 3], [1, 2, 3, 4, 5, 6])
            builder.add("b", lengths: [32, 2], type: 8, Data(repeating: 7, count: 68))
            builder.add("c", shape: [], [9])
            let file = try GGUFFile(builder.data(), path: "x")
            #expect(file.tensors["a"]?.shape == [2, 3])
            #expect(file.tensors["b"]?.shape == [2, 32] && file.tensors["b"]?.count == 64)
            #expect(file.bytes(of: "b") == Data(repeating: 7, count: 68))
            #expect(file.bytes(of: "c") == GGUFBuilder.bytes(Float(9)))
            #expect(file.tensors.values.allSatisfy { $0.bytes.lowerBound % alignment == 0 })
        }
    }

    @Test func aTensorThatHoldsNothingMayLieBehindTheEnd() {
        var builder = GGUFBuilder()
        builder.add("empty", lengths: [0], type: 0, Data())
        let whole = builder.data()
        // The file ends somewhere between the header and where its padding would end.
        let files = (max(0, whole.count - 31)...whole.count).compactMap { try? GGUFFile(whole.prefix($0), path: "x") }
        #expect(files.count > 1)
        for file in files { #expect(file.bytes(of: "empty")?.isEmpty == true) }
    }

    @Test func refusesImpossibleFiles() {
        #expect(Self.error(Data()).contains("byte 0: 4 bytes are expected, 0 are left"))
        #expect(Self.error(Data("GGUT".utf8) + Data(count: 40)).contains("does not begin with GGUF"))
        #expect(Self.error { $0.version = 1 }.contains("version 1 is too old"))
        #expect(Self.error { $0.version = 4 }.contains("version 4 is not known"))
        let turned = Self.error { $0.version = 0x0300_0000 }
        #expect(turned.contains("big-endian") && !turned.contains("damaged"))
        #expect(Self.error { _ in } == "no error")
        for counts in [(UInt64.max, UInt64(0)), (0, .max), (1, 0), (0, 1), (1 << 61, 1 << 61)] {
            let head = Data("GGUF".utf8) + GGUFBuilder.bytes(UInt32(3))
            let found = Self.error(head + GGUFBuilder.bytes(counts.0) + GGUFBuilder.bytes(counts.1) + Data(count: 8))
            #expect(found.contains("more than the"), "\(found)")
        }
        let many = Data("GGUF".utf8) + GGUFBuilder.bytes(UInt32(3)) + GGUFBuilder.bytes(UInt64(300_000))
        #expect(Self.error(many + Data(count: 8_000_000)).contains("300000 tensors"))
    }

    @Test func refusesImpossibleValues() {
        #expect(Self.error { $0.add("a", type: 13, Data()) }.contains("type 13 of a value is unknown"))
        #expect(Self.error { $0.add("a", type: 8, GGUFBuilder.bytes(UInt64.max)) }.contains("bytes of text"))
        #expect(
            Self.error { builder in
                builder.add("a", 1)
                builder.add("a", 2)
            }.contains("key \"a\" is there twice"))
        for type in [UInt32(0), 4, 8, 9, 12] {
            let array = GGUFBuilder.array(type, count: .max, Data(count: 100))
            #expect(Self.error { $0.add("a", type: 9, array) }.contains("elements are more than"))
        }
        var nested = GGUFBuilder.array(0, count: 0, Data())
        for _ in 0..<7 { nested = GGUFBuilder.array(9, count: 1, nested) }
        #expect(Self.error { $0.add("a", type: 9, nested) } == "no error")
        for _ in 0..<100_000 { nested = GGUFBuilder.array(9, count: 1, Data()) + nested }
        #expect(Self.error { $0.add("a", type: 9, nested) }.contains("nested deeper than 8"))
    }

    @Test(arguments: [
        (UInt32(4), [4], "unknown type 4"), (99, [4], "unknown type 99"), (8, [33], "impossible shape [33]"),
        (12, [255], "impossible shape"), (0, [Int.max, 4], "impossible shape"), (0, [1 << 40], "after the file's end"),
        (0, [1, 1, 1, 1, 1, 1, 1, 1, 1], "has 9 axes"), (0, [5], "after the file's end"), (0, [4], "no error"),
        (0, [1 << 62, 0], "no error"),
    ])
    func refusesImpossibleTensors(type: UInt32, lengths: [Int], problem: String) {
        let found = Self.error { $0.add("w", lengths: lengths, type: type, Data(count: 16)) }
        #expect(found.contains(problem), "\(found)")
        #expect(found == "no error" || found.contains("tensor \"w\""))
    }

    @Test func refusesImpossiblePlaces() {
        var builder = GGUFBuilder()
        builder.add("a", shape: [8], Array(repeating: 0, count: 8))
        builder.add("b", shape: [8], Array(repeating: 0, count: 8))
        func error(_ offset: UInt64) -> String { Self.error(builder.data { $0 == 1 ? offset : $1 }) }
        #expect(error(32) == "no error")
        #expect(error(0).contains("overlaps tensor"))
        #expect(error(33).contains("no multiple of 32"))
        #expect(error(64).contains("after the file's end"))
        #expect(error(UInt64.max - 31).contains("after the file's end"))
        #expect(error(1 << 63).contains("after the file's end"))
        builder.add("a", shape: [8], Array(repeating: 0, count: 8))
        #expect(Self.error(builder.data()).contains("tensor \"a\" is there twice"))
        for alignment in [0, 3, 1 << 21] {
            #expect(Self.error { $0.add("general.alignment", alignment) }.contains("no power of two"))
        }
        #expect(Self.error { $0.add("general.alignment", "32") }.contains("no power of two"))
    }
}
