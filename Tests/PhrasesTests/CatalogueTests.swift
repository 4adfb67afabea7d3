import Foundation
import RopewalkLens
import RopewalkMethods
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
            // The names of cases are texts too, which may be said.
            let names = source.matches(of: /(?m)^ *case ([a-z][A-Za-z]*(?:, [a-z][A-Za-z]*)*)$/).flatMap {
                $0.1.split(separator: ", ").map { SwiftTexts.Text(pattern: String($0), isSaid: false, line: 0) }
            }
            return (SwiftTexts(source).texts + names).map { (file: file.lastPathComponent, text: $0) }
        }
    }()

    private static let entries = RopewalkPhrases.Catalogue.of(.chinese).entries

    @Test func everyTextThatIsSaidHasATranslation() {
        let known = Set(Self.entries.map(\.english))
        for (file, text) in Self.texts where text.isSaid && !known.contains(text.pattern) {
            // What has no words is the same everywhere.
            guard text.pattern.contains(/[A-Za-z]{2}/) else { continue }
            Issue.record("\(file):\(text.line): no Chinese for \"\(text.pattern)\"")
        }
    }

    /// What is kept as a value, put together where it is made, or no literal at all.
    private static let kept: Set<String> = {
        var kept = Set(MethodFamily.allCases.map(\.rawValue) + HeadScore.Circuit.allCases.map(\.rawValue))
        kept.formUnion(MethodKind.allCases.flatMap { [$0.title, $0.meaning] })
        for type in RopewalkMethods.Catalogue.all {
            let method = type.description
            kept.formUnion([method.title, method.summary, method.source, method.flops, method.memory])
            kept.formUnion(method.parameters.flatMap { [$0.meaning, " " + $0.unit] })
            kept.formUnion(method.lists.flatMap { [$0.meaning, " " + $0.unit] })
        }
        return kept.subtracting([" ", " tokens"])
    }()

    @Test func everyValueOfTheCatalogueOfMethodsHasATranslation() {
        let known = Set(Self.entries.map(\.english))
        #expect(Self.kept.subtracting(known).sorted() == [])
    }

    @Test func everyTranslationIsOfATextThatIsThere() {
        let known = Set(Self.texts.map(\.text.pattern)).union(Self.kept)
        for entry in Self.entries where !known.contains(entry.english) {
            Issue.record("\(entry.file).po: nothing says \"\(entry.english)\"")
        }
    }

    /// What several modules say stands in a file of each, and is the same everywhere.
    @Test func everyTextHasOneTranslation() {
        var seen: [String: String] = [:]
        for entry in Self.entries {
            let first = seen.updateValue(entry.text, forKey: entry.english) ?? entry.text
            if first != entry.text { Issue.record("\(entry.file).po: \"\(entry.english)\" is \(first) elsewhere") }
        }
        for (file, entries) in Dictionary(grouping: Self.entries, by: \.file) {
            #expect(Set(entries.map(\.english)).count == entries.count, "\(file).po has a text twice")
        }
    }

    /// A value that is left out would be missed, and one too many would be a gap.
    @Test func translationsHaveTheValuesOfTheirTexts() {
        func values(_ text: String) -> [Substring] { text.matches(of: /\{[1-9][0-9]?\}/).map(\.output).sorted() }
        for entry in Self.entries where values(entry.english) != values(entry.text) {
            Issue.record("\(entry.file).po: \"\(entry.english)\" and \"\(entry.text)\" have other values")
        }
    }

    /// Of a text that is values and names, what stands between them is all there is to translate.
    @Test func translationsAreChinese() {
        let terms = Self.entries.filter {
            $0.english != $0.text && !$0.text.contains(#/[\p{Han}，：；（）、。/]/#)
        }
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

    /// Of two the second would be shown, whatever it was of.
    @Test func everyTextHasOneTextInItsFile() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/CPhrases/zh")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(".po") {
            let lines = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8).split(
                separator: "\n")
            for (line, next) in zip(lines, lines.dropFirst()) where line.hasPrefix("msgstr ") {
                #expect(!next.hasPrefix("msgstr "), "\(name): \(next)")
            }
        }
    }
}
