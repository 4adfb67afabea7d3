import RopewalkCellGrid
import TestSupport
import Testing

@Suite struct GridDrawingTests {
    @Test func writesAndReturnsTheColumnAfter() {
        var grid = Grid(size: Size(width: 10, height: 1))
        #expect(grid.write("ab中c", x: 1, y: 0) == 6)
        #expect(grid.lines == [" ab中c"])
        #expect(grid[3, 0].text == "中" && grid[4, 0].text == "")
    }

    @Test func wideCharactersCutByAnEdgeLeaveBlanks() {
        var grid = Grid(size: Size(width: 8, height: 1))
        grid.fill(grid.bounds, character: "x")
        grid.write("中中中", x: 1, y: 0, style: .plain, in: Rect(x: 2, y: 0, width: 4, height: 1))
        #expect(grid.text(row: 0) == "xx 中 xx")
        #expect(grid[3, 0].text == "中")
    }

    @Test func overwritingHalfAWideCharacterBlanksTheOtherHalf() {
        var grid = Grid(size: Size(width: 6, height: 1))
        grid.write("中中中", x: 0, y: 0)
        grid.write("a", x: 1, y: 0)
        grid.write("b", x: 4, y: 0)
        #expect(grid.text(row: 0) == " a中b ")
    }

    @Test func marksJoinTheCellBeforeAndAreBounded() {
        var grid = Grid(size: Size(width: 4, height: 1))
        let end = grid.write("e", x: 0, y: 0)
        #expect(grid.write("\u{301}", x: end, y: 0) == 1)
        #expect(grid[0, 0].text == "e\u{301}")
        for _ in 0..<100 { grid.write("\u{302}", x: 1, y: 0) }
        #expect(grid[0, 0].text.unicodeScalars.count == 5)
        #expect(grid[1, 0] == .blank)
    }

    @Test func marksOnAWideCharacterJoinItsFirstCell() {
        var grid = Grid(size: Size(width: 4, height: 1))
        grid.write("\u{3099}", x: grid.write("か", x: 0, y: 0), y: 0)
        #expect(grid[0, 0].text == "か\u{3099}" && grid[1, 0].text == "")
    }

    @Test func drawingOutsideTheGridDoesNothing() {
        var grid = Grid(size: Size(width: 3, height: 2))
        let empty = grid
        grid.write("中abc", x: -40, y: 0)
        grid.write("abc", x: 3, y: 1)
        grid.write("abc", x: 0, y: 2)
        grid.fill(Rect(x: 5, y: 5, width: 9, height: 9), character: "x")
        grid.box(Rect(x: -30, y: -30, width: 10, height: 10), style: .plain, title: "t")
        #expect(grid == empty)
        grid.write("中abc", x: -1, y: 0)
        #expect(grid.lines == [" ab", ""])
    }

    @Test func truncatesAndAlignsRight() {
        var grid = Grid(size: Size(width: 12, height: 3))
        #expect(grid.writeTruncated("attention", x: 0, y: 0, width: 5) == 5)
        #expect(grid.writeRight("中文字", endX: 12, y: 1, width: 5) == 7)
        #expect(grid.writeTruncated("gone", x: 0, y: 2, width: 0) == 0)
        #expect(grid.lines == ["atte…", "       中文…", ""])
    }

    @Test func restyleKeepsTheText() {
        var grid = Grid(size: Size(width: 4, height: 1))
        grid.write("abcd", x: 0, y: 0)
        grid.restyle(row: 0, columns: 1..<9) { $0.attributes.insert(.bold) }
        #expect(grid.lines == ["abcd"])
        #expect(grid[0, 0].style == .plain && grid[3, 0].style.attributes == .bold)
    }

    @Test func boxes() {
        var grid = Grid(size: Size(width: 40, height: 16))
        grid.box(
            Rect(x: 0, y: 0, width: 40, height: 5), style: .plain, title: "Map", titleRight: "layer 2 head 5",
            footer: "3 of 9")
        grid.box(
            Rect(x: 0, y: 5, width: 20, height: 4), style: .plain, title: "The dream of the red chamber",
            titleRight: "left out", focused: true)
        grid.box(Rect(x: 20, y: 5, width: 12, height: 4), style: .plain, title: "紅樓夢第一回")
        grid.box(Rect(x: 32, y: 5, width: 2, height: 2), style: .plain, title: "none")
        grid.box(Rect(x: 34, y: 5, width: 1, height: 2), style: .plain, title: "none")
        grid.box(Rect(x: 30, y: 10, width: 20, height: 9), style: .plain, title: "Clipped")
        grid.box(Rect(x: 1, y: 10, width: 7, height: 3), style: .plain, title: "Heads", footer: "1234567")
        let difference = Golden.difference(
            grid.lines.joined(separator: "\n") + "\n" + StyleMap(grid).text, "boxes")
        #expect(difference == nil, "\(difference ?? "")")
    }
}
