import Testing

@testable import RopewalkGeneration

struct TextStreamTests {
    private static let text = "aé→😀𝄞\u{FFFD}z"

    /// However bytes come in, the text is the same, and no half character is given out.
    @Test(arguments: 1...9) func charactersAreHeldBackUntilTheyAreWhole(size: Int) {
        let bytes = Array(Self.text.utf8)
        var stream = UTF8Stream()
        var found = ""
        for start in stride(from: 0, to: bytes.count, by: size) {
            let part = stream.append(Array(bytes[start..<min(bytes.count, start + size)]))
            found += part
            #expect(Self.text.unicodeScalars.starts(with: found.unicodeScalars))
        }
        #expect(found + stream.finish() == Self.text)
    }

    /// What can be no character is not waited for.
    @Test(
        arguments: [
            [0x80], [0xFF], [0xC0], [0xC1, 0x80], [0xE0, 0x80], [0xED, 0xA0], [0xF0, 0x80], [0xF4, 0x90], [0xF5],
        ] as [[UInt8]])
    func whatIsNoCharacterIsGivenOutAtOnce(bytes: [UInt8]) {
        var stream = UTF8Stream()
        let text = stream.append(bytes)
        #expect(text.unicodeScalars.allSatisfy { $0 == "\u{FFFD}" } && !text.isEmpty)
        #expect(stream.append([0x61]) == "a")
    }

    @Test func whatIsHeldBackComesAtTheEnd() {
        var stream = UTF8Stream()
        #expect(stream.append([0x61, 0xF0, 0x9F]) == "a")
        #expect(stream.finish() == "\u{FFFD}")
        #expect(stream.finish() == "")
    }

    private static func cut(_ text: String, stops: [String], size: Int) throws -> (text: String, found: Int?) {
        var stop = try StopStrings(stops)
        var given: [UInt8] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            let (part, found) = stop.append(Array(bytes[start..<min(bytes.count, start + size)]))
            given += part
            if let found { return (String(decoding: given, as: UTF8.self), found) }
        }
        let (part, found) = stop.finish()
        return (String(decoding: given + part, as: UTF8.self), found)
    }

    @Test(arguments: 1...7) func stringsAreFoundAcrossTokens(size: Int) throws {
        for (text, stops, expected, found) in [
            ("one\n\ntwo", ["\n\n"], "one", 0), ("aaab", ["aab"], "a", 0), ("a\nb", ["\n\n"], "a\nb", nil),
            ("say é!", ["x", "é"], "say ", 1), ("abcx", ["abcd", "bc"], "a", 1), ("abc", ["abcd", "bc"], "a", 1),
            ("end<", ["<end>"], "end<", nil), ("abab", ["ab"], "", 0), ("none", [], "none", nil),
            ("<|im_end|>", ["<|im_end|>"], "", 0),
        ] as [(String, [String], String, Int?)] {
            let result = try Self.cut(text, stops: stops, size: size)
            #expect(result.text == expected && result.found == found, "\(text.debugDescription): \(result)")
        }
    }

    /// What cannot be a beginning is not held back.
    @Test func onlyBeginningsAreHeldBack() throws {
        var stop = try StopStrings(["END"])
        #expect(stop.append(Array("text E".utf8)).text == Array("text ".utf8))
        #expect(stop.append(Array("N".utf8)).text == [])
        #expect(stop.append(Array("x".utf8)).text == Array("ENx".utf8))
    }

    @Test func whatCannotBeLookedForIsRefused() {
        #expect(throws: GenerationError.self) { try StopStrings([""]) }
        #expect(throws: GenerationError.self) { try StopStrings(Array(repeating: "a", count: 65)) }
        #expect(throws: GenerationError.self) { try StopStrings([String(repeating: "a", count: 4097)]) }
    }
}
