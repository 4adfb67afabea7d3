import RopewalkCellGrid

/// The levels of a scale in one row, with the numbers at their ends and what they are.
struct ScaleLegend {
    let scale: Scale
    /// As many of them as there is room for, each in the longest wording that has room.
    let parts: [[String]]
    let look: Look
    /// Whether levels are seen on letters, as in running text, or as the cells of a map.
    var isText = false

    func draw(y: Int, in rect: Rect, on grid: inout Grid) {
        let dim = look.theme.dim
        var x = grid.write(Figures.weight(scale.lowest) + " ", x: rect.x, y: y, style: dim, in: rect)
        let levels = look.ramp.count
        // What it means is worth more than a long scale.
        let words = parts.reduce(0) { $0 + CellWidth.of($1.last ?? "") + 3 }
        let isTight = rect.maxX - x - Figures.weight(scale.highest).count - words < 6
        let cells = max(0, min(levels, rect.width >= 48 ? 12 : isTight ? 4 : 6, rect.maxX - x))
        for index in 0..<cells {
            grid.put(cell(index * (levels - 1) / max(1, cells - 1)), x: x + index, y: y)
        }
        x = grid.write(" " + Figures.weight(scale.highest), x: x + cells, y: y, style: dim, in: rect)
        let text = Sentence.fitting(parts, width: rect.maxX - x - 2)
        grid.write(text, x: x + 2, y: y, style: dim, in: rect)
    }

    private func cell(_ level: Int) -> Cell {
        isText && look.depth == .none
            ? Cell(text: "a", style: look.ramp.style(level: level)) : look.ramp.cell(level: level)
    }
}
