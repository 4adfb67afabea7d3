import RopewalkDocuments
import Testing

@Suite struct TextParagraphsTests {
    @Test func goesForwardsAndBack() throws {
        let text = try SourceText("One\nstill\n\n  \nTwo\r\n\r\nThree")
        #expect(text.paragraphStart(after: 0) == 14)
        #expect(text.paragraphStart(after: 14) == 21)
        #expect(text.paragraphStart(after: 21) == text.bytes.count)
        #expect(text.paragraphStart(before: 26) == 21)
        #expect(text.paragraphStart(before: 21) == 14)
        #expect(text.paragraphStart(before: 14) == 0 && text.paragraphStart(before: 0) == 0)
    }

    /// A table has no empty lines: each of its lines counts.
    @Test func aTextWithoutEmptyLinesGoesByLines() throws {
        let text = try SourceText(String(repeating: "a,b\n", count: 1_000))
        #expect(text.paragraphStart(after: 0) == 4)
        #expect(text.paragraphStart(before: 2_000) == 1_996)
    }

    @Test func anEmptyTextHasNone() throws {
        #expect(try SourceText("").paragraphStart(after: 0) == 0)
        #expect(try SourceText("").paragraphStart(before: 0) == 0)
    }
}
