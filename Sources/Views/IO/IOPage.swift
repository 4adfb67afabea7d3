import RopewalkCellGrid
import RopewalkPhrases

/// What the IO panel shows.
package enum IOPage: String, CaseIterable, Hashable, Sendable {
    /// FlashAttention: the map tile by tile.
    case tiles
    /// PagedAttention: the cache block by block.
    case pages
    /// Flash-Decoding: one query, its keys split among workers.
    case splits
    /// Memory over segments: the slots that a query reads.
    case segments
    /// A memory of keys, and neighbours of chunks.
    case retrieval

    package func after(_ steps: Int) -> IOPage {
        let all = IOPage.allCases
        let place = (all.firstIndex(of: self) ?? 0) + steps
        return all[(place % all.count + all.count) % all.count]
    }
}

/// The names of the pages on top of the panel.
struct IOTabs {
    let shown: IOPage

    func tabs(in rect: Rect) -> [(page: IOPage, cells: Range<Int>)] {
        var x = rect.x
        return IOPage.allCases.compactMap { page in
            let cells = x..<x + CellWidth.of(page.rawValue.said) + 2
            x = cells.upperBound
            return cells.upperBound <= rect.maxX ? (page, cells) : nil
        }
    }

    func draw(in rect: Rect, theme: Theme, on grid: inout Grid) {
        for (page, cells) in tabs(in: rect) {
            grid.write(
                " \(page.rawValue.said) ", x: cells.lowerBound, y: rect.y,
                style: page == shown ? theme.selection : theme.dim, in: rect)
        }
    }
}

/// Numbers and bytes as the pages say them.
enum IOFigures {
    /// "27.8 GB".
    static func bytes(_ count: Int) -> String {
        let units = ["B", "KB", "MB", "GB", "TB", "PB"]
        var (value, unit) = (Double(count), 0)
        while value >= 1000, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
        return Figures.fixed(value, unit == 0 || value >= 100 ? 0 : 1) + " " + units[unit]
    }

    static func length(_ vector: [Float]) -> Float { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    static func number(_ value: Float) -> String {
        value == -.infinity ? "−∞" : Figures.fixed(Double(value), abs(value) < 1000 ? 3 : 1)
    }
}
