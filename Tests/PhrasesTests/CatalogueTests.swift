import Foundation
import RopewalkPhrases
import Testing

/// The catalogue against the sources: what is said has a translation, and every translation is of something that is there.
@Suite struct CatalogueTests {
    private static let texts: [(file: String, text: SwiftTexts.Text)] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }.flatMap { file in
            let source = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            return SwiftTexts(source).texts.map { (file: file.lastPathComponent, text: $0) }
        }
    }()

    private static let entries = Catalogue.of(.chinese).entries

    @Test func everyTextThatIsSaidHasATranslation() {
        let known = Set(Self.entries.map(\.english))
        for (file, text) in Self.texts where text.isSaid && !known.contains(text.pattern) {
            // What has no words is the same everywhere.
            guard text.pattern.contains(/[A-Za-z]{2}/) else { continue }
            Issue.record("\(file):\(text.line): no Chinese for \"\(text.pattern)\"")
        }
    }

    @Test func everyTranslationIsOfATextThatIsThere() {
        let known = Set(Self.texts.map(\.text.pattern))
        for entry in Self.entries where !known.contains(entry.english) {
            Issue.record("\(entry.file).po: nothing says \"\(entry.english)\"")
        }
    }

    @Test func everyTextHasOneTranslation() {
        var seen: Set<String> = []
        for entry in Self.entries where !seen.insert(entry.english).inserted {
            Issue.record("\(entry.file).po: \"\(entry.english)\" is there twice")
        }
    }

    /// A value that is left out would be missed, and one too many would be a gap.
    @Test func translationsHaveTheValuesOfTheirTexts() {
        func values(_ text: String) -> [Substring] { text.matches(of: /\{[1-9][0-9]?\}/).map(\.output).sorted() }
        for entry in Self.entries where values(entry.english) != values(entry.text) {
            Issue.record("\(entry.file).po: \"\(entry.english)\" and \"\(entry.text)\" have other values")
        }
    }

    @Test func translationsAreChinese() {
        let terms = Self.entries.filter { !$0.text.contains(/\p{Han}/) && $0.english != $0.text }
        #expect(terms.map(\.english) == [])
    }

    /// As `Phrase` reads them at run time.
    @Test func textsAreReadAsTheCompilerReadsThem() {
        let source = #"""
            let a = say("token \(f(.said("x"))) of \(m)") // "no"
            let b = say(
                """
                one \
                two \(3)
                  three\n
                """)
            let c = "\(n) \(n, one: "token", many: "tokens")" + "x\"y\u{41}" + #"raw \"# + "\(a ? "inner" : "")"
            let d = text.firstMatch(of: /say "([^"]*)/)
            """#
        let texts = SwiftTexts(source).texts
        #expect(
            texts.map(\.pattern) == [
                "x", "token {1} of {2}", "one two {1}\n  three\n", "token", "tokens", "{1} [token|tokens]", "x\"yA",
                "raw \\",
                "inner", "", "{1}",
            ])
        #expect(texts.map(\.isSaid) == [true, true, true] + Array(repeating: false, count: 8))
        #expect(texts[1].line == 1 && texts[2].line == 3)
    }
}
