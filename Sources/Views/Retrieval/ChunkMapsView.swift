import RopewalkCellGrid
import RopewalkPhrases

/// What a model reads of earlier chunks of a text beside what is retrieved for each: two maps of the same chunks, rows read,
/// columns are read.
package struct ChunkMapsView: Sendable {
    /// A pair of chunks.
    package struct Place: Hashable, Sendable {
        /// The one that reads, and the one that is read.
        package var row: Int
        package var column: Int

        package init(row: Int, column: Int) { (self.row, self.column) = (row, column) }
    }

    /// Place and first words of each chunk.
    let names: [String]
    /// As far as it is known. [query chunk][chunk]
    let attention: [[Float]]
    /// The best first. [query chunk]
    let retrieved: [[Int]]
    /// Those that would have been among them. [query chunk]
    let leaks: [Set<Int>]
    let selected: Place
    /// What stands below.
    let lines: [String]
    /// What was found for the chunk that reads; where there is room for it.
    let hits: [String]
    package let obstacle: String?
    let look: Look
    let scale: Scale

    package init(
        names: [String], attention: [[Float]], retrieved: [[Int]], leaks: [Set<Int>], selected: Place, lines: [String],
        hits: [String] = [], obstacle: String?, look: Look
    ) {
        (self.names, self.attention, self.retrieved, self.leaks) = (names, attention, retrieved, leaks)
        let last = max(0, names.count - 1)
        self.selected = Place(row: min(max(0, selected.row), last), column: min(max(0, selected.column), last))
        (self.lines, self.hits, self.obstacle, self.look) = (lines, hits, obstacle, look)
        // A chunk reads itself most: that would darken everything else.
        scale = Scale(
            kind: .logarithmic, weights: attention.enumerated().flatMap { row, weights in weights.prefix(row) })
    }

    /// Where both maps stand: the same chunks side by side.
    private struct Frame {
        let labels: Int
        let cell: Int
        let rows: Range<Int>
        let columns: Range<Int>
        /// Of the first cell of each map.
        let xs: [Int]
        let y: Int
        /// Of what stands below: lines, hits, legend.
        let below: [(text: String, isDim: Bool)]
        /// Whether the scale of the weights stands below that, and numbers of chunks above the maps.
        let isTall: Bool
        /// Where chunks are named, behind both maps; nil where there is no room.
        let names: Int?
    }

    /// Rows from which on there is a scale, and a row of numbers above the maps.
    private static let tall = 16
    /// Rows from which on all that was found stands below.
    private static let high = 44
    /// Columns that names take at least, and those that they need to say something.
    private static let leastNames = 24
    private static let goodNames = 48

    private func frame(in rect: Rect) -> Frame? {
        let labels = String(max(0, names.count - 1)).count + 1
        let width = (rect.width - 2) / 2 - labels
        let isTall = rect.height >= Self.tall
        let shown = lines.map { ($0, false) } + (rect.height >= Self.high ? hits.map { ($0, false) } : [])
        let below = (shown + legend(isTall, width: rect.width).map { ($0, true) })
            .prefix(max(0, rect.height - (isTall ? 5 : 3)))
        let height = rect.height - (isTall ? 3 : 1) - below.count
        guard width > 0, height > 0, !names.isEmpty else { return nil }
        // Where it reads and what it says is worth more than wide cells.
        func room(_ cell: Int) -> Int {
            isTall ? rect.width - 2 * (labels + min(names.count, width / cell) * cell + 2) : 0
        }
        let isWide = names.count * 2 <= width && (room(2) >= Self.goodNames || room(1) < Self.leastNames)
        let cell = isWide ? 2 : 1
        let columns = Range.around(selected.column, count: min(names.count, width / cell), of: names.count)
        let rows = Range.around(selected.row, count: min(names.count, height), of: names.count)
        let second = rect.x + labels + columns.count * cell + 2
        let end = second + labels + columns.count * cell + 2
        return Frame(
            labels: labels, cell: cell, rows: rows, columns: columns, xs: [rect.x + labels, second + labels],
            y: rect.y + (isTall ? 2 : 1), below: Array(below), isTall: isTall,
            names: room(cell) >= Self.leastNames ? end : nil)
    }

    /// What signs mean, and what is counted where there is room to say it.
    private func legend(_ isTall: Bool, width: Int) -> [String] {
        guard isTall else {
            return [say("1–9: rank retrieved; x: a leak, left out; reads: mean of all heads, log scale")]
        }
        return [
            say("1–9: rank retrieved; ·: not retrieved; x: a leak (itself or later), left out"),
            Sentence.fitting(
                [
                    [
                        say(
                            "recall: share of the chunks read most that are retrieved; by chance: drawn blindly; mass: attention that these get"
                        ), say("recall: chunks read most that are retrieved; mass: attention these get"),
                    ]
                ], width: width),
        ].filter { !$0.isEmpty }
    }

    package func draw(in rect: Rect, on grid: inout Grid) {
        if let obstacle { return grid.writeNotice(obstacle, in: rect, style: look.theme.dim) }
        guard let frame = frame(in: rect) else { return }
        for (x, titles) in zip(
            frame.xs,
            [
                [say("reads: attention of a chunk (row) on chunks (columns)"), say("reads")],
                [say("retrieved for a chunk (row)"), say("retrieved")],
            ])
        {
            let width = frame.labels + frame.columns.count * frame.cell + 1
            let title = frame.isTall ? Sentence.fitting([titles], width: width) : ""
            grid.writeTruncated(
                title.isEmpty ? titles[1] : title, x: x - frame.labels, y: rect.y, width: width,
                style: look.theme.title, in: rect)
        }
        if frame.isTall { drawNumbers(frame, y: rect.y + 1, in: rect, on: &grid) }
        for (line, row) in frame.rows.enumerated() {
            draw(row, y: frame.y + line, frame, in: rect, on: &grid)
        }
        var y = frame.y + frame.rows.count
        for (text, isDim) in frame.below {
            grid.writeTruncated(
                text, x: rect.x, y: y, width: rect.width, style: isDim ? look.theme.dim : look.theme.text, in: rect)
            y += 1
        }
        guard frame.isTall, y < rect.maxY else { return }
        ScaleLegend(
            scale: scale,
            parts: [
                [
                    say("attention read, mean of all heads, log scale; a chunk's own is left out of the scale"),
                    say("attention read, mean of heads, log scale"), say("attention, log scale"),
                ]
            ],
            look: look
        ).draw(y: y, in: rect, on: &grid)
    }

    /// Numbers of chunks above both maps, as many as there is room for.
    private func drawNumbers(_ frame: Frame, y: Int, in rect: Rect, on grid: inout Grid) {
        let step = 10 / frame.cell
        for x in frame.xs {
            for (place, column) in frame.columns.enumerated() where column % step == 0 {
                let left = x + place * frame.cell
                guard left + String(column).count <= x + frame.columns.count * frame.cell else { continue }
                grid.write(String(column), x: left, y: y, style: look.theme.dim, in: rect)
            }
        }
        if let x = frame.names {
            grid.writeTruncated(
                say("the chunk of the row: line and first words"), x: x, y: y, width: rect.maxX - x,
                style: look.theme.dim, in: rect)
        }
    }

    private func draw(_ row: Int, y: Int, _ frame: Frame, in rect: Rect, on grid: inout Grid) {
        let style = row == selected.row ? look.theme.selection : look.theme.dim
        for x in frame.xs {
            grid.writeRight(String(row), endX: x - 1, y: y, width: frame.labels - 1, style: style, in: rect)
        }
        if let x = frame.names {
            grid.writeTruncated(
                names[row], x: x, y: y, width: rect.maxX - x,
                style: row == selected.row ? look.theme.text : look.theme.dim, in: rect)
        }
        for (place, column) in frame.columns.enumerated() where column <= row || isMarked(row, column) {
            let isSelected = Place(row: row, column: column) == selected
            let weights = attention.indices.contains(row) ? attention[row] : []
            if weights.indices.contains(column), column <= row {
                let x = frame.xs[0] + place * frame.cell
                let level = look.ramp.level(of: scale.position(of: weights[column]))
                let cell = isSelected ? Cell(text: "+", style: look.cursor) : look.ramp.cell(level: level)
                for offset in 0..<frame.cell { put(cell, x: x + offset, y: y, in: rect, on: &grid) }
            } else if column <= row {
                grid.write("·", x: frame.xs[0] + place * frame.cell, y: y, style: look.theme.dim, in: rect)
            }
            let x = frame.xs[1] + place * frame.cell
            let text = sign(row, column)
            let own = isSelected ? look.cursor : text.style
            grid.fill(Rect(x: x, y: y, width: frame.cell, height: 1).intersection(rect), style: own)
            grid.write(isSelected && text.text == " " ? "+" : text.text, x: x, y: y, style: own, in: rect)
        }
    }

    private func put(_ cell: Cell, x: Int, y: Int, in rect: Rect, on grid: inout Grid) {
        if rect.contains(x: x, y: y) { grid.put(cell, x: x, y: y) }
    }

    private func isMarked(_ row: Int, _ column: Int) -> Bool {
        leaks.indices.contains(row) && leaks[row].contains(column) || Place(row: row, column: column) == selected
    }

    /// The rank that a chunk was retrieved with, a leak, or nothing.
    private func sign(_ row: Int, _ column: Int) -> (text: String, style: Style) {
        if let rank = rank(row, column) {
            let level = look.ramp.level(of: Self.level(rank: rank, of: retrieved[row].count))
            return (rank < 9 ? String(rank + 1) : "9", look.ramp.style(level: level))
        }
        if leaks.indices.contains(row), leaks[row].contains(column) { return ("x", look.theme.dim) }
        return (column < row ? "·" : " ", look.theme.dim)
    }

    /// From 0; nil where it was not retrieved.
    func rank(_ row: Int, _ column: Int) -> Int? {
        retrieved.indices.contains(row) ? retrieved[row].firstIndex(of: column) : nil
    }

    /// Where a rank stands in the scale of colours: the first at its end.
    static func level(rank: Int, of count: Int) -> Float { 1 - 0.6 * Float(rank) / Float(max(1, count)) }

    /// The pair at a place of the screen, in either map.
    package func place(x: Int, y: Int, in rect: Rect) -> Place? {
        guard obstacle == nil, let frame = frame(in: rect), y >= frame.y else { return nil }
        let row = frame.rows.lowerBound + y - frame.y
        guard frame.rows.contains(row) else { return nil }
        for first in frame.xs where x >= first {
            let column = frame.columns.lowerBound + (x - first) / frame.cell
            if frame.columns.contains(column) { return Place(row: row, column: column) }
        }
        return nil
    }
}
