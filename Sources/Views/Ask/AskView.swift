import RopewalkCellGrid

/// The answer to a question about a place of the text: what holds of all of it, and a line for each token.
package struct AskView: Sendable {
    package struct Column: Equatable, Sendable {
        package let title: String
        let width: Int

        package init(_ title: String, width: Int) {
            self.title = title
            self.width = width
        }
    }

    /// A token: its numbers, and the words around it.
    package struct Row: Equatable, Sendable {
        /// One a column.
        package let cells: [String]
        package let before: String
        package let word: String
        package let after: String
        /// A sink or a special token, or what stands out otherwise.
        package let remark: String

        package init(cells: [String], before: String = "", word: String, after: String = "", remark: String = "") {
            self.cells = cells
            self.before = before
            self.word = word
            self.after = after
            self.remark = remark
        }
    }

    /// Lines, each made when it is looked at.
    package struct Rows: RandomAccessCollection, ExpressibleByArrayLiteral, Sendable {
        private var makers: [@Sendable () -> Row]

        package init() { makers = [] }
        package init(_ rows: some Sequence<Row>) { makers = rows.map { row in { row } } }
        package init(arrayLiteral rows: Row...) { self.init(rows) }

        package mutating func append(_ row: @escaping @Sendable () -> Row) { makers.append(row) }

        package var startIndex: Int { 0 }
        package var endIndex: Int { makers.count }
        package subscript(index: Int) -> Row { makers[index]() }
    }

    package let page: AskPage
    /// Sentences above the lines.
    package let summary: [String]
    package let columns: [Column]
    package let rows: Rows
    package let selected: Int
    /// What stands in place of lines; nil where there are some.
    package let missing: String?
    /// What stands in place of lines: one for each part.
    let matrix: PartsMatrix?
    package let look: Look

    package init(
        page: AskPage, summary: [String], columns: [Column] = [], rows: Rows = [], selected: Int = 0,
        missing: String? = nil, matrix: PartsMatrix? = nil, look: Look
    ) {
        self.page = page
        self.summary = summary
        self.columns = columns
        self.rows = rows
        self.selected = min(max(0, selected), max(0, rows.count - 1))
        self.missing = missing
        self.matrix = matrix
        self.look = look
    }

    /// Where the lines stand in a panel's content.
    struct Frame {
        let tabs: Int?
        let summary: Rect
        /// The row of the columns' names; nil where there is no room.
        let titles: Int?
        let rows: Rect
    }

    func frame(in rect: Rect) -> Frame {
        let hasTabs = rect.height >= 5
        var y = rect.y + (hasTabs ? 1 : 0)
        // The sentence is the answer: it gets a line as soon as there are three.
        let lines = min(summaryLines(width: rect.width).count, max(rect.height >= 3 ? 1 : 0, rect.height * 2 / 5 - 1))
        let summary = Rect(x: rect.x, y: y, width: rect.width, height: lines)
        y += lines
        let hasTitles = rect.maxY - y >= 3 && !columns.isEmpty
        let titles = hasTitles ? y : nil
        y += hasTitles ? 1 : 0
        return Frame(
            tabs: hasTabs ? rect.y : nil, summary: summary, titles: titles,
            rows: Rect(x: rect.x, y: y, width: rect.width, height: rect.maxY - y))
    }

    func summaryLines(width: Int) -> [String] { summary.flatMap { Sentence.wrapped($0, width: max(1, width - 1)) } }

    /// The first line on the screen: those of the page that the selected one is on.
    func firstRow(height: Int) -> Int { height > 0 ? selected / height * height : 0 }

    /// The line at a row of the screen.
    package func row(atY y: Int, in rect: Rect) -> Int? {
        let area = frame(in: rect).rows
        if missing == nil, let matrix { return matrix.row(atY: y, in: area) }
        let index = firstRow(height: area.height) + y - area.y
        return missing == nil && (area.y..<area.maxY).contains(y) && rows.indices.contains(index) ? index : nil
    }

    /// The page whose name is at a place of the screen.
    package func page(atX x: Int, y: Int, in rect: Rect) -> AskPage? {
        guard frame(in: rect).tabs == y else { return nil }
        return Self.tabs(in: rect, page: page).first { $0.cells.contains(x) }?.page
    }

    /// The names of the pages; where not all have room, those up to the present one and what follows.
    static func tabs(in rect: Rect, page: AskPage) -> [(page: AskPage, cells: Range<Int>)] {
        let pages = AskPage.allCases
        func width(_ pages: some Sequence<AskPage>) -> Int { pages.reduce(0) { $0 + CellWidth.of($1.title) + 3 } }
        let present = pages.firstIndex(of: page) ?? 0
        let all = width(pages) <= rect.width + 1
        let fitting = (0...present).first { width(pages[$0...present]) + ($0 > 0 ? 2 : 0) <= rect.width + 1 }
        let first = all ? 0 : fitting ?? present
        var start = rect.x + (first > 0 ? 2 : 0)
        return pages[first...].compactMap { page in
            defer { start += CellWidth.of(page.title) + 3 }
            let cells = start..<start + CellWidth.of(page.title) + 2
            return cells.upperBound <= rect.maxX ? (page, cells) : nil
        }
    }
}
