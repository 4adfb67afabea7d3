import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

/// One word, step by step: what the keys of a query come to in a head, and what that does to its token.
package struct WordView: Sendable {
    /// A line of the table.
    package enum Line: Hashable, Sendable {
        /// A key by its place in the reading.
        case key(Int)
        case sink
    }

    /// What the model would expect before and after the layer, most probable first, as it is shown.
    package struct Expected: Equatable, Sendable {
        package let before: [String]
        package let after: [String]

        package init(before: [String], after: [String]) {
            self.before = before
            self.after = after
        }
    }

    let reading: WordReading
    let step: WordStep
    let order: WordOrder
    let selected: Int
    /// Tokens by their names; of special ones and sinks what they are.
    let name: @Sendable (Int) -> String
    let kind: @Sendable (Int) -> String
    /// The name of the query.
    let query: String
    /// Why the selected key is seen or not, in words; nil where nobody asks.
    let why: String?
    /// What follows in the block; nil where it is not known yet.
    let block: WordBlock?
    let expected: Expected?
    /// Why the block or what is expected is not shown.
    let missing: String?
    let look: Look

    package init(
        reading: WordReading, step: WordStep, order: WordOrder, selected: Int, query: String,
        name: @escaping @Sendable (Int) -> String, kind: @escaping @Sendable (Int) -> String, why: String? = nil,
        block: WordBlock? = nil, expected: Expected? = nil, missing: String? = nil, look: Look
    ) {
        (self.reading, self.step, self.order, self.query, self.why) = (reading, step, order, query, why)
        (self.name, self.kind, self.block, self.expected) = (name, kind, block, expected)
        (self.missing, self.look) = (missing, look)
        self.selected = min(max(0, selected), max(0, Self.lines(of: reading, by: order).count - 1))
    }

    /// The lines in their order: a learned sink by its weight, or before all places.
    package static func lines(of reading: WordReading, by order: WordOrder) -> [Line] {
        let keys = reading.keys.indices
        switch order {
        case .weight:
            var lines = keys.map { Line.key($0) }
            if let sink = reading.sink {
                lines.insert(.sink, at: keys.first { reading.keys[$0].weight < sink.weight } ?? lines.count)
            }
            return lines
        case .place:
            let sorted = keys.sorted { reading.keys[$0].token < reading.keys[$1].token }
            return (reading.sink == nil ? [] : [.sink]) + sorted.map { .key($0) }
        }
    }

    var lines: [Line] { Self.lines(of: reading, by: order) }

    /// Where everything stands in a panel's content.
    struct Frame {
        /// The row of the steps' names; nil where there is no room.
        let tabs: Int?
        let formula: Rect
        let titles: Int?
        let rows: Rect
        /// The row of all other keys, where some are on other pages or not listed.
        let rest: Int?
        /// The row of all keys together.
        let sum: Int?
    }

    func frame(in rect: Rect) -> Frame {
        var y = rect.y
        let tabs = rect.height >= 4 ? y : nil
        y += tabs == nil ? 0 : 1
        // Sentences are whole or not there: first that with the numbers, then the general one.
        let sentences = formulaLines(width: rect.width)
        let own = sentences.count { !$0.isGeneral }
        let least = min(own > 0 ? own : sentences.count, max(1, rect.height / 2))
        let height = sentences.count <= max(least, rect.height / 3) ? sentences.count : least
        let formula = Rect(x: rect.x, y: y, width: rect.width, height: height)
        y += height
        let titles = rect.maxY - y >= 3 ? y : nil
        y += titles == nil ? 0 : 1
        let room = rect.maxY - y
        let isWhole = reading.others == nil && lines.count + 1 <= room
        let hasSum = room >= 3
        let end = rect.maxY - (hasSum ? 1 : 0)
        let hasRest = !isWhole && end - y >= 2
        let count = end - y - (hasRest ? 1 : 0)
        let shown = min(count, lines.count)
        return Frame(
            tabs: tabs, formula: formula, titles: titles,
            rows: Rect(x: rect.x, y: y, width: rect.width, height: max(0, shown)), rest: hasRest ? y + shown : nil,
            sum: hasSum ? y + shown + (hasRest ? 1 : 0) : nil)
    }

    /// The lines on the screen: those of the page that the selected one is on.
    func page(height: Int) -> Range<Int> {
        let first = height > 0 ? selected / height * height : 0
        return first..<min(lines.count, first + max(0, height))
    }

    private var formula: WordFormula {
        let name = name
        return WordFormula(reading: reading, query: "“\(query)”", name: { "“\(name($0))”" })
    }

    /// With the numbers of the selected key first: where there is room for one line, it is that.
    func formulaLines(width: Int) -> [(text: String, isGeneral: Bool)] {
        let width = max(1, width - 1)
        let general = Sentence.wrapped(formula.general(step), width: width).map { ($0, true) }
        return Sentence.wrapped(numbers, width: width).map { ($0, false) } + general
    }

    private var numbers: String {
        guard step.isOfKeys, lines.indices.contains(selected) else { return "" }
        switch lines[selected] {
        case .key(let index): return formula.numbers(step, of: reading.keys[index], why: why)
        case .sink: return reading.sink.map { formula.numbers(step, of: $0) } ?? ""
        }
    }

    /// What stands in the lower border: which keys are seen.
    package func footer(in rect: Rect) -> String {
        guard step.isOfKeys else { return "" }
        let page = page(height: frame(in: rect).rows.height)
        let all = lines.count
        return page.count == all
            ? say("\(all.grouped) lines")
            : say("lines \((page.lowerBound + 1).grouped)–\(page.upperBound.grouped) of \(all.grouped)")
    }

    /// The line at a row of the screen.
    package func line(atY y: Int, in rect: Rect) -> Int? {
        guard step.isOfKeys else { return nil }
        let rows = frame(in: rect).rows
        let index = page(height: rows.height).lowerBound + y - rows.y
        return (rows.y..<rows.maxY).contains(y) && lines.indices.contains(index) ? index : nil
    }

    /// The step whose name is at a place of the screen.
    package func step(atX x: Int, y: Int, in rect: Rect) -> WordStep? {
        guard frame(in: rect).tabs == y else { return nil }
        return tabs(in: rect).first { $0.cells.contains(x) }?.step
    }

    /// The names of the steps; where not all have room, those up to the present one and what follows.
    func tabs(in rect: Rect) -> [(step: WordStep, cells: Range<Int>)] {
        let steps = WordStep.allCases
        func width(_ steps: some Sequence<WordStep>) -> Int { steps.reduce(0) { $0 + CellWidth.of($1.title) + 2 } }
        let fitting = (0...step.place).first { width(steps[$0...step.place]) <= rect.width }
        let first = width(steps) <= rect.width ? 0 : fitting ?? step.place
        var start = rect.x
        return steps[first...].compactMap { step in
            defer { start += CellWidth.of(step.title) + 2 }
            let cells = start..<start + CellWidth.of(step.title) + 2
            return cells.upperBound <= rect.maxX ? (step, cells) : nil
        }
    }
}
