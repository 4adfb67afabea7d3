import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkViews

@Suite struct UnrotatedViewTests {
    private static let buckets = BucketFacts(
        ranges: [
            BucketFacts.Range(bucket: 3, first: -4, last: nil, values: [-2.5, 1]),
            BucketFacts.Range(bucket: 2, first: -2, last: -3, values: [-1, 0.5]),
            BucketFacts.Range(bucket: 1, first: -1, last: -1, values: [0.75, 0]),
            BucketFacts.Range(bucket: 0, first: 0, last: 0, values: [1.5, 0]),
            BucketFacts.Range(bucket: 5, first: 1, last: nil, values: [0.25, 0]),
        ], buckets: 6)
    private static let places = PlaceFacts(
        rows: 514, size: 768, cursorRow: 32, anchorRow: 14, similarity: 0.25,
        profile: (0..<40).map { 1 - abs(Float($0) - 30) / 20 }, tokens: 40)

    private func view(_ content: PositionContent, cursor: Int = 30, anchor: Int = 12) -> UnrotatedView {
        let pair = PairScore(query: cursor, key: anchor, score: 1.25, weight: 0.031, shares: [])
        return UnrotatedView(
            content: content, head: 0, cursor: cursor, anchor: anchor, keys: cursor + 1, pair: pair,
            look: Look(depth: .none))
    }

    private func picture(_ view: UnrotatedView, _ width: Int, _ height: Int) -> String {
        let grid = drawn(width: width, height: height) { view.draw(in: $0, on: &$1) }
        return PlainText.text(grid) + view.facts + "\n" + view.footer + "\n"
    }

    @Test func slopesAreRamps() {
        let slopes = (1...8).map { 1 / Double(1 << $0) }
        #expect(Golden.difference(picture(view(.slopes(slopes)), 78, 14), "positions-slopes") == nil)
    }

    @Test func placesAreRowsOfATable() {
        #expect(Golden.difference(picture(view(.places(Self.places)), 60, 14), "positions-places") == nil)
    }

    @Test func bucketsAreRangesOfDistances() {
        let text = picture(view(.buckets(Self.buckets), cursor: 30, anchor: 28), 66, 11)
        #expect(Golden.difference(text, "positions-buckets") == nil)
        #expect(text.contains("bias −1.00") && text.contains("▸        2"))
    }

    @Test func aDistanceLiesInTheBucketOfItsSide() {
        for (offset, bucket) in [(-9, 3), (-4, 3), (-3, 2), (-1, 1), (0, 0), (1, 5), (70, 5)] {
            #expect(Self.buckets.ranges.filter { $0.contains(offset) }.map(\.bucket) == [bucket])
        }
    }

    @Test func nothingStaysInsideAtNoSize() {
        let contents: [PositionContent] = [
            .slopes([0.5, 0, 0.25]), .places(Self.places), .buckets(Self.buckets), .none("Nothing tells places here."),
            .places(
                PlaceFacts(
                    rows: 4, size: 1, cursorRow: nil, anchorRow: nil, similarity: nil, profile: [], tokens: 0)),
        ]
        for (width, height) in [(0, 0), (1, 1), (3, 9), (9, 3), (30, 4), (40, 12), (200, 60)] {
            for content in contents {
                for depth in ColourDepth.allCases {
                    let view = UnrotatedView(
                        content: content, head: 9, cursor: 30, anchor: 35, keys: 31, pair: nil, first: 2,
                        look: Look(depth: depth))
                    var grid = Grid(size: Size(width: width + 4, height: height + 4))
                    let rect = Rect(x: 2, y: 2, width: width, height: height)
                    view.draw(in: rect, on: &grid)
                    for y in 0..<grid.size.height {
                        for x in 0..<grid.size.width where !rect.contains(x: x, y: y) {
                            #expect(grid[x, y] == .blank)
                        }
                    }
                }
            }
        }
    }
}

@Suite struct ExpertMarksTests {
    private func view(_ depth: ColourDepth, width: Int) throws -> TextView {
        let document = try Samples.document("Alice was beginning to get very tired of sitting by her sister.")
        let tokens = 0..<document.tokenCount
        return TextView(
            TextView.Page(
                text: document.text, document: document, layout: TextLayout(text: document.text, width: width)),
            row: Samples.row(query: 5), scale: Scale(kind: .linear, weights: Samples.row(query: 5).weights),
            marks: TextView.Marks(
                cursor: 5, anchor: 2,
                experts: ExpertMarks(
                    layer: 1, count: 8, tokens: tokens, first: tokens.map { $0 % 8 },
                    atCursor: [.init(expert: 5, share: 0.7), .init(expert: 1, share: 0.3)])),
            look: Look(depth: depth))
    }

    @Test(arguments: ColourDepth.allCases) func lettersStandBelowTheirTokens(depth: ColourDepth) throws {
        let view = try view(depth, width: 40)
        let grid = drawn(width: 43, height: 6) { view.draw(in: $0, on: &$1) }
        let document = try #require(view.page.document)
        let layout = view.page.layout
        let rows = layout.rows(from: 0, count: 3)
        for token in 0..<document.tokenCount {
            let bytes = document.byteRange(ofToken: token)
            let isBlank = document.text.bytes[bytes.lowerBound] == 0x20 && bytes.count > 1
            let byte = bytes.lowerBound + (isBlank ? 1 : 0)
            let row = try #require(rows.firstIndex { $0.bytes.contains(byte) })
            let column = 2 + layout.column(ofByte: byte, in: rows[row])
            #expect(grid[column, 2 * row + 1].text == ExpertMarks.letter(token % 8), "token \(token)")
        }
    }

    @Test func theLegendKeepsTheSharesLongest() throws {
        let marks = try #require(try view(.none, width: 40).marks.experts)
        #expect(
            marks.legend(width: 80) == "cursor: F 0.70 + B 0.30 · A–H: first expert of each token · experts of layer 1")
        #expect(marks.legend(width: 20) == "F 0.70 · layer 1")
        #expect(marks.legend(width: 49) == "cursor: F 0.70 + B 0.30 · first experts · layer 1")
        #expect(ExpertMarks.letter(25) == "Z" && ExpertMarks.letter(61) == "9" && ExpertMarks.letter(62) == "+")
    }
}

@Suite struct DecoderLineTests {
    @Test func theCursorStandsInTheLine() throws {
        let document = try Samples.document(Samples.book).behind(0)
        for cursor in [0, 1, 20, document.tokenCount - 1] {
            let line = DecoderLine(document: document, cursor: cursor, look: Look(depth: .none))
            for width in [0, 5, 12, 40, 90] {
                let grid = drawn(width: width, height: 1) { line.draw(in: $0, on: &$1) }
                guard width >= 40 else { continue }
                let marked = (0..<width).filter { grid[$0, 0].style == line.look.cursor }.map { grid[$0, 0].text }
                #expect(marked.joined() == document.displayName(ofToken: cursor))
            }
        }
    }
}
