import Foundation
import RopewalkFormats
import TestSupport
import Testing

/// Files of tensors that were damaged at random: reading gives an error or a file whose every part can be read.
@Suite struct TensorFileFuzzTests {
    static func gguf() -> Data {
        var builder = GGUFBuilder()
        builder.add("general.architecture", "llama")
        builder.add("general.alignment", 32)
        builder.add("llama.block_count", 2)
        builder.add("scale", Float(2))
        builder.add("tokens", ["a", "bc", ""])
        builder.add("types", type: 9, GGUFBuilder.array(5, count: 3, Data(count: 12)))
        let inner = GGUFBuilder.array(1, count: 2, Data([1, 2]))
        builder.add("nested", type: 9, GGUFBuilder.array(9, count: 2, inner + inner))
        builder.add("a", shape: [2, 8], Array(repeating: 1, count: 16))
        builder.add("b", lengths: [32, 2], type: 8, Data(count: 68))
        builder.add("c", lengths: [256], type: 12, Data(count: 144))
        return builder.data()
    }

    static func safetensors() -> Data {
        let a = SafetensorsFileTests.entry("F32", "[2,2]", "[0,16]")
        let b = SafetensorsFileTests.entry("BF16", "[4]", "[16,24]")
        let c = SafetensorsFileTests.entry("I64", "[]", "[24,32]")
        let d = SafetensorsFileTests.entry("BOOL", "[0,3]", "[32,32]")
        return SafetensorsFileTests.file(
            "{\"__metadata__\":{\"format\":\"pt\"},\"a\":\(a),\"b\":\(b),\"c\":\(c),\"d\":\(d)}", dataCount: 32)
    }

    /// Reads everything there is; whether the header was accepted.
    static func readGGUF(_ data: Data) -> Bool {
        guard let file = try? GGUFFile(data, path: "x") else { return false }
        for value in file.metadata.values {
            guard let array = value.array else { continue }
            let lists: [Int?] = [array.integers?.count, array.numbers?.count, array.bools?.count, array.strings?.count]
            #expect(lists.allSatisfy { $0 == nil || $0 == array.count })
        }
        for (name, entry) in file.tensors {
            let bytes = file.bytes(of: name) ?? Data()
            #expect(bytes.count == entry.bytes.count && bytes.count == entry.type.byteCount(shape: entry.shape))
            _ = bytes.reduce(0) { $0 ^ $1 }
        }
        return true
    }

    static func readSafetensors(_ data: Data) -> Bool {
        guard let file = try? SafetensorsFile(data, path: "x") else { return false }
        for (name, entry) in file.tensors {
            let bytes = file.bytes(of: name) ?? Data()
            #expect(bytes.count == entry.bytes.count && bytes.count == entry.type.byteCount(shape: entry.shape))
            _ = bytes.reduce(0) { $0 ^ $1 }
        }
        return true
    }

    @Test func everyTruncationIsAnError() {
        let (gguf, safetensors) = (Self.gguf(), Self.safetensors())
        #expect(Self.readGGUF(gguf) && Self.readSafetensors(safetensors))
        for length in 0..<gguf.count { #expect(!Self.readGGUF(gguf.prefix(length)), "GGUF of \(length) bytes") }
        for length in 0..<safetensors.count {
            #expect(!Self.readSafetensors(safetensors.prefix(length)), "safetensors of \(length) bytes")
        }
    }

    @Test func everyFlippedBitIsSurvived() {
        for (whole, read) in [(Self.gguf(), Self.readGGUF), (Self.safetensors(), Self.readSafetensors)] {
            var refused = 0
            for bit in 0..<whole.count * 8 {
                var damaged = whole
                damaged[bit / 8] ^= 1 << UInt8(bit % 8)
                if !read(damaged) { refused += 1 }
            }
            #expect(refused > 500 && refused < whole.count * 8)
        }
    }

    /// Numbers that break careless arithmetic, written over any place of the header.
    @Test func extremeNumbersAnywhereAreSurvived() {
        let extremes: [UInt64] = [
            .max, .max - 31, 1 << 63, (1 << 63) - 1, 1 << 62, 1 << 61, 1 << 40, 1 << 32, (1 << 32) - 1, 1 << 31, 0, 1,
        ]
        let whole = Self.gguf()
        var refused = 0
        for place in 0..<whole.count - 8 {
            for extreme in extremes {
                for size in [4, 8] {
                    var damaged = whole
                    damaged.replaceSubrange(place..<place + size, with: GGUFBuilder.bytes(extreme).prefix(size))
                    if !Self.readGGUF(damaged) { refused += 1 }
                }
            }
        }
        #expect(refused > 1000)
    }

    @Test func extremeNumbersInJSONAreSurvived() throws {
        let numbers = [
            "-1", "9223372036854775807", "-9223372036854775808", "18446744073709551616", "1e400", "1.5", "null", "[]",
        ]
        let text = try #require(String(data: Self.safetensors().dropFirst(8).dropLast(32), encoding: .utf8))
        let digits = text.indices.filter { text[$0].isNumber }
        for index in digits {
            for number in numbers {
                let changed = text[..<index] + number + text[text.index(after: index)...]
                _ = Self.readSafetensors(SafetensorsFileTests.file(String(changed), dataCount: 32))
            }
        }
        #expect(digits.count > 20)
    }

    @Test func randomBytesAfterTheFirstOnesAreSurvived() {
        var generator = Generator(state: 21)
        for round in 0..<3000 {
            var bytes = [UInt8](round % 2 == 0 ? Self.gguf() : Self.safetensors())
            let first = Int(generator.next() % UInt64(bytes.count))
            for place in first..<min(bytes.count, first + 24) {
                bytes[place] = UInt8(truncatingIfNeeded: generator.next())
            }
            _ = round % 2 == 0 ? Self.readGGUF(Data(bytes)) : Self.readSafetensors(Data(bytes))
        }
    }
}
