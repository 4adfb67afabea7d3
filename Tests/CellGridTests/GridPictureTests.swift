import Foundation
import TestSupport
import Testing

@testable import RopewalkCellGrid

/// Screens as pictures for documents: SVG, HTML, and recordings for asciinema.
@Suite struct GridPictureTests {
    /// Every character that is not drawn as a shape is there as text, on the paper that was asked for.
    @Test(arguments: Ground.allCases)
    func picturesHoldTheScreen(_ ground: Ground) {
        let page = GridPage(AnsiTextTests.picture(), ground: ground)
        let (svg, html) = (GridSVG(page).text, GridHTML(page).text)
        #expect(
            svg.contains(">中</text>") && svg.contains(">文</text>") && html.contains("<i>中</i><i>文</i>")
                && svg.contains("Map"))
        #expect(svg.contains("text-decoration=\"underline\"") && html.contains("font-weight:bold"))
        let paper = ground == .light ? "#ffffff" : "#101218"
        #expect(svg.contains("height=\"120\" fill=\"\(paper)\"/>") && html.contains("background: \(paper)"))
        #expect(html.split(separator: "<pre>\n")[1].split(separator: "\n</pre>")[0].split(separator: "\n").count == 6)
    }

    /// What has a meaning in XML stays text, also where a token is made of it, and nothing else of it reaches the file.
    @Test func markupOfATextStaysText() throws {
        var grid = Grid(size: Size(width: 40, height: 2))
        grid.write("<script>&\"'", x: 0, y: 0, style: .plain)
        let page = GridPage(grid, ground: .dark)
        for text in [GridSVG(page).text, GridHTML(page).text] {
            #expect(!text.contains("<script>") && text.contains("&lt;script&gt;&amp;&quot;'"))
        }
        #expect(page.title == "<script>&\"'")
    }

    /// Half blocks are rectangles of half a cell, neighbours of one colour are one; a frame is lines that meet.
    @Test func blocksAndFramesAreShapes() {
        var grid = Grid(size: Size(width: 3, height: 1))
        for x in 0..<2 { grid[x, 0] = Cell(text: "▀", style: Style(foreground: .rgb(255, 0, 0))) }
        grid[2, 0] = Cell(text: "╮", style: .plain)
        let text = GridSVG(GridPage(grid, ground: .light)).text
        #expect(text.contains("<rect x=\"0\" y=\"0\" width=\"18\" height=\"10\" fill=\"#ff0000\"/>"))
        #expect(text.contains("<path d=\"M22.5 10v10M22.5 10h-4.5\" stroke=\"#1c1c1c\" fill=\"none\"/>"))
        #expect(!text.contains("<text"))
        #expect(CellShape("▎") == .block(x: 0...2, y: 0...8) && CellShape("▂") == .block(x: 0...8, y: 6...8))
        #expect(CellShape("a") == nil && CellShape("▀\u{301}") == nil)
    }

    /// A wide character has two cells in both, and dim and reversed ones the colours that a terminal gives them.
    @Test func cellsKeepTheirPlaces() {
        var grid = Grid(size: Size(width: 6, height: 1))
        grid.write("a中b", x: 0, y: 0, style: Style(attributes: [.reverse]))
        let page = GridPage(grid, ground: .light)
        #expect(page.rows[0].map(\.columns) == [0..<1, 1..<3, 3..<4, 4..<6])
        #expect(page.rows[0].map(\.look.ink) == ["#ffffff", "#ffffff", "#ffffff", "#1c1c1c"])
        #expect(page.rows[0].map(\.look.ground) == ["#1c1c1c", "#1c1c1c", "#1c1c1c", nil])
        #expect(GridHTML(page).text.contains("<i>中</i>"))
        #expect(GridSVG(page).text.contains("x=\"9\" y=\"15\" textLength=\"18\""))
    }

    /// A header, then a screen a line that ends where its last row does.
    @Test func castsAreJSONLines() throws {
        var cast = ScreenCast(size: Size(width: 4, height: 2), depth: .none, title: "\"a\"\\\u{1}")
        var grid = Grid(size: Size(width: 4, height: 2))
        cast.show(grid, at: 0)
        grid.write("\"x\"", x: 0, y: 1, style: .plain)
        cast.show(grid, at: 1.5)
        let lines = try cast.text.split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8))
        }
        let header = try #require(lines.first as? [String: Any])
        #expect(header["version"] as? Int == 2 && header["width"] as? Int == 4 && header["height"] as? Int == 2)
        #expect(header["title"] as? String == "\"a\"\\\u{1}")
        let last = try #require(lines.last as? [Any])
        #expect(lines.count == 3 && last[0] as? Double == 1.5 && last[1] as? String == "o")
        #expect(last[2] as? String == "\u{1B}[?25l\u{1B}[2J\u{1B}[H\r\n\"x\"")
    }
}
