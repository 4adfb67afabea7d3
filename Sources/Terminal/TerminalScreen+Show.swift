import CRopewalkNCurses
import RopewalkCellGrid

extension TerminalScreen {
    /// Brings a grid to the terminal; only cells that changed since the last one are sent.
    ///
    /// A grid of another size than the window's is cut, or leaves the rest blank.
    package func show(_ grid: Grid) {
        let fitted = grid.size == size ? grid : Self.fit(grid, to: size)
        draw(fitted)
        if writer.ranOutOfPairs {
            // The pairs of earlier frames fill the table: begin a new one with what this frame needs.
            writer.reset()
            shown = nil
            clearok(window, true)
            draw(fitted)
        }
        shown = fitted
        wrefresh(window)
        bytesOfLastFrame = flush()
    }

    private func draw(_ grid: Grid) {
        for y in 0..<grid.size.height { writer.draw(grid, row: y, unlessEqualTo: shown, on: window) }
    }

    private static func fit(_ grid: Grid, to size: Size) -> Grid {
        var fitted = Grid(size: size)
        for y in 0..<min(size.height, grid.size.height) {
            for x in 0..<min(size.width, grid.size.width) {
                let isCut = x + 1 == size.width && grid[x + 1, y].text.isEmpty
                fitted[x, y] = isCut ? Cell(text: " ", style: grid[x, y].style) : grid[x, y]
            }
        }
        return fitted
    }
}
