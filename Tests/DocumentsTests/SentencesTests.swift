import RopewalkDocuments
import TestSupport
import Testing

@Suite struct SentencesTests {
    static func sentences(_ text: String) throws -> [String] {
        let source = try SourceText(text)
        var starts = [0]
        while let last = starts.last, last < source.bytes.count {
            starts.append(source.sentenceStart(after: last))
            if starts.count > 100 { break }
        }
        return zip(starts, starts.dropFirst()).map { source.string($0..<$1) }
    }

    @Test func stepsThroughSentences() throws {
        #expect(
            try Self.sentences("Call me Ishmael. Some years ago! “Why?” he asked. 3.14 is pi...\n\nNew paragraph\n\nx")
                == [
                    "Call me Ishmael. ", "Some years ago! ", "“Why?” ", "he asked. ", "3.14 is pi...\n\n",
                    "New paragraph\n\n",
                    "x",
                ])
        #expect(try Self.sentences("子曰：「學而。」有朋！不亦樂乎？") == ["子曰：「學而。」", "有朋！", "不亦樂乎？"])
        #expect(try Self.sentences("one\r\n\r\ntwo\nthree") == ["one\r\n\r\n", "two\nthree"])
        #expect(try Self.sentences("") == [])
        #expect(try Self.sentences("   ") == ["   "])
    }

    /// Tables, logs and lists have no sentences; their rows are taken for such, lines of wrapped prose are not.
    @Test func stepsThroughRows() throws {
        let table = "name,size\nwhale,30\nshark,4.5\n"
        #expect(try Self.sentences("a,b,c\n1,x,2\n7,y z,9\n") == ["a,b,c\n", "1,x,2\n", "7,y z,9\n"])
        #expect(try Self.sentences(table) == [table], "one separator is too few to tell")
        let log = ["2026-01-02 10:00 started", "2026-01-02 10:01 ended"]
        #expect(try Self.sentences(log.joined(separator: "\n")) == [log[0] + "\n", log[1]])
        #expect(try Self.sentences("- one\n- two\n") == ["- one\n", "- two\n"])
        let prose = "the cat, the dog,\nand, it is said, the\ncow went, all of them,\nhome"
        #expect(try Self.sentences(prose) == [prose])
    }

    @Test func stepsBack() throws {
        let text = try SourceText("One. Two. 三。四")
        var place = text.bytes.count
        var starts: [Int] = []
        while place > 0 {
            place = text.sentenceStart(before: place)
            starts.append(place)
        }
        #expect(starts == [16, 10, 5, 0])
        #expect(text.sentenceStart(before: 7) == 5)
        #expect(text.sentenceStart(before: 0) == 0)
        #expect(text.sentenceStart(before: 900) == 16)
        #expect(text.sentenceStart(after: 900) == text.bytes.count)
    }

    @Test func staysQuickWithoutSentences() throws {
        let text = try SourceText(String(repeating: "a", count: 3_000_000))
        #expect(text.sentenceStart(before: 2_999_999) > 1_900_000)
        #expect(text.sentenceStart(after: 0) < 1_100_000)
    }
}
