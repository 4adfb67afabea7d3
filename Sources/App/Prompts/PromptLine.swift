import RopewalkCellGrid
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

/// What is being typed, in place of the status line.
struct PromptLine {
    let prompt: Prompt
    /// What it waits for; nil where it waits for nothing.
    var pending: String?

    func draw(in rect: Rect, on grid: inout Grid, theme: Theme) {
        grid.fill(rect)
        let start = grid.writeTruncated(
            label, x: rect.x + 1, y: rect.y, width: max(0, rect.width - 2), style: theme.key, in: rect)
        let shown = shownText(room: max(1, rect.maxX - start - 1))
        var end = start
        for (index, character) in shown.characters.enumerated() {
            let style = style(ofCharacter: shown.first + index, theme)
            end = grid.write(String(character), x: end, y: rect.y, style: style, in: rect)
        }
        if prompt.line.after.isEmpty {
            end = grid.write(" ", x: end, y: rect.y, style: Style(attributes: .reverse), in: rect)
        }
        drawRemark(after: end + 2, in: rect, on: &grid, theme: theme)
    }

    /// The place of typing in reverse; the character that is wrong in red.
    private func style(ofCharacter index: Int, _ theme: Theme) -> Style {
        if index == prompt.problem?.column {
            return Style(foreground: theme.error.foreground, attributes: [.reverse, .bold])
        }
        return index == prompt.line.place || prompt.line.isProposal ? Style(attributes: .reverse) : theme.text
    }

    /// As much as there is room for, the place of typing always.
    private func shownText(room: Int) -> (characters: [Character], first: Int) {
        let characters = Array(prompt.text)
        var first = 0
        var width = CellWidth.of(prompt.line.before) + 1
        while width > room, first < prompt.line.place {
            width -= CellWidth.of(String(characters[first]))
            first += 1
        }
        var shown: [Character] = []
        var used = 0
        for character in characters[first...] {
            used += CellWidth.of(String(character))
            if used > room { break }
            shown.append(character)
        }
        return (shown, first)
    }

    /// What is wrong, else what a file holds, else what keys do.
    private func drawRemark(after x: Int, in rect: Rect, on grid: inout Grid, theme: Theme) {
        let help = say("Enter: go   Tab: complete   Escape: leave")
        let (text, style) =
            pending.map { ($0, theme.key) } ?? prompt.problem.map { ($0.text, theme.error) }
            ?? (prompt.remark.isEmpty ? (help, theme.dim) : (prompt.remark, theme.good))
        guard rect.maxX - x > CellWidth.of(text) + 2 else { return }
        grid.writeRight(text, endX: rect.maxX - 1, y: rect.y, width: rect.width, style: style, in: rect)
    }

    /// What is wrong, where it has no room beside the text.
    func problemBox(width: Int) -> NoticeBox? {
        guard let problem = prompt.problem?.text else { return nil }
        let used = 4 + CellWidth.of(label) + CellWidth.of(prompt.text)
        return used + CellWidth.of(problem) + 2 < width ? nil : NoticeBox(notice: Notice(.error, problem))
    }

    private var label: String {
        switch prompt.purpose {
        case .place: prompt.isEmpty ? say("go to (\(PlaceExpression.forms)): ") : say("go to: ")
        case .search(let forwards):
            (forwards ? say("search /") : say("search backwards \\")) + (prompt.isEmpty ? say(" (re: word: id:) ") : "")
        case .rule: prompt.isEmpty ? say("mask, such as q - k < 256 || k < 4: ") : say("mask: ")
        case .comparison:
            prompt.isEmpty ? say("compare with, such as lambda:sink=4,window=512: ") : say("compare with: ")
        case .claims: prompt.isEmpty ? say("it should be, such as window=16,padding=left:10: ") : say("it should be: ")
        case .catalogue: say("methods with: ")
        case .word: say("the cursor's word becomes: ")
        case .note: say("note: ")
        case .save: say("write: ")
        case .action(let name, let takes): prompt.isEmpty ? "\(name) (\(takes)): " : "\(name): "
        case .methods: prompt.isEmpty ? say("methods, such as yarn:factor=4 window:size=512: ") : say("methods: ")
        }
    }
}

/// One line about what went wrong or what to know, above the status line until the next key.
struct NoticeBox {
    let notice: Notice
    /// How the query is drawn, which is hidden last; nil: as the theme has it.
    var cursor: Style?

    /// - Parameter isFree: whether it may stand elsewhere, where it hides less
    func draw(above status: Rect, isFree: Bool = false, on grid: inout Grid, theme: Theme) {
        let style: Style =
            switch notice.kind {
            case .information: theme.text
            case .warning: theme.warning
            case .error: theme.error
            }
        let all = Sentence.wrapped(notice.text, width: max(1, status.width - 4))
        let room = max(4, status.y / 3)
        let lines = all.count <= room ? all : Array(all.prefix(room))
        let more = all.count - lines.count
        let titles = [title, more > 0 ? say("\(more) more \(more, one: "line", many: "lines")") : ""]
        let widest = max(lines.map { CellWidth.of($0) }.max() ?? 0, CellWidth.of(titles.joined()) + 6)
        let rect = place(
            width: min(status.width, widest + 4), height: lines.count + 2, above: status, isFree, grid, theme)
        grid.fill(rect)
        grid.box(rect, style: style, title: title, titleRight: more > 0 ? titles[1] : nil)
        for (row, line) in lines.enumerated() {
            grid.writeTruncated(
                line, x: rect.x + 2, y: rect.y + 1 + row, width: max(0, rect.width - 4), style: style, in: rect)
        }
    }

    /// Of the four corners between the first row and the status line the one where it hides least, above the status line where
    /// that is all the same.
    private func place(
        width: Int, height: Int, above status: Rect, _ isFree: Bool, _ grid: Grid, _ theme: Theme
    ) -> Rect {
        let height = min(height, status.y)
        let below = Rect(x: 0, y: max(0, status.y - height), width: width, height: height)
        guard isFree else { return below }
        let right = status.width - width
        let others =
            [Rect(x: right, y: below.y, width: width, height: height)]
            + [0, right].map { Rect(x: $0, y: min(1, status.y - height), width: width, height: height) }
        let corners = [below] + others
        let costs = corners.map { hidden($0, grid, theme) }
        return zip(corners, costs).min { $0.1 < $1.1 }?.0 ?? below
    }

    /// How much of a screen a box would hide, in cells with something in them; the cursor and the anchor count most.
    private func hidden(_ rect: Rect, _ grid: Grid, _ theme: Theme) -> Int {
        var sum = 0
        for y in rect.y..<rect.maxY {
            for x in rect.x..<rect.maxX {
                let cell = grid[x, y]
                if cell.text != " " || cell.style.background != .standard { sum += 1 }
                if cell.style == cursor ?? theme.cursor { sum += 1_000 }
                if cell.style == theme.anchor { sum += 200 }
            }
        }
        return sum
    }

    private var title: String {
        switch notice.kind {
        case .information: say("Note")
        case .warning: say("Notice")
        case .error: say("Error")
        }
    }
}
