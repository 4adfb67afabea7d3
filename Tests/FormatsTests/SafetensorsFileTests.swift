import Foundation
import RopewalkFormats
import TestSupport
import Testing

@Suite struct SafetensorsFileTests {
    /// A file with that header and `dataCount` zero bytes.
    static func file(_ header: String, dataCount: Int = 64) -> Data {
        let text = Data(header.utf8)
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text + Data(count: dataCount)
    }

    static func error(_ header: String, dataCount: Int = 64) -> String {
        do {
            _ = try SafetensorsFile(file(header, dataCount: dataCount), path: "x")
            return "no error"
        } catch {
            return error.description
        }
    }

    static func entry(_ type: String, _ shape: String, _ offsets: String) -> String {
        "{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
    }

    @Test func readsTheTensorsOfARealFile() throws {
        let file = try SafetensorsFile(contentsOf: Fixture.path("hf/llama_default/model.safetensors"))
        let embedding = try #require(file.tensors["model.embed_tokens.weight"])
        #expect(embedding.type == .f32)
        #expect(embedding.shape == [64, 40])
        #expect(file.metadata == ["format": "pt"])
        let finite = try file.withBytes(of: "model.embed_tokens.weight") { bytes in
            (0..<bytes.count / 4).allSatisfy { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self).isFinite }
        }
        #expect(finite)
        #expect(throws: FormatError.missingTensor(file: file.path, tensor: "none")) {
            try file.withBytes(of: "none") { _ in }
        }
    }

    @Test func refusesEveryTruncation() throws {
        let whole = try Fixture.data("hf/llama_bf16_sharded/model-00002-of-00002.safetensors")
        for length in 0..<whole.count where length < 4096 || length % 97 == 0 || length > whole.count - 8 {
            #expect(throws: FormatError.self, "\(length) bytes") {
                try SafetensorsFile(whole.prefix(length), path: "x")
            }
        }
    }

    @Test func survivesEveryFlippedByteOfTheHeader() throws {
        let whole = [UInt8](try Fixture.data("hf/llama_bf16_sharded/model-00002-of-00002.safetensors"))
        var generator = Generator(state: 7)
        var refused = 0
        for _ in 0..<4000 {
            var bytes = whole
            for _ in 0..<1 + Int(generator.next() % 3) {
                bytes[Int(generator.next() % 1400)] ^= UInt8(truncatingIfNeeded: generator.next())
            }
            do {
                let file = try SafetensorsFile(Data(bytes), path: "x")
                #expect(file.tensors.values.allSatisfy { $0.bytes.upperBound <= bytes.count })
                for name in file.tensors.keys { _ = try file.withBytes(of: name) { $0.reduce(0) { $0 ^ $1 } } }
            } catch { refused += 1 }
        }
        #expect(refused > 1000 && refused < 4000)
    }

    @Test(arguments: [
        ("[4]", "[0,9999999]", "F12", "after the file's end"),
        ("[4]", "[0,60]", "F32", "takes 16 bytes, the header gives 60"),
        ("[4]", "[-16,0]", "F32", "are no range"),
        ("[4]", "[16,0]", "F32", "are no range"),
        ("[4]", "[56,72]", "F32", "8 bytes after the file's end"),
        ("[4]", "[0,9223372036854775807]", "F32", "after the file's end"),
        ("[4]", "[0,18446744073709551616]", "F32", "not two whole numbers"),
        ("[9223372036854775807,9223372036854775807]", "[0,16]", "F32", "impossible"),
        ("[-4]", "[0,16]", "F32", "impossible"),
        ("[4.5]", "[0,16]", "F32", "no shape"),
    ])
    func refusesAnImpossibleEntry(shape: String, offsets: String, type: String, problem: String) {
        let error = Self.error("{\"w\":\(Self.entry(type, shape, offsets))}")
        #expect(error.contains("tensor \"w\""))
        #expect(error.contains(problem), "\(error)")
    }

    @Test func refusesOverlapsAndRepeatedNames() {
        let a = Self.entry("F32", "[4]", "[0,16]")
        let b = Self.entry("F32", "[4]", "[8,24]")
        #expect(Self.error("{\"a\":\(a),\"b\":\(b)}").contains("overlaps tensor \"a\""))
        #expect(Self.error("{\"a\":\(a),\"a\":\(b)}").contains("named twice"))
        #expect(Self.error("{\"a\":\(a),\"empty\":\(Self.entry("F32", "[0]", "[8,8]"))}") == "no error")
    }

    @Test func refusesImpossibleHeaders() {
        #expect(throws: FormatError.self) { try SafetensorsFile(Data(repeating: 0xFF, count: 64), path: "x") }
        let depth = String(repeating: "[", count: 100_000)
        #expect(Self.error("{\"a\":\(depth)").contains("nested deeper than 32"))
        #expect(Self.error("{\"__metadata__\":{\"a\":1}}").contains("no string"))
        #expect(Self.error("[]").contains("an object"))
        #expect(Self.error("{}") == "no error")
    }

    @Test func wholeNumbersOfEveryTypeAreRead() throws {
        let cases: [(String, Data, [Int]?)] = [
            ("I64", GGUFBuilder.bytes(Int64.min) + GGUFBuilder.bytes(Int64.max), [.min, .max]),
            ("I32", GGUFBuilder.bytes(Int32.min) + GGUFBuilder.bytes(Int32(7)), [-2_147_483_648, 7]),
            ("I16", GGUFBuilder.bytes(Int16.min) + GGUFBuilder.bytes(Int16(7)), [-32768, 7]),
            ("I8", Data([0x80, 7]), [-128, 7]), ("U8", Data([0x80, 7]), [128, 7]), ("BOOL", Data([1, 0]), [1, 0]),
            ("U16", Data([0xFF, 0xFF, 7, 0]), [65535, 7]),
            ("U32", GGUFBuilder.bytes(UInt32.max) + GGUFBuilder.bytes(UInt32(7)), [4_294_967_295, 7]),
            ("U64", GGUFBuilder.bytes(UInt64(Int.max)) + GGUFBuilder.bytes(UInt64(7)), [.max, 7]),
            ("U64", GGUFBuilder.bytes(UInt64.max) + GGUFBuilder.bytes(UInt64(7)), nil),
            ("F32", Data(count: 8), nil), ("F64", Data(count: 16), nil), ("BF16", Data(count: 4), nil),
        ]
        for (type, bytes, expected) in cases {
            // One byte before the tensor, so that nothing is aligned.
            let one = Self.entry("U8", "[1]", "[0,1]")
            let header = "{\"a\":\(one),\"w\":\(Self.entry(type, "[2]", "[1,\(1 + bytes.count)]"))}"
            let file = try SafetensorsFile(Self.file(header, dataCount: 1) + bytes, path: "x")
            #expect(file.integers(of: "w") == expected, "\(type)")
        }
        #expect(try SafetensorsFile(Self.file("{}"), path: "x").integers(of: "none") == nil)
    }

    @Test func namesWhatIsNoFile() {
        #expect(throws: FormatError.self) { try SafetensorsFile(contentsOf: "/dev/zero") }
        #expect(throws: FormatError.self) { try SafetensorsFile(contentsOf: Fixture.path("hf")) }
        #expect(throws: FormatError.self) { try SafetensorsFile(contentsOf: Fixture.path("hf/none")) }
    }
}

/// The same numbers on every run (Knuth's MMIX constants).
struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}
