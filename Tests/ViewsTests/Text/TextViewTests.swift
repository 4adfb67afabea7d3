import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkViews

@Suite struct TextViewTests {
    private func view(
        _ string: String, in rect: Rect, cursor: Int = 40, anchor: Int? = 22, visible: KeyRanges? = nil,
        windowEnd: Int? = nil, hint: String? = nil, hits: [Range<Int>] = [], isRead: Bool = true,
        depth: ColourDepth = .none
    ) throws -> TextView {
        let document = try Samples.document(string)
        let row = isRead && document.tokenCount > cursor ? Samples.row(query: cursor) : nil
        return TextView(
            TextView.Page(
                text: document.text, document: document,
                layout: TextLayout(text: document.text, width: TextView.textRect(in: rect).width)),
            row: row, scale: Scale(kind: .linear, weights: row?.weights ?? [], leavingOutFirst: 1),
            marks: TextView.Marks(
                cursor: cursor, anchor: anchor, visible: visible,
                boundary: windowEnd.map { ($0, ["token \($0): end of the trained window"]) }, hint: hint, hits: hits),
            look: Look(depth: depth))
    }

    private func picture(_ view: TextView, in rect: Rect) -> String {
        let grid = drawn(width: rect.width, height: rect.height) { view.draw(in: $0, on: &$1) }
        return PlainText.text(grid) + "\n" + StyleMap(grid).text + view.footer + "\n"
    }

    private let small = Rect(x: 0, y: 0, width: 50, height: 8)

    @Test(arguments: [ColourDepth.none, .indexed256]) func paintsWeightsCursorAndAnchor(depth: ColourDepth) throws {
        let view = try view(Samples.book, in: small, depth: depth)
        #expect(Golden.difference(picture(view, in: small), "text-\(depth.rawValue)") == nil)
    }

    @Test func dropsRuleHintAndHits() throws {
        let text = Samples.book
        let start = text.utf8.count - text.utf8.drop { $0 != UInt8(ascii: "h") }.count
        let view = try view(
            text, in: small, visible: KeyRanges([0..<3, 30..<41]), windowEnd: 36, hint: "past the trained window",
            hits: [start..<start + 3])
        #expect(Golden.difference(picture(view, in: small), "text-dropped") == nil)
    }

    /// A global token is bold, and its row has a sign in the margin.
    @Test func globalTokensAreMarked() throws {
        let document = try Samples.document(Samples.book)
        func page(_ globals: TokenSpan?) -> (grid: Grid, facts: [String]) {
            let view = TextView(
                TextView.Page(
                    text: document.text, document: document,
                    layout: TextLayout(text: document.text, width: TextView.textRect(in: small).width)),
                row: nil, scale: Scale(kind: .linear, weights: []),
                marks: TextView.Marks(cursor: 40, anchor: nil, globals: globals), look: Look(depth: .indexed256))
            return (
                drawn(width: small.width, height: small.height) { view.draw(in: $0, on: &$1) },
                view.facts
            )
        }
        let (plain, marked) = (page(nil), page(TokenSpan(1)))
        #expect(marked.facts.first == "◆ 1 global" && !plain.facts.contains { $0.contains("◆") })
        #expect(marked.grid[0, 0].text == "◆" && plain.grid[0, 0].text != "◆")
        let bold = (2..<small.width).filter { marked.grid[$0, 0].style.attributes.contains(.bold) }
        let before = (2..<small.width).filter { plain.grid[$0, 0].style.attributes.contains(.bold) }
        let bytes = document.byteRange(ofToken: 1)
        #expect(bold.count == before.count + bytes.count && bytes.count > 0)
    }

    /// All of the text is a hit: cursor and anchor are still told from it, and from each other.
    @Test func withoutColoursAHitHidesNoMark() throws {
        let text = Samples.book
        let view = try view(text, in: small, hits: [0..<text.utf8.count])
        let grid = drawn(width: small.width, height: small.height) { view.draw(in: $0, on: &$1) }
        let cells = (0..<small.height).flatMap { y in (2..<small.width).map { grid[$0, y].style.attributes } }
        for marked: Style.Attributes in [[.reverse, .bold], [.reverse, .underline], .reverse] {
            #expect(cells.contains(marked), "\(marked)")
        }
    }

    @Test func wideCharactersTakeTheColourOfTheirTokens() throws {
        let rect = Rect(x: 0, y: 0, width: 31, height: 6)
        let view = try view(Samples.analects, in: rect, cursor: 60, anchor: 30)
        #expect(Golden.difference(picture(view, in: rect), "text-chinese") == nil)
    }

    @Test func controlCharactersTabsAndMarksStayInTheirCells() throws {
        let rect = Rect(x: 0, y: 0, width: 30, height: 7)
        let view = try view(
            "a\tb\tc\u{7}\u{1B}[31m\r\nnai\u{308}ve\u{200B}\u{202E}x 👩‍👩‍👧 e\u{301}\nend", in: rect, cursor: 3, anchor: 1)
        #expect(Golden.difference(picture(view, in: rect), "text-control") == nil)
    }

    @Test func unreadTextIsShownUnpainted() throws {
        let view = try view(Samples.book, in: small, isRead: false)
        let grid = drawn(width: 50, height: 8) { view.draw(in: $0, on: &$1) }
        #expect(grid.lines[0] == " ◂Alice was beginning to get very tired of")
        #expect(view.footer.hasSuffix("not read yet"))
    }

    @Test func aTextThatIsNotYetTokensAndAnEmptyOneAreShown() throws {
        let source = try Samples.text(Samples.book)
        let view = TextView(
            TextView.Page(text: source, document: nil, layout: TextLayout(text: source, width: 40)), row: nil,
            scale: Scale(kind: .linear, weights: []), marks: TextView.Marks(cursor: nil, anchor: nil),
            look: Look(depth: .none))
        #expect(drawn(width: 43, height: 3) { view.draw(in: $0, on: &$1) }.lines[0].contains("Alice was beginning"))
        let empty = try self.view("", in: small)
        let lines = drawn(width: 50, height: 3) { empty.draw(in: $0, on: &$1) }.lines
        #expect(lines.joined().contains("This text is empty"))
    }

    @Test func theMouseFindsTheCharacterThatIsDrawn() throws {
        let view = try view(Samples.book, in: small, windowEnd: 12)
        let grid = drawn(width: 50, height: 8) { view.draw(in: $0, on: &$1) }
        for y in 0..<8 {
            for x in 2..<50 where grid[x, y].text.utf8.count == 1 && grid[x, y].text != " " {
                guard let byte = view.byte(atX: x, y: y, in: grid.bounds) else { continue }
                #expect(view.page.text.string(byte..<byte + 1) == grid[x, y].text)
            }
        }
        #expect(view.byte(atX: 60, y: 0, in: small) == nil)
    }

    @Test(arguments: 1...8) func ruleAndHintNeverHideTheCursor(height: Int) throws {
        for cursor in 0..<60 {
            let rect = Rect(x: 0, y: 0, width: 50, height: height)
            let view = try view(Samples.book, in: rect, cursor: cursor, windowEnd: 3, hint: "hint")
            let byte = view.page.document.map { $0.byteRange(ofToken: cursor).lowerBound } ?? 0
            let shown = view.page.layout.rows(from: 0, count: max(1, height - 1))
            guard shown.contains(where: { $0.bytes.contains(byte) }) else { continue }
            let isShown = view.lines(height: height).contains {
                if case .text(let row) = $0 { row.bytes.contains(byte) } else { false }
            }
            #expect(isShown, "height \(height), cursor \(cursor)")
        }
    }

    /// Without colours a line below a word is a weight: what is selected is in reverse.
    @Test func aSelectionIsSeenWithoutColours() throws {
        let source = try Samples.text(Samples.book)
        let document = try view(Samples.book, in: small).page.document
        let view = TextView(
            TextView.Page(text: source, document: document, layout: TextLayout(text: source, width: 40)), row: nil,
            scale: Scale(kind: .linear, weights: []),
            marks: TextView.Marks(cursor: 0, anchor: nil, selected: TokenSpan([3..<5])), look: Look(depth: .none))
        let paint = TokenPaint(view)
        #expect(
            paint.stroke(token: 3).style.attributes.contains(.reverse)
                && paint.stroke(token: 3).style != paint.stroke(token: 0).style)
        #expect(!paint.stroke(token: 5).style.attributes.contains(.reverse))
    }

    /// A key that was chosen is said in place of the strongest one.
    @Test func theChosenAnchorIsSaid() throws {
        let document = try #require(try view(Samples.book, in: small).page.document)
        let row = Samples.row(query: 40)
        let strongest = row.topKeys(2).map(\.token)
        func footer(_ anchor: Int) -> String {
            TextView(
                TextView.Page(
                    text: document.text, document: document, layout: TextLayout(text: document.text, width: 40)),
                row: row, scale: Scale(kind: .linear, weights: row.weights),
                marks: TextView.Marks(cursor: 40, anchor: anchor, isAnchorChosen: true), look: Look(depth: .none)
            ).footer
        }
        #expect(footer(strongest[0]).contains("top key \(strongest[0]) "))
        #expect(footer(strongest[1]).contains("anchor \(strongest[1]) ") && !footer(strongest[1]).contains("top key"))
    }
}
