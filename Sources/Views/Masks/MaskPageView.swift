import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

/// A page of the Mask panel that is about the whole mask.
package struct MaskPageView: Sendable {
    package let page: MaskPage
    /// Nil while it is being worked out.
    package let study: MaskStudy?
    /// What to do to get one, where there is none.
    package let advice: String?
    /// Which of the places is chosen.
    package let selected: Int
    package let look: Look

    package init(page: MaskPage, study: MaskStudy?, advice: String? = nil, selected: Int = 0, look: Look) {
        self.page = page
        self.study = study
        self.advice = advice
        self.selected = selected
        self.look = look
    }

    private struct Row {
        let text: String
        let style: Style
        /// An index into the study's places.
        let place: Int?
    }

    /// Draws into a panel's content, below the tabs.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        guard study != nil else {
            return grid.writeNotice(
                advice ?? say("The whole mask is being looked at."), in: rect, style: look.theme.dim)
        }
        let rows = rows(width: rect.width)
        let first = firstRow(of: rows, height: rect.height)
        for (index, row) in rows.dropFirst(first).prefix(rect.height).enumerated() {
            grid.write(row.text, x: rect.x, y: rect.y + index, style: row.style, in: rect)
        }
        let hidden = rows.count - first - rect.height
        if hidden > 0 {
            let text = say("… \((hidden + 1).grouped) more (z: whole screen)")
            let line = Rect(x: rect.x, y: rect.maxY - 1, width: rect.width, height: 1)
            grid.fill(line)
            grid.write(text, x: rect.x, y: line.y, style: look.theme.dim, in: rect)
        }
    }

    /// The index of the place that is drawn at a row of the screen.
    package func place(atY y: Int, in rect: Rect) -> Int? {
        let rows = rows(width: rect.width)
        let index = firstRow(of: rows, height: rect.height) + y - rect.y
        return y >= rect.y && y < rect.maxY && rows.indices.contains(index) ? rows[index].place : nil
    }

    private func rows(width: Int) -> [Row] {
        var rows: [Row] = []
        var places = 0
        for line in study?.lines ?? [] {
            let place = line.isPlace ? places : nil
            if line.isPlace { places += 1 }
            let style = place != nil && place == selected ? look.theme.selection : style(line.kind)
            for text in Sentence.wrapped(line.text, width: width) {
                rows.append(Row(text: text, style: style, place: place))
            }
        }
        return rows
    }

    /// The selected place stays in sight.
    private func firstRow(of rows: [Row], height: Int) -> Int {
        guard rows.count > height, let end = rows.lastIndex(where: { $0.place == selected }) else { return 0 }
        return min(max(0, end + 2 - height), rows.count - height)
    }

    private func style(_ kind: MaskPageLine.Kind) -> Style {
        switch kind {
        case .title: look.theme.title
        case .text: look.theme.text
        case .dim: look.theme.dim
        case .good: look.theme.good
        case .warning: look.theme.warning
        }
    }
}

/// The names of the pages in one row.
package struct MaskTabs: Sendable {
    package let page: MaskPage
    package let pages: [MaskPage]
    package let look: Look

    package init(page: MaskPage, pages: [MaskPage] = MaskPage.pages(withKernel: false), look: Look) {
        self.page = page
        self.pages = pages
        self.look = look
    }

    /// What is left below the tabs; a small panel shows its first page without them.
    package static func content(of rect: Rect, page: MaskPage) -> Rect {
        guard rect.height >= 12 || page != .row, rect.height > 1 else { return rect }
        return Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: rect.height - 1)
    }

    package func draw(in rect: Rect, on grid: inout Grid) {
        for (page, cells) in Self.cells(pages, x: rect.x) where cells.upperBound <= rect.maxX {
            let style = page == self.page ? look.theme.selection : look.theme.dim
            grid.write(" \(page.rawValue.said) ", x: cells.lowerBound, y: rect.y, style: style, in: rect)
        }
        let end = (Self.cells(pages, x: rect.x).last?.1.upperBound ?? rect.x) + 2
        let hint = say("t: next page")
        if rect.maxX - end >= CellWidth.of(hint) {
            grid.writeRight(
                hint, endX: rect.maxX, y: rect.y, width: CellWidth.of(hint), style: look.theme.dim, in: rect)
        }
    }

    /// The page whose name is at a column.
    package static func page(
        atX x: Int, in rect: Rect, of pages: [MaskPage] = MaskPage.pages(withKernel: false)
    ) -> MaskPage? {
        cells(pages, x: rect.x).first { $0.1.contains(x) }?.0
    }

    private static func cells(_ pages: [MaskPage], x: Int) -> [(MaskPage, Range<Int>)] {
        var start = x
        return pages.map { page in
            defer { start += CellWidth.of(page.rawValue.said) + 3 }
            return (page, start..<start + CellWidth.of(page.rawValue.said) + 2)
        }
    }
}
