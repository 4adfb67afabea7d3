import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkModels

/// `docs/KEYS.md`: what is known of the keys of every family, and which of them are refused.
struct KeyPageTests {
    private static let introduction = """
        # Keys of the families

        What is known of the keys in the configuration of every family. Those with a value are read, or change nothing here;
        the value is what holds where a file lacks the key, as in transformers 5.23. A key that is **refused** would change
        what the model computes in a way that is not supported. Every other key of a file is listed by `ropewalk info` as
        *not read*, and said once by every command that loads the model.

        Refused in every family: `pruned_heads`, `per_layer_config`, ways of quantising that are not read, kinds of scaled
        angles other than default, linear, dynamic, yarn, longrope and llama3, and activations that are not known. Values
        that do not go together are refused by the name of one of them. Of models of text and images the `text_config` is
        read.

        The tests make this page (`RECORD_GOLDEN=1 swift test --filter KeyPageTests`).


        """

    private static func list(_ keys: [String: JSONValue], _ word: (String, JSONValue) -> String) -> String {
        keys.sorted { $0.key < $1.key }.map { word($0.key, $0.value) }.joined(separator: ", ")
    }

    private static func section(_ type: String) -> String {
        let keys = Families.keys(type)
        var lines = ["## \(type)", "", "- known: " + list(keys.defaults) { "`\($0)` \($1.summary)" }]
        if !keys.otherNames.isEmpty {
            let names = keys.otherNames.sorted { $0.key < $1.key }.map { "`\($0.value)` for `\($0.key)`" }
            lines.append("- other names: " + names.joined(separator: ", "))
        }
        if !keys.neutral.isEmpty {
            lines.append("- refused: " + list(keys.neutral) { "`\($0)` other than \($1.summary)" })
        }
        if !keys.ignored.isEmpty {
            lines.append("- change nothing: " + keys.ignored.sorted().map { "`\($0)`" }.joined(separator: ", "))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static var page: String { introduction + Families.types.sorted().map(section).joined(separator: "\n") }

    /// RECORD_GOLDEN=1 makes it anew.
    @Test func thePageOfKeysIsUpToDate() throws {
        let page = Fixture.project.appendingPathComponent("docs/KEYS.md")
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
            try Self.page.write(to: page, atomically: true, encoding: .utf8)
            Issue.record("recorded \(page.path): look at it, then run again without RECORD_GOLDEN")
        }
        #expect(try String(contentsOf: page, encoding: .utf8) == Self.page)
    }
}
