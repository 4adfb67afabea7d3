import RopewalkCellGrid
import RopewalkPhrases

/// What the Experts panel shows.
package enum ExpertsPage: String, CaseIterable, Hashable, Sendable {
    /// Which experts work on which tokens.
    case tokens
    /// How many tokens each expert has, and for how many it has room.
    case load
    /// The cursor's token through all layers.
    case way
    /// What each layer computes for the cursor's token.
    case computed

    package func after(_ steps: Int) -> ExpertsPage {
        let all = ExpertsPage.allCases
        let place = (all.firstIndex(of: self) ?? 0) + steps
        return all[(place % all.count + all.count) % all.count]
    }
}

/// The names of the pages on top of the panel.
struct ExpertsTabs {
    let shown: ExpertsPage

    func tabs(in rect: Rect) -> [(page: ExpertsPage, cells: Range<Int>)] {
        var x = rect.x
        return ExpertsPage.allCases.compactMap { page in
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
