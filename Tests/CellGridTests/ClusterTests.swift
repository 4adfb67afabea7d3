import Testing

@testable import RopewalkCellGrid

/// What a terminal shows by its first part a picture shows whole.
@Suite struct ClusterTests {
    @Test func picturesShowJoinedCharactersWhole() {
        var grid = Grid(size: Size(width: 20, height: 2))
        grid.write("a👨‍👩‍👧‍👦b👍🏽c", x: 0, y: 0)
        #expect(grid.lines[0] == "a👨b👍c")
        let svg = GridSVG(GridPage(grid, ground: .light)).text
        #expect(svg.contains("👨‍👩‍👧‍👦") && svg.contains("👍🏽"))
        // What is drawn over it is all that is left of it.
        grid.write("xy", x: 1, y: 0)
        #expect(grid.lines[0] == "axyb👍c")
        #expect(!GridSVG(GridPage(grid, ground: .light)).text.contains("👨"))
        // Half of it at an edge is none.
        var narrow = Grid(size: Size(width: 1, height: 1))
        narrow.write("👨‍👩‍👧‍👦", x: 0, y: 0)
        #expect(narrow == Grid(size: Size(width: 1, height: 1)))
    }
}
