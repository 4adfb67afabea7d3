import RopewalkCellGrid
import RopewalkDocuments
import Testing

@testable import RopewalkViews

@Suite struct TextLayoutTests {
    static let endless = String(repeating: "0123456789 and so on, ", count: 900)
    static let unbroken = String(repeating: "x", count: 9_000)
    static let marks = "e" + String(repeating: "\u{301}", count: 600) + " na\u{308}ive e\u{301}\u{323} 👩‍👩‍👧 🇩🇪 क्षि"
    static let controls = "a\tb\u{7}c\u{1B}[31m\r\nnext\rmore\u{200B}zero\u{202E}rtl\n\n\n   \n"
    static let texts = [
        Samples.book, Samples.analects, endless, unbroken, marks, controls, "", "\n", "a", "字", "no end",
        String(repeating: " ", count: 300), String(repeating: "字", count: 5_000), "かな、カナ。ｶﾅ 한국어 \u{4DC0}",
    ]

    private func rows(_ layout: TextLayout) -> [TextLayout.Row] {
        layout.rows(from: 0, count: .max >> 1)
    }

    @Test(arguments: texts, [2, 7, 20, 57, 80]) func rowsTileTheTextAndFit(string: String, width: Int) throws {
        let layout = TextLayout(text: try Samples.text(string), width: width)
        var end = 0
        for row in rows(layout) {
            #expect(row.bytes.lowerBound == end && !row.bytes.isEmpty)
            end = row.bytes.upperBound
            let column = layout.column(ofByte: row.bytes.upperBound, in: row)
            // The blank that ends a full row stands in the column after it; a tab may take more.
            let last = layout.text.bytes[row.bytes.upperBound - 1]
            let blank = last == 0x09 ? TextClusters.tab : last == 0x20 || last == 0x0A ? 1 : 0
            // Nothing narrower than a joined emoji or a conjunct can be cut.
            #expect(column <= width + blank || row.bytes.count <= 20)
        }
        #expect(end == layout.text.bytes.count)
    }

    @Test(arguments: texts) func backwardsReturnsTheSameRows(string: String) throws {
        let layout = TextLayout(text: try Samples.text(string), width: 33)
        let forwards = rows(layout)
        guard var row = forwards.last else { return }
        var backwards = [row]
        while let before = layout.row(before: row) {
            backwards.append(before)
            row = before
        }
        #expect(backwards.reversed() == forwards)
        #expect(layout.row(after: forwards[forwards.count - 1]) == nil)
    }

    @Test(arguments: texts) func everyByteLiesInTheRowThatHoldsIt(string: String) throws {
        let layout = TextLayout(text: try Samples.text(string), width: 33)
        for byte in stride(from: 0, to: layout.text.bytes.count, by: 7) {
            #expect(layout.row(containing: byte).bytes.contains(byte))
        }
        #expect(layout.row(containing: -5).bytes.lowerBound == 0)
        #expect(layout.row(containing: .max).bytes.upperBound == layout.text.bytes.count)
    }

    @Test(arguments: texts) func columnsAndBytesAgree(string: String) throws {
        let layout = TextLayout(text: try Samples.text(string), width: 33)
        for row in rows(layout).prefix(12) {
            for byte in row.bytes {
                let column = layout.column(ofByte: byte, in: row)
                let found = layout.byte(atColumn: column, in: row)
                #expect(layout.column(ofByte: found, in: row) == column)
                #expect(row.bytes.contains(found))
            }
            #expect(row.bytes.contains(layout.byte(atColumn: 10_000, in: row)))
        }
    }

    @Test func linesWrappedByHandAreJoinedInNarrowPanelsOnly() throws {
        let text = try Samples.text(Samples.book)
        let narrow = TextLayout(text: text, width: 50).rows(from: 0, count: 3).map { text.string($0.bytes) }
        #expect(
            narrow == [
                "Alice was beginning to get very tired of sitting ",
                "by her sister on the\nbank, and of having nothing ",
                "to do: once or twice she had peeped into\nthe book ",
            ])
        let wide = TextLayout(text: text, width: 90).rows(from: 0, count: 2).map { text.string($0.bytes) }
        #expect(wide[1] == "bank, and of having nothing to do: once or twice she had peeped into\n")
    }

    @Test func verseAndChineseKeepTheirLines() throws {
        let text = try Samples.text(Samples.book)
        let rows = rows(TextLayout(text: text, width: 50)).map { text.string($0.bytes) }
        #expect(rows.contains("  “Twinkle, twinkle, little bat!\n"))
        let chinese = try Samples.text(Samples.analects)
        let lines = self.rows(TextLayout(text: chinese, width: 70)).map { chinese.string($0.bytes) }
        #expect(lines.contains { $0.hasPrefix("子曰：“巧言令色") })
    }

    @Test func noRowBeginsWithClosingPunctuation() throws {
        for width in 4...40 {
            let text = try Samples.text(Samples.analects)
            for row in rows(TextLayout(text: text, width: width)) {
                let first = text.string(row.bytes).first ?? " "
                #expect(!"，。；：？！".contains(first), "width \(width)")
            }
        }
    }

    @Test func wrappingStaysLocalInALongText() throws {
        let text = try Samples.text(String(repeating: Self.unbroken, count: 200))
        let layout = TextLayout(text: text, width: 60)
        let place = text.bytes.count - 10_000
        // Everything from there on is wrapped until the row is found.
        let start = layout.paragraphs.start(containing: place)
        #expect(start <= place && place - start <= SourceText.longestLine)
        let rows = layout.rows(from: place, count: 40)
        #expect(rows.count == 40 && rows[39].bytes.upperBound - rows[0].bytes.lowerBound <= 40 * 60)
    }

    /// Without wrapping every row is a line, and nothing is joined.
    @Test(arguments: texts) func wholeLinesAreRows(string: String) throws {
        let layout = TextLayout(text: try Samples.text(string), width: 20, wraps: false)
        let lines = (0..<layout.text.lineCount).map(layout.text.bytes(ofLine:)).filter { !$0.isEmpty }
        #expect(rows(layout).map(\.bytes) == lines)
        for row in rows(layout).prefix(3) {
            let column = layout.column(ofByte: row.bytes.lowerBound + row.bytes.count / 2, in: row)
            #expect(row.bytes.contains(layout.byte(atColumn: column, in: row)))
        }
    }
}
