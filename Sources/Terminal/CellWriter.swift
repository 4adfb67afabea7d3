import CRopewalkNCurses
import CRopewalkTerminal
import RopewalkCellGrid

typealias CursesWindow = UnsafeMutablePointer<WINDOW>

/// Turns cells into what ncurses draws.
struct CellWriter {
    private var pairs: PairTable
    private let depth: ColourDepth
    private(set) var direct = DirectColours()
    /// A cell did not get its colours since the last `reset`.
    private(set) var ranOutOfPairs = false

    init(depth: ColourDepth, pairCapacity: Int) {
        self.depth = depth
        pairs = PairTable(capacity: pairCapacity)
    }

    /// Starts with an empty table of pairs.
    mutating func reset() {
        pairs.removeAll()
        direct.removeAll()
        ranOutOfPairs = false
    }

    /// Draws the cells of a row that differ from `shown` (nil: all), in runs.
    mutating func draw(_ grid: Grid, row y: Int, unlessEqualTo shown: Grid?, on window: CursesWindow) {
        var x = 0
        var run: [cchar_t] = []
        while x < grid.size.width {
            let start = x
            while x < grid.size.width, let change = changed(grid, x, y, shown) {
                run.append(contentsOf: change.cells)
                x += change.width
            }
            if !run.isEmpty { mvwadd_wchnstr(window, Int32(y), Int32(start), run, Int32(run.count)) }
            run.removeAll(keepingCapacity: true)
            // The cell that ended the run is on the screen already.
            x += 1
        }
    }

    /// What to draw at a place and how many columns it takes; nil where the screen shows it already.
    private mutating func changed(_ grid: Grid, _ x: Int, _ y: Int, _ shown: Grid?) -> (cells: [cchar_t], width: Int)? {
        let cell = grid[x, y]
        let isWide = x + 1 < grid.size.width && grid[x + 1, y].text.isEmpty
        if let shown, shown[x, y] == cell, !isWide || shown[x + 1, y] == grid[x + 1, y] { return nil }
        return (cells(cell, isWide: isWide), isWide ? 2 : 1)
    }

    /// A character that the C library measures otherwise than the grid becomes "?", so that no column is miscounted.
    private mutating func cells(_ cell: Cell, isWide: Bool) -> [cchar_t] {
        let attributes = attributes(cell.style)
        let pair = pair(cell.style)
        var scalars = cell.text.unicodeScalars.map { wchar_t($0.value) }
        let base = scalars.first ?? 0x20
        if terminal_columns(base) != (isWide ? 2 : 1)
            || scalars.dropFirst().contains(where: { terminal_columns($0) != 0 })
        {
            let blank = Self.character([0x20, 0], attributes, pair)
            let mark = Self.character([cell.text.isEmpty ? 0x20 : 0x3F, 0], attributes, pair)
            return isWide ? [mark, blank] : [mark]
        }
        scalars.append(0)
        return [Self.character(scalars, attributes, pair)]
    }

    private static func character(_ text: [wchar_t], _ attributes: attr_t, _ pair: Int32) -> cchar_t {
        var result = cchar_t()
        var pair = pair
        // The extended pair, which may exceed a short, goes in through the last parameter.
        setcchar(&result, text, attributes, Int16(truncatingIfNeeded: min(pair, 32767)), &pair)
        return result
    }

    private mutating func pair(_ style: Style) -> Int32 {
        let foreground = index(style.foreground)
        let background = index(style.background)
        if let pair = pairs.number(foreground: foreground, background: background) { return pair }
        ranOutOfPairs = true
        return 0
    }

    private mutating func index(_ colour: Colour) -> Int? {
        guard depth == .direct, let components = Palette.direct(colour) else {
            return Palette.index(of: colour, depth: depth)
        }
        let index = direct.index(of: components)
        if index == nil { ranOutOfPairs = true }
        return index
    }

    private func attributes(_ style: Style) -> attr_t {
        var result: attr_t = 0
        if style.attributes.contains(.bold) { result |= curses_bold() }
        if style.attributes.contains(.dim) { result |= curses_dim() }
        if style.attributes.contains(.underline) { result |= curses_underline() }
        if style.attributes.contains(.reverse) { result |= curses_reverse() }
        return result
    }
}
