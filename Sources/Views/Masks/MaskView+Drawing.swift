import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

extension MaskView {
    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        guard let row else {
            let text =
                waiting
                ?? (scenario.isDense && ownWindows.isEmpty
                    ? say(
                        "Every \(direction == .before ? say("earlier ") : "")token is visible. m chooses a window or a selection of tokens."
                    )
                    : say("The cursor is not read yet: what it may see is shown as soon as the run reaches it."))
            return grid.writeNotice(text, in: rect, style: look.theme.dim)
        }
        let frame = MaskFrame(self, in: rect)
        drawCounts(row, in: frame.counts, on: &grid)
        if let y = frame.strip { drawStrip(row, y: y, rect, on: &grid) }
        drawStretches(row, in: frame.stretches, on: &grid)
        drawReason(in: frame.reason, on: &grid)
        if let survey { drawSurvey(survey, frame, on: &grid) }
        if let y = frame.explanation {
            let text = Sentence.fitting(
                [
                    [
                        say("mass kept: share of full attention on visible keys"),
                        say("mass: attention on visible keys"),
                    ],
                    [say("output error: |change| / |output| of this head"), say("error: |Δ| / |output|")],
                ]
                    + (row.times.runs.isEmpty
                        ? [] : [[say("×n: its authors' softmax counts the key n times"), say("×n: counted n times")]]),
                width: rect.width)
            grid.write(text, x: rect.x, y: y, style: look.theme.dim, in: rect)
        }
    }

    /// What stands in the upper border: the methods that restrict the keys.
    package var facts: String { named(by: \.spec) }

    /// The same where that has no room.
    package var shortFacts: String { named(by: \.shortSpec) }

    private func named(by spec: (any Method) -> String) -> String {
        let own = ownWindows.isEmpty ? [] : [say("model: ") + ownWindows.joined(separator: " + ")]
        let chosen = scenario.methods.dropFirst().filter { !($0 is any CompressionMethod) }.map(spec)
        let specs = own + chosen
        return specs.isEmpty ? direction.fullAttention : specs.joined(separator: " + ")
    }

    /// What stands in the lower border.
    package var footer: String {
        guard let survey else { return "" }
        let percent = Figures.fixed(survey.density * 100, 1)
        // Of all queries it is exact.
        let about = survey.surveyed < survey.tokens ? say("about ") : ""
        return
            say(
                "density \(about)\(percent) % · \(survey.surveyed.grouped) of \(survey.tokens.grouped) queries surveyed"
            )
    }

    /// The index into `survey.worst` at a place of the screen; nil where no query stands.
    package func worstQuery(atX x: Int, y: Int, in rect: Rect) -> Int? {
        guard row != nil, let survey, rect.contains(x: x, y: y) else { return nil }
        let frame = MaskFrame(self, in: rect)
        return survey.losing.indices.first { index in
            frame.worstQuery(index).map { $0.contains(x: x, y: y) } ?? false
        }
    }

    private func drawCounts(_ row: MaskRow, in area: Rect, on grid: inout Grid) {
        let theme = look.theme
        let kept = row.massKept < 0.5 ? theme.error : row.massKept < 0.9 ? theme.warning : theme.good
        var x = area.x
        var y = area.y
        for (index, part) in counts(row).enumerated() {
            if x > area.x, x + part.count > area.maxX { (x, y) = (area.x, y + 1) }
            if y >= area.maxY { break }
            x = grid.write(part, x: x, y: y, style: index == 1 ? kept : theme.text, in: area) + 3
        }
    }

    /// What a mask keeps and costs, as parts that may stand in several rows.
    func counts(_ row: MaskRow) -> [String] {
        let keys = row.keyCount
        let count = row.visible.count
        let percent = Figures.fixed(100 * Double(count) / Double(max(1, keys)), 1)
        var parts = [
            say("keys \(count.grouped) of \(keys.grouped) (\(percent) %)"),
            say("mass kept \(Figures.fixed(Double(row.massKept), 2))"),
            say("output error \(Figures.fixed(Double(row.outputError), 2))"),
        ]
        if let threshold = row.threshold {
            parts.append(say("lowest selected score \(Figures.signed(Double(threshold), 2))"))
        }
        return parts
    }

    /// All keys up to the cursor in one row: how much of each cell's keys is kept.
    private func drawStrip(_ row: MaskRow, y: Int, _ rect: Rect, on grid: inout Grid) {
        let keys = max(1, row.keyCount)
        for column in 0..<rect.width {
            let from = column * keys / rect.width
            let range = from..<max(from + 1, (column + 1) * keys / rect.width)
            let share = Double(row.visible.count(in: range)) / Double(range.count)
            let holdsAnchor = anchor.map { range.contains($0) } ?? false
            let times = row.times.runs.lazy.filter { $0.keys.overlaps(range) }.map(\.times).max() ?? 1
            let glyph =
                holdsAnchor
                ? "▼"
                : times > 1 ? String(min(9, times)) : share >= 1 ? "█" : share >= 0.5 ? "▓" : share > 0 ? "▒" : "░"
            let style =
                holdsAnchor
                ? look.theme.key : times > 1 ? look.theme.warning : share > 0 ? look.theme.good : look.theme.dim
            grid.put(Cell(text: glyph, style: style), x: rect.x + column, y: y)
        }
    }

    private func drawStretches(_ row: MaskRow, in area: Rect, on grid: inout Grid) {
        let stretches = row.countedStretches
        let hasRest = stretches.count > area.height
        let shown = hasRest ? max(0, area.height - 1) : stretches.count
        let first = max(0, min(firstStretch, stretches.count - shown))
        let keys = Double(max(1, row.keyCount))
        let barWidth = max(0, min(24, area.width - 40))
        for (index, (stretch, times)) in stretches.dropFirst(first).prefix(shown).enumerated() {
            let y = area.y + index
            let isKept = stretch.rule.isKept
            let style = times > 1 ? look.theme.warning : isKept ? look.theme.good : look.theme.dim
            var x = grid.write(isKept ? "█ " : "░ ", x: area.x, y: y, style: style, in: area)
            grid.write(stretch.rule.title, x: x, y: y, style: style, in: area)
            x = area.x + 18
            if barWidth > 0 {
                let bar = Bar.line(Double(stretch.keys.count) / keys, width: barWidth, glyph: isKept ? "━" : "╌")
                grid.write(bar, x: x, y: y, style: style, in: area)
                x += barWidth + 1
            }
            x = grid.write(Self.span(stretch.keys), x: x, y: y, style: look.theme.text, in: area)
            let count =
                stretch.keys.count.grouped + (stretch.keys.count == 1 ? say(" key") : say(" keys"))
                + (times > 1 ? " ×\(times)" : "")
            if x + CellWidth.of(count) + 2 <= area.maxX {
                grid.writeRight(
                    count, endX: area.maxX, y: y, width: CellWidth.of(count), style: look.theme.dim, in: area)
            }
        }
        if hasRest, area.height > 0 {
            let rest = (stretches.count - first - shown).grouped
            let text =
                first == 0
                ? say("… \(rest) more stretches: Space here")
                : say("… \(first.grouped) before, \(rest) more stretches: b, Space here")
            grid.write(text, x: area.x, y: area.y + shown, style: look.theme.dim, in: area)
        }
    }

    static func span(_ keys: Range<Int>) -> String {
        let first = keys.lowerBound.grouped
        return keys.count <= 1 ? first : first + "–" + (keys.upperBound - 1).grouped
    }

    private func drawReason(in area: Rect, on grid: inout Grid) {
        guard area.height > 0, let reason, let anchor else { return }
        let query = cursor ?? row?.query ?? 0
        let title = "\(query.grouped) → \(anchor.grouped) "
        let verdict = reason.isVisible ? say("visible: ") : say("hidden: ")
        let style = reason.isVisible ? look.theme.good : look.theme.error
        let lines = Sentence.wrapped(title + verdict + reason.sentence, width: area.width)
        for (index, line) in lines.prefix(area.height).enumerated() {
            grid.write(line, x: area.x, y: area.y + index, style: style, in: area)
        }
    }

    private func drawSurvey(_ survey: MaskSurvey, _ frame: MaskFrame, on grid: inout Grid) {
        guard let y = frame.surveyTitle else { return }
        let rect = frame.rect
        let title =
            survey.losing.isEmpty
            ? [say("no query that was looked at loses anything"), say("nothing is lost")]
            : [
                say("queries that lose most mass (Enter: go there)"), say("most mass lost (Enter: go there)"),
                say("most mass lost"),
            ]
        let text = Sentence.fitting(
            [
                title,
                [
                    say("mean mass kept \(Figures.weight(survey.meanMassKept))"),
                    say("mean kept \(Figures.weight(survey.meanMassKept))"),
                ],
            ], width: rect.width)
        grid.write(text, x: rect.x, y: y, style: look.theme.dim, in: rect)
        for (index, worst) in survey.losing.enumerated() {
            guard let place = frame.worstQuery(index) else { break }
            let style = index == selectedQuery ? look.theme.selection : look.theme.text
            let number = Figures.padded(worst.query.grouped, to: 9)
            grid.write(
                "\(number) −\(Figures.weight(worst.massLost)) ", x: place.x, y: y + 1 + index / frame.perRow,
                style: style, in: place)
        }
    }
}

/// Which rows of the panel hold what; what does not fit is left out from the bottom up.
private struct MaskFrame {
    let rect: Rect
    let counts: Rect
    let strip: Int?
    let stretches: Rect
    let reason: Rect
    let surveyTitle: Int?
    let explanation: Int?
    let perRow: Int
    private let worstRows: Int
    private static let worstWidth = 20

    init(_ view: MaskView, in rect: Rect) {
        self.rect = rect
        let countsWidth = view.row.map { view.counts($0).reduce(-3) { $0 + $1.count + 3 } } ?? 0
        let countRows = min(rect.height, countsWidth > rect.width && rect.height >= 8 ? 2 : 1)
        counts = Rect(x: rect.x, y: rect.y, width: rect.width, height: countRows)
        var free = rect.height - countRows
        func take(_ wanted: Int) -> Int {
            let taken = max(0, min(wanted, free))
            free -= taken
            return taken
        }
        let stripRows = take(1)
        let sentence = view.reason.map { 24 + $0.sentence.count } ?? 0
        let reasonRows = view.reason == nil ? 0 : take(min(3, (sentence + rect.width - 1) / max(1, rect.width)))
        let stretchCount = view.row?.countedStretches.count ?? 0
        let firstStretches = take(min(3, stretchCount))
        let worst = view.survey?.losing.count ?? 0
        perRow = max(1, rect.width / Self.worstWidth)
        let surveyRows = view.survey != nil && free >= 2 ? take(1) + take(min(1, worst)) : 0
        let explanationRows = take(1)
        let moreStretches = take(stretchCount - firstStretches)
        let moreWorst = surveyRows > 1 ? take((worst + perRow - 1) / perRow - 1) : 0
        worstRows = surveyRows > 1 ? 1 + moreWorst : 0
        strip = stripRows > 0 ? counts.maxY : nil
        // Rows that nothing needs stand between the parts.
        let gap = free >= 3 ? 1 : 0
        var y = counts.maxY + stripRows + gap
        func area(_ rows: Int) -> Rect {
            defer { y += rows > 0 ? rows + gap : 0 }
            return Rect(x: rect.x, y: y, width: rect.width, height: rows)
        }
        stretches = area(firstStretches + moreStretches)
        reason = area(reasonRows)
        surveyTitle = surveyRows > 0 ? y : nil
        explanation = explanationRows > 0 ? rect.maxY - 1 : nil
    }

    /// The cells of one of the worst queries; nil where it does not fit.
    func worstQuery(_ index: Int) -> Rect? {
        guard let surveyTitle, index / perRow < worstRows else { return nil }
        return Rect(
            x: rect.x + index % perRow * Self.worstWidth, y: surveyTitle + 1 + index / perRow,
            width: min(Self.worstWidth - 1, rect.width),
            height: 1)
    }
}

extension AttentionDirection {
    /// What a query reads where nothing is hidden.
    package var fullAttention: String {
        switch self {
        case .before: say("full causal attention")
        case .around: say("full attention to both sides")
        case .across: say("all of the encoder's text")
        }
    }
}

extension MaskRow {
    /// The stretches, cut where keys begin to count several times or no longer do, with how often they do.
    var countedStretches: [(stretch: Stretch, times: Int)] {
        stretches.flatMap { stretch in
            let edges = times.runs.flatMap { [$0.keys.lowerBound, $0.keys.upperBound] }
            let cuts =
                [stretch.keys.lowerBound] + edges.filter { stretch.keys.contains($0) && $0 > stretch.keys.lowerBound }
            return zip(cuts, cuts.dropFirst() + [stretch.keys.upperBound]).filter { $0 < $1 }.map { start, end in
                (Stretch(keys: start..<end, rule: stretch.rule), times.times(of: start))
            }
        }
    }
}

extension VisibilityReason.Rule {
    fileprivate var isKept: Bool { VisibilityReason(self, "").isVisible }

    /// What happens to keys under this rule, in two words.
    fileprivate var title: String {
        switch self {
        case .visible: say("kept")
        case .sink: say("kept as sink")
        case .window: say("kept as window")
        case .global: say("kept as global")
        case .block: say("kept as block")
        case .random: say("kept as random")
        case .selected: say("kept, selected")
        case .future: say("future")
        case .outside: say("dropped")
        case .notSelected: say("not selected")
        }
    }
}
