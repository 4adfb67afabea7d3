import Foundation
import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

extension UnrotatedView {
    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        let why = Sentence.wrapped(reason, width: rect.width).prefix(rect.height >= 8 ? 2 : 1)
        for (row, line) in why.enumerated() {
            grid.writeTruncated(line, x: rect.x, y: rect.y + row, width: rect.width, style: look.theme.dim, in: rect)
        }
        let below = rect.height >= 5 ? 2 : rect.height >= 3 ? 1 : 0
        let body = Rect(
            x: rect.x, y: rect.y + why.count, width: rect.width, height: max(0, rect.height - why.count - below))
        switch content {
        case .slopes(let slopes): drawSlopes(slopes, in: body, on: &grid)
        case .places(let facts): drawPlaces(facts, in: body, on: &grid)
        case .buckets(let facts): drawBuckets(facts, in: body, on: &grid)
        case .none: break
        }
        if below > 0 { drawTotals(y: rect.maxY - below, in: rect, on: &grid) }
        if below > 1 {
            let text = Sentence.fitting(explanation, width: rect.width)
            grid.write(text, x: rect.x, y: rect.maxY - 1, style: look.theme.dim, in: rect)
        }
    }

    /// What stands in the upper border.
    package var facts: String {
        guard let distance, hasDistance else { return title }
        return say("cursor − anchor = \(distance.grouped) · \(title)")
    }

    private var title: String {
        switch content {
        case .slopes: say("ALiBi slopes")
        case .places: say("learned positions")
        case .buckets: say("relative position buckets")
        case .none: say("no positions")
        }
    }

    private var hasDistance: Bool {
        if case .none = content { return false }
        return true
    }

    /// What stands in the lower border.
    package var footer: String {
        switch content {
        case .slopes(let slopes): say("\(slopes.count) slopes, one a head")
        case .places(let facts): say("\(facts.rows.grouped) rows of \(facts.size.grouped) numbers")
        case .buckets(let facts): say("\(facts.buckets) buckets, one number a head")
        case .none: ""
        }
    }

    /// Why nothing turns, in one sentence.
    private var reason: String {
        switch content {
        case .slopes: say("No rotation: every head lowers its scores by its slope m for each token of distance.")
        case .places: say("No rotation: a learned vector for each place is added to the token's embedding.")
        case .buckets: say("No rotation: every head adds a learned number for the range that the distance lies in.")
        case .none(let why): why
        }
    }

    private var explanation: [[String]] {
        switch content {
        case .slopes:
            [
                [say("1/m: tokens until a weight is e times lower"), say("1/m: weight falls e times")],
                [say("ramp: e^(−m·distance) from the cursor back"), say("ramp: e^(−m·distance)")],
                [say("bias: −m · distance")],
            ]
        case .places:
            [
                [say("similarity: cosine of two places' vectors"), say("cosine of the vectors")],
                [say("▲ cursor, △ anchor")],
            ]
        case .buckets:
            [
                [say("−: keys before the cursor, +: after it"), say("− before, + after")],
                [say("▸ the anchor's bucket")],
            ]
        case .none: []
        }
    }

    /// The score of cursor and anchor, as far as it is known.
    private func drawTotals(y: Int, in rect: Rect, on grid: inout Grid) {
        guard let pair else {
            grid.write(Sentence.fitting([missing], width: rect.width), x: rect.x, y: y, style: look.theme.dim, in: rect)
            return
        }
        let weight = pair.weight.map { say("weight ") + Figures.weight($0) } ?? say("hidden by the mask")
        var parts = [[say("score \(Figures.signed(Double(pair.score), 2))")], [weight]]
        if let bias {
            let product = Figures.signed(Double(pair.score) - bias, 2)
            parts.insert([say("q·k \(product) and bias \(Figures.signed(bias, 2))")], at: 1)
        }
        grid.write(Sentence.fitting(parts, width: rect.width), x: rect.x, y: y, style: look.theme.title, in: rect)
    }

    /// What the head adds to the score of cursor and anchor; nil where nothing is added to scores.
    private var bias: Double? {
        guard let distance else { return nil }
        switch content {
        case .slopes(let slopes): return slopes.indices.contains(head) ? -slopes[head] * Double(abs(distance)) : nil
        case .buckets(let facts):
            let values = facts.ranges.first { $0.contains(-distance) }?.values
            return values.flatMap { $0.indices.contains(head) ? Double($0[head]) : nil }
        default: return nil
        }
    }

    /// The first of `count` lines on the screen: where the reader scrolled to, else around `middle`.
    private func window(_ count: Int, rows: Int, middle: Int) -> Range<Int> {
        let shown = max(0, min(rows, count))
        let start = first > 0 ? first : middle - shown / 2
        let from = max(0, min(start, count - shown))
        return from..<from + shown
    }

    private func drawSlopes(_ slopes: [Double], in rect: Rect, on grid: inout Grid) {
        guard rect.height >= 2 else { return }
        let biasWidth = distance == nil ? 0 : 10
        let ramp = max(0, rect.width - 27 - biasWidth)
        let header = say("    head  slope m        1/m  ") + (ramp >= 12 ? say("ramp") : "")
        grid.write(header, x: rect.x, y: rect.y, style: look.theme.dim, in: rect)
        if biasWidth > 0 {
            grid.writeRight(say("bias"), endX: rect.maxX, y: rect.y, width: 8, style: look.theme.dim, in: rect)
        }
        let shown = window(slopes.count, rows: rect.height - 1, middle: head)
        for (row, index) in shown.enumerated() {
            let y = rect.y + 1 + row
            let slope = slopes[index]
            let style = index == head ? look.theme.selection : look.theme.text
            let name = Figures.padded("H\(index)", to: 6)
            let text =
                (index == head ? "▸ " : "  ") + name + Figures.padded(Figures.fixed(slope, 5), to: 9)
                + Figures.padded(slope > 0 ? Figures.fixed(1 / slope, 1) : "∞", to: 11)
            grid.write(text, x: rect.x, y: y, style: style, in: rect)
            drawRamp(slope, x: rect.x + 30, y: y, width: ramp - 3, in: rect, on: &grid)
            if let distance, biasWidth > 0 {
                let bias = Figures.signed(-slope * Double(abs(distance)), 2)
                grid.writeRight(bias, endX: rect.maxX, y: y, width: biasWidth - 1, style: style, in: rect)
            }
        }
    }

    /// The share that the distance leaves of a weight, from the cursor (left) to the first key of the text.
    private func drawRamp(_ slope: Double, x: Int, y: Int, width: Int, in rect: Rect, on grid: inout Grid) {
        guard width > 0 else { return }
        for column in 0..<width {
            let distance = Double(column) / Double(max(1, width - 1)) * Double(max(1, keys - 1))
            let glyph = Column.cell(exp(-slope * distance))
            grid.put(Cell(text: glyph, style: look.theme.good), x: x + column, y: y)
        }
    }

    private func drawPlaces(_ facts: PlaceFacts, in rect: Rect, on grid: inout Grid) {
        var lines: [(text: String, style: Style)] = []
        if let cursor, let row = facts.cursorRow {
            lines.append((say("cursor \(cursor.grouped) reads row \(row.grouped)"), look.theme.text))
        }
        if let anchor, let row = facts.anchorRow {
            let similarity = facts.similarity.map { say(" · similarity \(Figures.signed(Double($0), 3))") } ?? ""
            lines.append(
                (say("anchor \(anchor.grouped) reads row \(row.grouped)") + similarity, look.theme.text))
        }
        for (row, line) in lines.prefix(rect.height).enumerated() {
            grid.write(line.text, x: rect.x, y: rect.y + row, style: line.style, in: rect)
        }
        let top = rect.y + lines.count + 1
        guard top + 2 < rect.maxY else { return }
        drawProfile(facts, in: Rect(x: rect.x, y: top, width: rect.width, height: rect.maxY - top), on: &grid)
    }

    /// How alike the vectors of all places of the text are to the cursor's.
    private func drawProfile(_ facts: PlaceFacts, in rect: Rect, on grid: inout Grid) {
        guard !facts.profile.isEmpty else { return }
        let last = max(0, facts.tokens - 1).grouped
        grid.write(
            say("similarity of the cursor's place to all others"), x: rect.x, y: rect.y, style: look.theme.dim, in: rect
        )
        let height = max(1, min(4, rect.height - 3))
        for column in 0..<rect.width {
            let value = facts.profile[column * facts.profile.count / rect.width]
            let share = Double(max(0, value))
            for line in 0..<height {
                let part = share * Double(height) - Double(height - 1 - line)
                let style = value < 0 ? look.theme.dim : look.theme.good
                grid.put(
                    Cell(text: part >= 1 ? "█" : Column.cell(max(0, part)), style: style), x: rect.x + column,
                    y: rect.y + 1 + line)
            }
        }
        let y = rect.y + 1 + height
        grid.write("0", x: rect.x, y: y, style: look.theme.dim, in: rect)
        grid.writeRight(last, endX: rect.maxX, y: y, width: CellWidth.of(last), style: look.theme.dim, in: rect)
        for (token, mark, style) in [(anchor, "△", look.theme.key), (cursor, "▲", look.theme.title)] {
            guard let token, facts.tokens > 0 else { continue }
            let x = rect.x + min(rect.width - 1, token * rect.width / facts.tokens)
            grid.put(Cell(text: mark, style: style), x: x, y: y)
        }
    }

    private func drawBuckets(_ facts: BucketFacts, in rect: Rect, on grid: inout Grid) {
        guard rect.height >= 2, !facts.ranges.isEmpty else { return }
        grid.write(
            say("    bucket       distance    value"), x: rect.x, y: rect.y, style: look.theme.dim, in: rect)
        let current = distance.flatMap { distance in facts.ranges.firstIndex { $0.contains(-distance) } }
        let shown = window(facts.ranges.count, rows: rect.height - 1, middle: current ?? 0)
        let values = facts.ranges.map { $0.values.indices.contains(head) ? $0.values[head] : 0 }
        let largest = values.reduce(0) { max($0, abs($1)) }
        let bar = max(0, min(31, (rect.width - 37) / 2 * 2 + 1))
        for (row, index) in shown.enumerated() {
            let range = facts.ranges[index]
            let y = rect.y + 1 + row
            let style = index == current ? look.theme.selection : look.theme.text
            let text =
                (index == current ? "▸ " : "  ") + Figures.padded("\(range.bucket)", to: 8)
                + Figures.padded(Self.span(range), to: 15)
                + Figures.padded(Figures.signed(Double(values[index]), 3), to: 9)
            grid.write(text, x: rect.x, y: y, style: style, in: rect)
            if bar >= 5, largest > 0 {
                let share = Double(values[index] / largest)
                grid.write(
                    Bar.signed(share, width: bar), x: rect.x + 36, y: y,
                    style: share < 0 ? look.theme.error : look.theme.good, in: rect)
            }
        }
    }

    /// "−8 … −11", "+128 …", "0".
    private static func span(_ range: BucketFacts.Range) -> String {
        func signed(_ offset: Int) -> String { offset > 0 ? "+" + offset.grouped : offset.grouped }
        guard let last = range.last else { return signed(range.first) + " …" }
        return range.first == last ? signed(last) : signed(range.first) + " … " + signed(last)
    }
}

/// A share as a column of one cell.
enum Column {
    private static let eighths = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// One cell filled from below to a share of 0 to 1; what is not quite nothing shows as an eighth.
    static func cell(_ share: Double) -> String {
        guard share >= 0.005 else { return eighths[0] }
        return eighths[max(1, min(8, Int((share * 8).rounded())))]
    }
}
