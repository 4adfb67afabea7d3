import RopewalkCellGrid
import RopewalkMethods
import RopewalkPhrases

/// The catalogue by lines of the literature, with the years of the papers on a line of time.
package struct MethodTreeView: Sendable {
    let tree: MethodTree
    /// The name of the selected method.
    let selected: String
    /// Methods that are in force.
    let chosen: Set<String>
    let filter: String
    let look: Look

    package init(tree: MethodTree, selected: String, chosen: Set<String> = [], filter: String = "", look: Look) {
        (self.tree, self.selected, self.chosen, self.filter, self.look) = (tree, selected, chosen, filter, look)
    }

    enum Line: Equatable {
        case branch(MethodKind, count: Int)
        case leaf(MethodTree.Leaf, isLast: Bool)
    }

    var lines: [Line] {
        tree.branches.flatMap { branch -> [Line] in
            let leaves = branch.methods.filter { isListed($0, of: branch.kind) }
            guard !leaves.isEmpty else { return [] }
            return [.branch(branch.kind, count: leaves.count)]
                + leaves.enumerated().map { .leaf($1, isLast: $0 == leaves.count - 1) }
        }
    }

    private func isListed(_ leaf: MethodTree.Leaf, of kind: MethodKind) -> Bool {
        [leaf.name, leaf.title.said, leaf.source.said, kind.title.said].contains { $0.has(letters: filter) }
    }

    /// The names in the order of the screen.
    package var names: [String] {
        lines.compactMap { line in if case .leaf(let leaf, _) = line { leaf.name } else { nil } }
    }

    /// The name so many methods on; nil where nothing is listed.
    package func name(after steps: Int) -> String? {
        let names = names
        guard !names.isEmpty else { return nil }
        let place = names.firstIndex(of: selected) ?? 0
        return names[min(max(0, place + min(max(steps, -100_000), 100_000)), names.count - 1)]
    }

    func firstLine(height: Int) -> Int {
        guard height > 0 else { return 0 }
        let lines = lines
        let place =
            lines.firstIndex { line in if case .leaf(let leaf, _) = line { leaf.name == selected } else { false } } ?? 0
        return min(max(0, place - height / 2), max(0, lines.count - height))
    }

    func rows(in rect: Rect) -> Rect {
        let top = min(rect.height, rect.height >= 4 ? 2 : 1)
        return Rect(x: rect.x, y: rect.y + top, width: rect.width, height: rect.height - top)
    }

    package func page(atX x: Int, y: Int, in rect: Rect) -> CataloguePage? {
        y == rect.y ? CatalogueTabs(shown: .tree).tabs(in: rect).first { $0.cells.contains(x) }?.page : nil
    }

    /// The name of the method on a row of the screen.
    package func name(atY y: Int, in rect: Rect) -> String? {
        let (rows, lines) = (rows(in: rect), lines)
        let index = firstLine(height: rows.height) + y - rows.y
        guard (rows.y..<rows.maxY).contains(y), lines.indices.contains(index), case .leaf(let leaf, _) = lines[index]
        else { return nil }
        return leaf.name
    }
}

extension MethodTreeView {
    /// Where the line of time stands, and how many cells a year has; nil where there is no room.
    private func time(in rect: Rect) -> (x: Int, years: ClosedRange<Int>, width: Int)? {
        guard let years = tree.years else { return nil }
        let width = rect.width >= 100 ? 4 : rect.width >= 70 ? 3 : rect.width >= 52 ? 2 : 0
        return width == 0 ? nil : (rect.x + Self.nameWidth, years, width)
    }

    /// Cells of the branches and the names.
    private static let nameWidth = 29

    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        let top = Rect(x: rect.x, y: rect.y, width: rect.width, height: 1)
        CatalogueTabs(shown: .tree).draw(in: top, theme: look.theme, on: &grid)
        let rows = rows(in: rect)
        if rows.y - rect.y > 1, let time = time(in: rect) { drawYears(time, y: rect.y + 1, in: rect, on: &grid) }
        let lines = lines
        if lines.isEmpty {
            return grid.writeNotice(
                say("No method has the letters “\(filter)”: / and Enter list all."), in: rows, style: look.theme.dim)
        }
        for (index, line) in lines.dropFirst(firstLine(height: rows.height)).prefix(rows.height).enumerated() {
            draw(line, y: rows.y + index, in: rect, on: &grid)
        }
    }

    /// Every year where it has four cells, else every second or third.
    private func drawYears(
        _ time: (x: Int, years: ClosedRange<Int>, width: Int), y: Int, in rect: Rect, on grid: inout Grid
    ) {
        for year in time.years {
            let place = year - time.years.lowerBound
            let text = "’" + String(String(year).suffix(2))
            guard time.width >= 3 || place % 2 == 0 else { continue }
            grid.write(text, x: time.x + place * time.width, y: y, style: look.theme.dim, in: rect)
        }
    }

    private func draw(_ line: Line, y: Int, in rect: Rect, on grid: inout Grid) {
        let theme = look.theme
        switch line {
        case .branch(let kind, let count):
            let x = grid.writeTruncated(
                kind.title.said, x: rect.x, y: y, width: rect.width, style: theme.title, in: rect)
            grid.writeTruncated(
                " \(count.grouped) · \(kind.meaning.said)", x: x, y: y, width: max(0, rect.maxX - x), style: theme.dim,
                in: rect)
        case .leaf(let leaf, let isLast):
            let isSelected = leaf.name == selected
            let style = isSelected ? theme.selection : theme.text
            if isSelected { grid.fill(Rect(x: rect.x, y: y, width: rect.width, height: 1), style: style) }
            let dim = isSelected ? style : theme.dim
            grid.write(isLast ? "└─" : "├─", x: rect.x, y: y, style: dim, in: rect)
            let name = (chosen.contains(leaf.name) ? "● " : "") + leaf.name
            let room = max(0, min(Self.nameWidth - 4, rect.width - 3))
            grid.writeTruncated(name, x: rect.x + 3, y: y, width: room, style: style, in: rect)
            guard let time = time(in: rect) else { return }
            let end = drawTime(leaf.year, time, y: y, isSelected: isSelected, in: rect, on: &grid)
            let text = leaf.title.said + " · " + leaf.source.said
            grid.writeTruncated(text, x: end + 1, y: y, width: max(0, rect.maxX - end - 1), style: dim, in: rect)
        }
    }

    /// A dot at the year of the paper; the column behind the line.
    private func drawTime(
        _ year: Int?, _ time: (x: Int, years: ClosedRange<Int>, width: Int), y: Int, isSelected: Bool, in rect: Rect,
        on grid: inout Grid
    ) -> Int {
        let dim = isSelected ? look.theme.selection : look.theme.dim
        for other in time.years {
            let x = time.x + (other - time.years.lowerBound) * time.width
            let isHere = other == year
            grid.write(
                isHere ? "●" : "·", x: x, y: y, style: isHere && !isSelected ? look.theme.key : dim, in: rect)
        }
        return time.x + time.years.count * time.width
    }

    package var footer: String {
        let count = names.count
        return say("\(count.grouped) \(count, one: "method", many: "methods"); a dot at the year of the paper")
    }
}
