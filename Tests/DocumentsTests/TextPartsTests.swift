import RopewalkDocuments
import Testing

/// Sentences and paragraphs as tokens.
@Suite struct TextPartsTests {
    private static let texts = [
        "Alice was tired. She sat by her sister!\n\n“Without pictures,” thought Alice.\n\n孔子曰：學而時習之，不亦說乎？有朋。",
        "one\r\n\r\ntwo\nthree", "", " ", "😀", "No end here", "  \n\n a. b. c.\n\n\n\nd",
    ]

    /// The part of a token alone is the one among all of them that holds it; of a token of none, the token.
    @Test(arguments: texts) func thePartOfATokenIsOneOfAll(text: String) throws {
        let document = try DocumentTests.document(text)
        for part in TextPart.allCases {
            let parts = document.tokens(ofParts: part, below: document.tokenCount)
            for token in 0..<document.tokenCount {
                let expected = parts.first { $0.contains(token) } ?? token..<token + 1
                #expect(document.tokens(ofPart: part, around: token) == expected, "\(part) of \(token) in \(text)")
            }
        }
    }
}
