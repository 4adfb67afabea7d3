import Foundation
import TestSupport
import Testing

@testable import RopewalkTokenizers

/// An added token with every combination of its five properties in tokenizers of three kinds, against the library
/// (make_added_tokens.py): ids, offsets, and both ways of putting them together again.
struct AddedTokenTests {
    /// One of the tokenizers with an added token.
    private static func tokenizer(_ root: [String: Any], _ kind: String, _ index: Int) throws -> Tokenizer {
        var whole = try #require((root["tokenizers"] as? [String: [String: Any]])?[kind])
        whole["added_tokens"] = try #require(root["added"] as? [Any])[index]
        return try Tokenizer(json: JSONSerialization.data(withJSONObject: whole), source: "\(kind) \(index)")
    }

    /// A token may have taken more than the whole of the next one.
    @Test func whatIsTakenWholeIsNoToken() {
        let tokens = [
            AddedToken(id: 1, content: "<m>", stripsRight: true),
            AddedToken(id: 2, content: " ", stripsLeft: true), AddedToken(id: 3, content: "  ", stripsLeft: true),
        ]
        let finder = AddedTokenFinder(tokens) { Array($0.content.utf8) }
        func found(_ text: String) -> [Int32] {
            var stretches: [Stretch] = []
            finder.split(Array(text.utf8), 0..<text.utf8.count, into: &stretches)
            return stretches.map(\.token)
        }
        #expect(found("a<m> b") == [-1, 1, -1] && found("<m>   b") == [1, -1])
        #expect(found("<m>     ") == [1] && found("a b") == [-1, 2, -1])
    }

    @Test func everyCombinationAgrees() throws {
        let data = try Data(contentsOf: Fixture.url("tokenizers/added_tokens/cases.json"))
        let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let cases = try #require(root["cases"] as? [[Any]])
        #expect(cases.count == 3 * 32 * 4)
        var made: [String: Tokenizer] = [:]
        for entry in cases {
            let (kind, index) = (try #require(entry[0] as? String), try #require(entry[1] as? Int))
            let key = "\(kind) \(index)"
            let tokenizer = try made[key] ?? Self.tokenizer(root, kind, index)
            made[key] = tokenizer
            let encoding = try tokenizer.encode(try #require(entry[2] as? String), addSpecialTokens: false)
            let ids = encoding.ids.map(Int.init)
            let offsets = (0..<encoding.count).flatMap {
                [encoding.offsets(of: $0).lowerBound, encoding.offsets(of: $0).upperBound]
            }
            #expect(ids == entry[3] as? [Int] && offsets == entry[4] as? [Int], "\(key): \(entry[2])")
            #expect(tokenizer.decode(ids, skipSpecialTokens: false) == entry[5] as? String, "\(key): \(entry[2])")
            #expect(tokenizer.decode(ids, skipSpecialTokens: true) == entry[6] as? String, "\(key): \(entry[2])")
        }
    }
}
