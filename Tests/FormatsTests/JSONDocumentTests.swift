import Foundation
import RopewalkFormats
import TestSupport
import Testing

@Suite struct JSONDocumentTests {
    static func parse(_ text: String) throws(FormatError) -> JSONValue {
        try JSONDocument(Data(text.utf8), source: "x.json").root
    }

    static func error(_ bytes: [UInt8]) -> String {
        do {
            _ = try JSONDocument(Data(bytes), source: "x.json")
            return "no error"
        } catch {
            return error.description
        }
    }

    @Test func readsValues() throws {
        let value = try Self.parse(
            #"{"a": [1, -2.5, 1e3, true, false, null], "b": "é\n\u00e9\ud83d\ude00\/", "a": {"c": ""}}"#)
        #expect(value["a"]?["c"]?.string == "")
        #expect(value["b"]?.string == "é\né😀/")
        #expect(try Self.parse("[1, -2.5, 1e3]").array?.compactMap(\.number) == [1, -2.5, 1000])
        #expect(try Self.parse("18446744073709551616").integer == nil)
        #expect(try Self.parse("\u{FEFF}{}").members?.isEmpty == true)
    }

    @Test func tellsTheSpellingsOfOneLetterApart() throws {
        let value = try Self.parse("{\"\u{E9}\": 1, \"e\u{301}\": 2}")
        #expect(value["\u{E9}"]?.integer == 1)
        #expect(value["e\u{301}"]?.integer == 2)
    }

    @Test(arguments: [
        ("{\n\n\"a\" 1}", "line 3: a colon"), ("", "too early"), ("[1,]", "a JSON value is expected"),
        ("[1 2]", "comma"),
        ("{} {}", "more text"), ("\"abc", "has no end"), ("\"\\x\"", "unknown escape"), ("\"\\ud800\"", "surrogate"),
        ("\"\\u12\"", "has no end"), ("tru", "a JSON value"), ("-", "a number"), ("1e999", "a number"),
        ("\"a\nb\"", "control character"), ("{1:2}", "name of a member"),
    ])
    func namesTheLineAndTheProblem(text: String, problem: String) {
        let error = Self.error(Array(text.utf8))
        #expect(error.hasPrefix("x.json: line "))
        #expect(error.contains(problem), "\(error)")
    }

    @Test func refusesDeepNestingAndBrokenText() {
        #expect(Self.error([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)).contains("deeper than 64"))
        #expect(Self.error([0x22, 0xFF, 0x22]).contains("not valid UTF-8"))
        #expect(throws: FormatError.self) {
            try JSONDocument(contentsOf: Fixture.path("hf/llama_default/config.json"), sizeLimit: 100)
        }
    }

    @Test func survivesTruncationAndFlippedBytes() throws {
        let whole = [UInt8](try Fixture.data("hf/llama_default/config.json"))
        var generator = Generator(state: 3)
        for length in 0..<whole.count - 2 { #expect(Self.error(Array(whole.prefix(length))) != "no error") }
        for _ in 0..<3000 {
            var bytes = whole
            bytes[Int(generator.next()) % bytes.count] = UInt8(truncatingIfNeeded: generator.next())
            _ = Self.error(bytes)
        }
    }
}
