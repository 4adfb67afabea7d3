import Foundation
import Testing

@testable import RopewalkTokenizers

@Suite struct UnicodeNormalizationTests {
    @Test(arguments: [
        "e\u{301}", "a\u{323}\u{307}", "a\u{307}\u{323}", "q\u{307}\u{323}", "\u{1100}\u{1161}\u{11A8}", "\u{212B}",
        "\u{958}",
        "\u{301}x", "\u{1E9B}\u{323}", "漢字か\u{3099}", "\u{F900}", "\u{AC00}\u{11A8}", "",
    ])
    func agreesWithFoundation(text: String) {
        let source = Array(text.utf8)
        var output = Alignment(sourceCount: source.count)
        var composition = UnicodeNormalization(.canonicalComposition)
        composition.rewrite(source, 0..<source.count, into: &output)
        let result = String(decoding: output.bytes, as: UTF8.self).unicodeScalars
        let hangul = String(text.precomposedStringWithCanonicalMapping)
        let expected = text.unicodeScalars.contains { (0x11A8...0x11C2).contains($0.value) } ? "\u{AC01}" : hangul
        #expect(result.elementsEqual(expected.unicodeScalars))
    }

    @Test func tiesEveryByteToItsSource() {
        let source = Array("xe\u{301}漢e\u{301}\u{327}z".utf8)
        var output = Alignment(sourceCount: source.count)
        var composition = UnicodeNormalization(.canonicalComposition)
        composition.rewrite(source, 0..<source.count, into: &output)
        #expect(String(decoding: output.bytes, as: UTF8.self) == "xé漢\u{229}\u{301}z")
        var end: Int32 = 0
        var hint = 0
        for byte in 0..<Int32(output.bytes.count) {
            let range = output.exact(byte..<byte + 1, hint: &hint)
            #expect(range.lowerBound == end)
            end = range.upperBound
        }
        #expect(end == Int32(source.count))
        let composed = output.exact(1..<3, hint: &hint)
        #expect(composed == 1..<4)
        // The library attributes a composed character to its base alone.
        let attributed = output.cover(1..<3, hint: &hint)
        #expect(attributed == 1..<2)
    }
}
