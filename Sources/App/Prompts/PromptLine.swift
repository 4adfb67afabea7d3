import RopewalkCellGrid
import RopewalkMethods
import RopewalkViews

/// What is being typed, in place of the status line.
struct PromptLine {
    let prompt: Prompt

    func draw(in rect: Rect, on grid: inout Grid, theme: Theme) {
        grid.fill(rect)
        var x = grid.writeTruncated(
            label, x: rect.x + 1, y: rect.y, width: max(0, rect.width - 2), style: theme.key, in: rect)
        let room = max(0, rect.maxX - x - 2)
        // Of a long line its end is shown, where the typing goes on.
        var shown = Substring(prompt.text)
        while CellWidth.of(String(shown)) > room, !shown.isEmpty { shown.removeFirst() }
        x = grid.write(String(shown), x: x, y: rect.y, style: theme.text, in: rect)
        grid.write(" ", x: x, y: rect.y, style: Style(attributes: .reverse), in: rect)
        if let problem = prompt.problem {
            mark(problem, textEnd: x, shown: shown, y: rect.y, in: rect, on: &grid, theme: theme)
            return
        }
        let help = "Enter: go   Escape: leave"
        if rect.maxX - x > CellWidth.of(help) + 4 {
            grid.writeRight(help, endX: rect.maxX - 1, y: rect.y, width: rect.width, style: theme.dim, in: rect)
        }
    }

    /// What is wrong after the text, and the character where it is wrong in red.
    private func mark(
        _ problem: MethodError, textEnd: Int, shown: Substring, y: Int, in rect: Rect, on grid: inout Grid, theme: Theme
    ) {
        if case .expression(let column, _) = problem, column <= prompt.text.count {
            let index = prompt.text.index(prompt.text.startIndex, offsetBy: max(0, column - 1))
            let x = textEnd - CellWidth.of(String(prompt.text[index...]))
            let wrong = Style(foreground: theme.error.foreground, attributes: [.reverse, .bold])
            if index >= shown.startIndex { grid.write(String(prompt.text[index]), x: x, y: y, style: wrong, in: rect) }
        }
        let room = max(0, rect.maxX - textEnd - 4)
        grid.writeTruncated(problem.description, x: textEnd + 3, y: y, width: room, style: theme.error, in: rect)
    }

    private var label: String {
        switch prompt.purpose {
        case .place: "go to (1204 or 50%): "
        case .search(let forwards): forwards ? "search /" : "search backwards \\"
        case .rule: prompt.problem == nil ? "mask, such as q - k < 256 || k < 4: " : "mask: "
        case .comparison: prompt.problem == nil ? "compare with, such as lambda:sink=4,window=512: " : "compare with: "
        }
    }
}

/// One line about what went wrong or what to know, above the status line until the next key.
struct NoticeBox {
    let notice: Notice

    func draw(above status: Rect, on grid: inout Grid, theme: Theme) {
        let style: Style =
            switch notice.kind {
            case .information: theme.text
            case .warning: theme.warning
            case .error: theme.error
            }
        let lines = Sentence.wrapped(notice.text, width: max(1, status.width - 4)).prefix(4)
        let height = lines.count + 2
        let rect = Rect(x: 0, y: max(0, status.y - height), width: status.width, height: min(height, status.y))
        grid.fill(rect)
        grid.box(rect, style: style, title: title)
        for (row, line) in lines.enumerated() {
            grid.writeTruncated(line, x: 2, y: rect.y + 1 + row, width: max(0, rect.width - 4), style: style, in: rect)
        }
    }

    private var title: String {
        switch notice.kind {
        case .information: "Note"
        case .warning: "Notice"
        case .error: "Error"
        }
    }
}
