import Testing

@testable import RopewalkDocuments

/// Tokens whose text nobody knows, and a text behind a start token.
@Suite struct NumberedTests {
    @Test func idsWithoutATokenizerAreNumbers() throws {
        let document = try Document(ids: [5, 120, 0], tokenizer: nil)
        #expect(String(decoding: document.text.bytes, as: UTF8.self) == "5 120 0 ")
        #expect((0..<3).map { document.displayName(ofToken: $0) } == ["5", "120", "0"])
        for byte in document.text.bytes.indices {
            #expect(document.token(atByte: byte) == [0, 0, 1, 1, 1, 1, 2, 2][byte])
        }
        #expect(try Document(ids: [], tokenizer: nil).tokenCount == 0)
    }

    @Test func aStartTokenMovesTheOthersByOne() throws {
        let document = try Document(ids: [5, 120, 7], tokenizer: nil)
        let behind = document.behind(2)
        #expect(behind.ids == [2, 5, 120, 7] && behind.text.bytes == document.text.bytes)
        #expect(behind.byteRange(ofToken: 0).isEmpty && behind.displayName(ofToken: 0) == "2")
        for token in 0..<3 { #expect(behind.byteRange(ofToken: token + 1) == document.byteRange(ofToken: token)) }
        for byte in document.text.bytes.indices {
            #expect(behind.token(atByte: byte) == document.token(atByte: byte).map { $0 + 1 })
        }
    }
}
