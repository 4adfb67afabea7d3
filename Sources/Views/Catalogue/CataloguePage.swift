import RopewalkCellGrid
import RopewalkPhrases

/// How the catalogue of methods is shown.
package enum CataloguePage: String, CaseIterable, Hashable, Sendable {
    /// A line each with what it costs and what was measured.
    case list
    /// By lines of the literature, with the years of the papers.
    case tree

    package func after(_ steps: Int) -> CataloguePage {
        let all = CataloguePage.allCases
        let place = (all.firstIndex(of: self) ?? 0) + steps
        return all[(place % all.count + all.count) % all.count]
    }
}

/// The names of the pages on top of the panel.
struct CatalogueTabs {
    let shown: CataloguePage

    func tabs(in rect: Rect) -> [(page: CataloguePage, cells: Range<Int>)] {
        var x = rect.x
        return CataloguePage.allCases.compactMap { page in
            let cells = x..<x + CellWidth.of(page.rawValue.said) + 2
            x = cells.upperBound
            return cells.upperBound <= rect.maxX ? (page, cells) : nil
        }
    }

    /// Where the line goes on behind them.
    func end(in rect: Rect) -> Int { tabs(in: rect).last?.cells.upperBound ?? rect.x }

    func draw(in rect: Rect, theme: Theme, on grid: inout Grid) {
        for (page, cells) in tabs(in: rect) {
            grid.write(
                " \(page.rawValue.said) ", x: cells.lowerBound, y: rect.y,
                style: page == shown ? theme.selection : theme.dim, in: rect)
        }
    }
}
