import Foundation
import RopewalkExport
import RopewalkMethods
import TestSupport
import Testing

/// What a format writes for a mask.
func exported(_ mask: some MaskRows, _ format: MaskFormat, name: String = "mask") throws -> [UInt8] {
    var bytes: [UInt8] = []
    try format.write(mask, name: name, to: ByteSink { bytes += $0 })
    return bytes
}

@Suite struct MaskFormatTests {
    @Test func textReadsBack() throws {
        let mask = try Mask(parsing: ["lambda:sink=2,window=3"], tokens: 9)
        let text = String(decoding: try exported(mask, .text), as: UTF8.self)
        #expect(text.hasPrefix("100000000\n110000000\n111000000\n"))
        let back = try ListedMask(text: text)
        #expect(try MaskDiff(mask, back).isEmpty)
    }

    @Test(arguments: [1, 2, 17]) func jsonHasTheAgreedKeys(tokens: Int) throws {
        let mask = try Mask(parsing: ["lambda:sink=2,window=3"], tokens: tokens)
        let data = Data(try exported(mask, .json, name: "a \"b\"\n\\"))
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(Set(object.keys) == ["method", "tokens", "allowed", "density", "rows"])
        #expect(object["method"] as? String == "a \"b\"\n\\")
        #expect(object["tokens"] as? Int == tokens)
        #expect(object["allowed"] as? Int == mask.allowedCount)
        #expect(String(decoding: data, as: UTF8.self).contains("\"density\": \(mask.density), "))
        #expect(object["rows"] as? [[Int]] == (0..<tokens).map { mask.row($0).ranges.flatMap { Array($0) } })
    }

    @Test func emptyRowsAreEmptyArrays() throws {
        let mask = ListedMask(rows: [KeyRanges(0..<1), KeyRanges()])
        #expect(String(decoding: try exported(mask, .json), as: UTF8.self).hasSuffix("\"rows\": [\n[0],\n[]\n]}\n"))
    }

    @Test(arguments: [1, 5, 100]) func npyIsABooleanArray(tokens: Int) throws {
        let mask = try Mask(parsing: ["window:size=3"], tokens: tokens)
        let bytes = try exported(mask, .npy)
        #expect(bytes.prefix(8) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0])
        let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
        #expect(start % 64 == 0 && bytes.count == start + tokens * tokens)
        let header = String(decoding: bytes[10..<start], as: UTF8.self)
        #expect(header.hasPrefix("{'descr': '|b1', 'fortran_order': False, 'shape': (\(tokens), \(tokens)), }"))
        #expect(header.hasSuffix("\n"))
        let data = (0..<tokens).flatMap { q in (0..<tokens).map { mask.allows(query: q, key: $0) ? UInt8(1) : 0 } }
        #expect(firstDifference(Array(bytes[start...]), data) == nil)
    }

    @Test func svgIsDrawnFromRuns() throws {
        let mask = try Mask(parsing: ["lambda:sink=1,window=2"], tokens: 6)
        let text = String(decoding: try exported(mask, .svg, name: mask.spec + " <&>"), as: UTF8.self)
        #expect(Golden.difference(text, "lambda-svg") == nil)
    }

    /// The rectangles of the picture, painted again, are the mask, each cell once.
    @Test(arguments: ["causal", "full", "window:size=3", "lambda:sink=2,window=3"])
    func svgCoversEveryAllowedCellOnce(spec: String) throws {
        let mask = try Mask(parsing: [spec], tokens: 12)
        let text = String(decoding: try exported(mask, .svg), as: UTF8.self)
        var cells = Array(repeating: 0, count: 144)
        for match in text.matches(of: /M(\d+) (\d+)h(\d+)v(\d+)h-\d+z/) {
            let numbers = [match.1, match.2, match.3, match.4].compactMap { Int($0) }
            for y in numbers[1]..<numbers[1] + numbers[3] {
                for x in numbers[0]..<numbers[0] + numbers[2] { cells[y * 12 + x] += 1 }
            }
        }
        #expect(cells == (0..<144).map { mask.allows(query: $0 / 12, key: $0 % 12) ? 1 : 0 })
    }

    @Test func tooManyTokensNameTheLimit() throws {
        let mask = try Mask(parsing: ["window:size=2"], tokens: 16_385)
        for format in [MaskFormat.text, .json] {
            #expect(throws: ExportError.tooManyTokens(16_385, format)) { try exported(mask, format) }
        }
        #expect(
            ExportError.tooManyTokens(16_385, .text).description
                == "a mask of 16385 tokens is too large for text, which holds at most 16384: "
                + "take fewer tokens or npy, png, svg")
        let larger = try Mask(parsing: ["window:size=2"], tokens: 65_537)
        #expect(throws: ExportError.tooManyTokens(65_537, .png)) { try exported(larger, .png) }
    }

    @Test func unknownFormats() throws {
        #expect(try MaskFormat(named: "npy") == .npy)
        #expect(throws: ExportError.unknownFormat("gif")) { try MaskFormat(named: "gif") }
        #expect(ExportError.unknownFormat("a\nb").description.hasPrefix("unknown format 'a?b': "))
        #expect(ExportError.unknownFormat("gif").description.hasSuffix("the formats are text, json, npy, png, svg"))
    }
}
