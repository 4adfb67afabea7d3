import RopewalkCellGrid
import RopewalkPhrases
import RopewalkViews

/// What a lesson says, below everything else: a bar with its title and keys, then some lines.
struct LessonCaption {
    private let play: LessonPlay
    private let size: Size
    /// The least rows of a screen with room for what is said; with fewer the last row says so, in place of keys.
    private static let leastRows = PanelLayout.smallest.height + 4

    /// Of the screen, at most so many rows for what is said.
    private static let share = 3

    init?(_ state: AppState) {
        guard let play = state.lesson else { return nil }
        (self.play, size) = (play, state.size)
    }

    /// Whether it says only how large the screen must be.
    private var isTooLow: Bool { size.height < Self.leastRows }
    /// Rows that panels have not.
    var room: Int { isTooLow ? 0 : height }
    var height: Int { isTooLow ? 1 : 1 + min(lines.count, max(1, size.height / Self.share - 1)) }
    var rect: Rect { Rect(x: 0, y: size.height - height, width: size.width, height: height) }

    /// The caption with its question, or the question with its answer.
    var lines: [String] {
        if isTooLow { return [] }
        let step = play.step
        func wrapped(_ text: String, _ mark: String) -> [String] {
            Sentence.broken(mark + text, width: max(1, size.width - 2))
        }
        let question = step.question.map { wrapped($0.text(), "? ") } ?? []
        guard play.showsAnswer, let answer = step.answer else {
            return wrapped(step.caption.text(), "") + question
        }
        return question + wrapped(answer.text(), "→ ")
    }

    func draw(on grid: inout Grid, theme: Theme) {
        let rect = rect
        grid.fill(rect)
        let bar = Rect(x: 0, y: rect.y, width: rect.width, height: 1)
        grid.fill(bar, style: theme.selection)
        let place = "\(play.index + 1)/\(play.lesson.steps.count) "
        if isTooLow {
            let why = place + say("what is said needs \(Self.leastRows) rows")
            grid.writeTruncated(why, x: 1, y: rect.y, width: rect.width - 2, style: theme.selection, in: bar)
            return
        }
        let title = place + play.lesson.title.text()
        // The title is said as a whole where fewer keys leave it the room: the help has all of them.
        let room = rect.width - 4 - CellWidth.of(title)
        let keys = keys.first { CellWidth.of($0) <= room } ?? keys.last ?? ""
        let end = grid.writeRight(
            keys, endX: rect.maxX - 1, y: rect.y, width: rect.width * 2 / 3, style: theme.selection, in: bar)
        grid.writeTruncated(title, x: 1, y: rect.y, width: max(0, end - 3), style: theme.selection, in: bar)
        for (row, line) in lines.prefix(rect.height - 1).enumerated() {
            let isCut = row == rect.height - 2 && lines.count > rect.height - 1
            grid.writeTruncated(
                isCut ? line + " …" : line, x: 1, y: rect.y + 1 + row, width: rect.width - 2, style: theme.text,
                in: rect)
        }
    }

    /// The longest wording first.
    private var keys: [String] {
        let isAsking = play.step.question != nil && !play.showsAnswer
        if isAsking {
            return [say("Space answer · b back · Backspace here"), say("Space answer · b back"), say("Space answer")]
        }
        return play.isLast
            ? [say("the end · b back · q leaves"), say("the end · q leaves"), say("the end")]
            : [say("Space next · b back · Backspace here"), say("Space next · b back"), say("Space next")]
    }
}
