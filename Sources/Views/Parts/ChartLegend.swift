import RopewalkCellGrid
import RopewalkPhrases

/// The names of the lines of a chart with a few numbers each, below it.
struct ChartLegend {
    struct Entry {
        let ink: SeriesInk
        let title: String
        /// One a column of `columns`.
        let numbers: [String]
        let isStrong: Bool
    }

    let columns: [String]
    let entries: [Entry]
    /// What is said of lines below their names, each the longest wording first.
    var remarks: [[String]] = []
    /// What the columns are, the longest wording first: where no line has to go for it.
    var explanation: [String] = []
    let look: Look

    private static let numberWidth = 10

    /// Rows that it takes of a panel of that height: never more than half of it.
    func height(in rect: Rect) -> Int {
        guard !entries.isEmpty, rect.height >= 4 else { return 0 }
        return min(entries.count + 1 + (remarks.isEmpty && explanation.isEmpty ? 0 : 1), rect.height / 2)
    }

    func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.height > 0 else { return }
        let count = max(0, min(columns.count, (rect.width - 16) / Self.numberWidth))
        let titleWidth = max(0, min(rect.width - count * Self.numberWidth, 44))
        for (index, name) in columns.prefix(count).enumerated() {
            write(name, column: index, titleWidth, y: rect.y, style: look.theme.dim, rect, on: &grid)
        }
        // Those that matter most come first where there is no room for all.
        let hidden = max(0, entries.count + 1 - rect.height)
        let isFree = !explanation.isEmpty && rect.height > entries.count + 1
        let hasLast = hidden > 0 || !remarks.isEmpty && rect.height > 2 || isFree
        let room = max(0, rect.height - (hasLast ? 2 : 1))
        let kept = Set(entries.indices.sorted { entries[$0].isStrong && !entries[$1].isStrong }.prefix(room))
        for (row, index) in entries.indices.filter(kept.contains).enumerated() {
            let entry = entries[index]
            let y = rect.y + 1 + row
            grid.write(entry.ink.mark(among: entries.count), x: rect.x, y: y, style: entry.ink.style, in: rect)
            let style = entry.isStrong ? look.theme.title : look.theme.text
            grid.writeTruncated(entry.title, x: rect.x + 2, y: y, width: max(0, titleWidth - 3), style: style, in: rect)
            for (column, number) in entry.numbers.prefix(count).enumerated() {
                write(number, column: column, titleWidth, y: y, style: style, rect, on: &grid)
            }
        }
        if hasLast { drawLast(more: entries.count - kept.count, below: kept.count, in: rect, on: &grid) }
    }

    /// Says how many are not named, and what there is to say of lines.
    private func drawLast(more count: Int, below rows: Int, in rect: Rect, on grid: inout Grid) {
        let more = count > 0 ? [[say("… \(count) more")]] : []
        let text = Sentence.fitting(
            more + remarks + (explanation.isEmpty ? [] : [explanation]), width: rect.width - 2)
        grid.write(text, x: rect.x + 2, y: rect.y + 1 + rows, style: look.theme.dim, in: rect)
    }

    private func write(
        _ text: String, column: Int, _ titleWidth: Int, y: Int, style: Style, _ rect: Rect, on grid: inout Grid
    ) {
        grid.writeRight(
            text, endX: rect.x + titleWidth + (column + 1) * Self.numberWidth, y: y, width: Self.numberWidth - 1,
            style: style, in: rect)
    }
}
