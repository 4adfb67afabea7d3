import RopewalkCellGrid
import RopewalkPhrases

/// Scores of a file of questions by task, and what became of each question.
package struct BenchmarkView: Sendable {
    package struct Task: Equatable, Sendable {
        let name: String
        let metric: String
        let questions: Int
        /// In percent.
        let score: Double

        package init(name: String, metric: String, questions: Int, score: Double) {
            (self.name, self.metric, self.questions, self.score) = (name, metric, questions, score)
        }
    }

    package struct Question: Equatable, Sendable {
        let key: String
        let task: String
        /// In percent; nil where it has none.
        let score: Double?
        /// The answer, or why there is no score.
        let text: String
        let isProblem: Bool
        /// What is asked, and what would be right, a line each; shown of the selected question.
        let details: [String]

        package init(
            key: String, task: String, score: Double?, text: String, isProblem: Bool, details: [String] = []
        ) {
            (self.key, self.task, self.score, self.text, self.isProblem) = (key, task, score, text, isProblem)
            self.details = details
        }
    }

    let tasks: [Task]
    let notes: [String]
    let questions: [Question]
    let selected: Int
    package let obstacle: String?
    let look: Look

    package init(
        tasks: [Task], notes: [String], questions: [Question], selected: Int, obstacle: String?, look: Look
    ) {
        (self.tasks, self.notes, self.questions) = (tasks, notes, questions)
        self.selected = min(max(0, selected), max(0, questions.count - 1))
        (self.obstacle, self.look) = (obstacle, look)
    }

    /// How many rows each part has: at least the selected question is seen.
    private struct Frame {
        let tasks: Int
        let notes: Int
        let questions: Range<Int>
        /// Of the first question.
        let y: Int
        /// Of what is asked in the selected question.
        let details: [String]
    }

    /// Rows from which on what is asked stands below.
    private static let tall = 12

    private func frame(in rect: Rect) -> Frame {
        let details =
            rect.height >= Self.tall && questions.indices.contains(selected) ? questions[selected].details : []
        let height = rect.height - details.count
        let least = questions.isEmpty ? 0 : min(questions.count, max(1, height / 3)) + 1
        let tasks = max(0, min(self.tasks.count + 1, height - least))
        let notes = max(0, min(self.notes.count, height - least - tasks))
        let room = max(0, height - tasks - notes - 1)
        return Frame(
            tasks: tasks, notes: notes,
            questions: Range.around(selected, count: min(questions.count, room), of: questions.count),
            y: rect.y + tasks + notes + 1, details: details)
    }

    package func draw(in rect: Rect, on grid: inout Grid) {
        if let obstacle { return grid.writeNotice(obstacle, in: rect, style: look.theme.dim) }
        guard rect.height > 0, rect.width > 0 else { return }
        let frame = frame(in: rect)
        drawTasks(frame.tasks, in: rect, on: &grid)
        for (line, note) in notes.prefix(frame.notes).enumerated() {
            grid.writeTruncated(
                note, x: rect.x, y: rect.y + frame.tasks + line, width: rect.width, style: look.theme.warning, in: rect)
        }
        guard !frame.questions.isEmpty else { return }
        let widths = (
            key: questions.map { $0.key.count }.max() ?? 1,
            task: min(24, questions.map { CellWidth.of($0.task) }.max() ?? 1)
        )
        drawTitles(widths, frame, in: rect, on: &grid)
        for (line, place) in frame.questions.enumerated() {
            draw(questions[place], place == selected, widths, y: frame.y + line, in: rect, on: &grid)
        }
        for (line, text) in frame.details.enumerated() {
            grid.writeTruncated(
                text, x: rect.x, y: frame.y + frame.questions.count + line, width: rect.width, style: look.theme.dim,
                in: rect)
        }
    }

    /// Above the questions, and how many of them are there where not all are shown.
    private func drawTitles(
        _ widths: (key: Int, task: Int), _ frame: Frame, in rect: Rect, on grid: inout Grid
    ) {
        let (y, style) = (frame.y - 1, look.theme.dim)
        let all =
            frame.questions.count < questions.count
            ? say(
                "answer (\(frame.questions.lowerBound + 1)–\(frame.questions.upperBound) of \(questions.count.grouped))"
            )
            : say("answer")
        var x = rect.x
        grid.writeRight("#", endX: x + widths.key, y: y, width: widths.key, style: style, in: rect)
        x += widths.key + 2
        grid.writeTruncated(
            say("task"), x: x, y: y, width: max(0, min(widths.task, rect.maxX - x)), style: style, in: rect)
        x += widths.task + 2
        // The column of numbers is narrower than its title, which may begin before it.
        grid.writeRight(say("score %"), endX: x + 5, y: y, width: 8, style: style, in: rect)
        x += 7
        grid.writeTruncated(all, x: x, y: y, width: max(0, rect.maxX - x), style: style, in: rect)
    }

    private func drawTasks(_ count: Int, in rect: Rect, on grid: inout Grid) {
        guard count > 0 else { return }
        let name = min(rect.width / 2, ([say("task")] + tasks.map(\.name)).map { CellWidth.of($0) }.max() ?? 4)
        let metric = ([say("metric")] + tasks.map(\.metric)).map { CellWidth.of($0) }.max() ?? 6
        func row(_ cells: [String], y: Int, _ style: Style, on grid: inout Grid) {
            grid.writeTruncated(cells[0], x: rect.x, y: y, width: name, style: style, in: rect)
            var x = rect.x + name + 2
            grid.writeTruncated(cells[1], x: x, y: y, width: max(0, min(metric, rect.maxX - x)), style: style, in: rect)
            x += metric + 2
            for cell in cells[2...] where x + 10 <= rect.maxX {
                grid.writeRight(cell, endX: x + 10, y: y, width: 10, style: style, in: rect)
                x += 11
            }
        }
        row([say("task"), say("metric"), say("score %"), say("questions")], y: rect.y, look.theme.dim, on: &grid)
        // What is left out is counted.
        let shown = tasks.count > count - 1 ? max(0, count - 2) : count - 1
        if shown < tasks.count, count > 1 {
            row([say("… \(tasks.count - shown) more"), "", "", ""], y: rect.y + count - 1, look.theme.dim, on: &grid)
        }
        for (line, task) in tasks.prefix(shown).enumerated() {
            row(
                [task.name, task.metric, Figures.fixed(task.score, 2), task.questions.grouped], y: rect.y + 1 + line,
                look.theme.text, on: &grid)
        }
    }

    private func draw(
        _ question: Question, _ isSelected: Bool, _ widths: (key: Int, task: Int), y: Int, in rect: Rect,
        on grid: inout Grid
    ) {
        let style = isSelected ? look.theme.selection : look.theme.text
        if isSelected {
            grid.fill(Rect(x: rect.x, y: y, width: rect.width, height: 1).intersection(rect), style: style)
        }
        var x = rect.x
        grid.writeRight(question.key, endX: x + widths.key, y: y, width: widths.key, style: style, in: rect)
        x += widths.key + 2
        grid.writeTruncated(
            question.task, x: x, y: y, width: max(0, min(widths.task, rect.maxX - x)), style: style, in: rect)
        x += widths.task + 2
        grid.writeRight(
            question.score.map { Figures.fixed($0, 1) } ?? "–", endX: x + 5, y: y, width: 5, style: style, in: rect)
        x += 7
        let dim = question.isProblem && !isSelected ? look.theme.dim : style
        grid.writeTruncated(question.text, x: x, y: y, width: max(0, rect.maxX - x), style: dim, in: rect)
    }

    /// The question at a row of the screen.
    package func question(y: Int, in rect: Rect) -> Int? {
        guard obstacle == nil else { return nil }
        let frame = frame(in: rect)
        let place = frame.questions.lowerBound + y - frame.y
        return y >= frame.y && frame.questions.contains(place) ? place : nil
    }

    /// A bar a task, for a page; nil while no answer has a score.
    package func figure(title: String) -> Figure? {
        guard obstacle == nil, !tasks.isEmpty else { return nil }
        var x = FigureAxis(say("score (%)"), 0...100)
        x.ticks = [0, 25, 50, 75, 100].map { FigureTick(Double($0), String($0)) }
        x.hasGrid = true
        var plot = FigurePlot(
            x: x,
            y: .words("", tasks.map { "\($0.name) (\($0.questions.grouped))" }, isDownwards: true),
            size: FigurePlot.Extent(width: 420, height: 24 * Double(tasks.count)))
        plot.marks = tasks.enumerated().map { place, task in
            .bar(row: Double(place), from: 0, to: min(100, max(0.3, task.score)), height: 0.7, .series(0))
        }
        return Figure(
            title: title, plots: [plot], remarks: notes + [say("In brackets: questions that have a score.")],
            map: look.map)
    }
}
