import RopewalkCellGrid
import RopewalkPhrases
import RopewalkScoring
import RopewalkViews

/// The page of benchmarks of the Loss panel: what it shows of the state.
struct BenchmarkPart {
    private let test: BenchmarkTest?
    private let file: String
    /// Which file it is, and of how many.
    private let place: (number: Int, count: Int)
    private let selected: Int
    private let obstacle: String?
    private let isPaused: Bool
    private let chooses: Bool

    init(_ state: AppState) {
        let path = state.benchmarks.file ?? ""
        file = path.split(separator: "/").last.map(String.init) ?? path
        place = (state.benchmarks.chosen + 1, state.benchmarks.files?.count ?? 0)
        test = state.benchmarkQuestion.flatMap { state.benchmarks.test(of: $0) }
        selected = state.benchmarks.selected
        obstacle = state.benchmarkObstacle
        isPaused = state.losses.isPaused
        chooses = state.benchmarks.chooses
    }

    func view(_ look: Look) -> BenchmarkView {
        guard obstacle == nil, let test else {
            return BenchmarkView(
                tasks: [], notes: [], questions: [], selected: 0,
                obstacle: obstacle ?? (isPaused ? say("stopped") : say("questions are being asked ...")), look: look)
        }
        return BenchmarkView(
            tasks: test.outcome.summary.rows.map {
                BenchmarkView.Task(name: $0.task, metric: $0.metric, questions: $0.questions, score: $0.score)
            }, notes: notes(test),
            questions: test.results.enumerated().map { place, result in
                BenchmarkView.Question(
                    key: result.key, task: result.task, score: result.score.map { 100 * $0.score },
                    text: Self.line(result.problem ?? result.answer ?? ""), isProblem: result.problem != nil,
                    details: place == selected ? details(test, place) : [])
            }, selected: selected, obstacle: nil, look: look)
    }

    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// What is asked, and what would be right.
    private func details(_ test: BenchmarkTest, _ place: Int) -> [String] {
        guard test.items.indices.contains(place) else { return [] }
        let item = test.items[place]
        let right = item.answers.map(Self.line).joined(separator: " | ")
        return [
            item.question.isEmpty ? "" : say("asked: \(Self.line(item.question))"),
            right.isEmpty ? "" : say("right: \(right)"),
        ].filter { !$0.isEmpty }
    }

    /// What is to be known of the scores, what is wrong first.
    private func notes(_ test: BenchmarkTest) -> [String] {
        var notes: [String] = []
        if let problem = test.problem { notes.append(problem) }
        let outcome = test.outcome
        if outcome.problems.count > 0 {
            let count = outcome.problems.count
            notes.append(say("\(count.grouped) \(count, one: "line is", many: "lines are") left out"))
            notes += outcome.problems.first.map(\.description)
        }
        notes += outcome.summary.unscored.map { "\($0.count.grouped) x \($0.reason)" }
        if outcome.chosen > 0 {
            let chance = Figures.fixed(100 * outcome.chance, 1)
            notes.append(
                say(
                    "\(outcome.chosen.grouped) \(outcome.chosen, one: "answer was", many: "answers were") chosen among candidates by likelihood: chance is \(chance) %"
                ))
        }
        if outcome.cut > 0 {
            notes.append(
                say(
                    "\(outcome.cut.grouped) \(outcome.cut, one: "prompt was", many: "prompts were") longer than the budget and cut"
                ))
        }
        if outcome.cutsByCharacters { notes.append(say("Chinese was cut by characters, not as published")) }
        return notes
    }

    private var progress: String {
        guard let test, !test.isComplete else { return "" }
        return isPaused ? say("stopped") : "\(test.results.count.grouped) / \((test.total ?? 0).grouped)"
    }

    /// Answers that stood in the file are nobody's on this screen.
    private var way: String {
        let ways = Set((test?.results ?? []).compactMap(\.way))
        if ways == [.file] { return say("answers of the file") }
        return chooses ? say("answers chosen by the model") : say("answers written by the model")
    }

    func picture(in inner: Rect, _ look: Look) -> PanelPicture {
        let view = view(look)
        let number = place.count > 1 ? say("file \(place.number) of \(place.count)") : ""
        let long = [file, number, way, progress].filter { !$0.isEmpty }.joined(separator: " · ")
        let short = [file, progress].filter { !$0.isEmpty }.joined(separator: " · ")
        return PanelPicture(
            facts: Panel.loss.facts([[long, short]], in: inner),
            footer: say("prompts of our own: not the scores of published tables")
        ) { view.draw(in: $0, on: &$1) }
    }

    func figure(_ look: Look) throws(AppError) -> Figure {
        guard var figure = view(look).figure(title: say("Scores of \(file)")) else {
            throw .noFigure(obstacle ?? test?.problem ?? say("no question is asked yet"))
        }
        figure.facts = [way, progress].filter { !$0.isEmpty }
        return figure
    }

    /// A press selects a question, a second one opens its prompt; the wheel goes from question to question.
    func actions(of mouse: Mouse, in inner: Rect, look: Look) -> [Action] {
        if let wheel = mouse.wheel { return [.benchmarks(.move(wheel))] }
        guard let place = view(look).question(y: mouse.y, in: inner) else { return [] }
        let move = place == selected ? [] : [Action.benchmarks(.move(place - selected))]
        return move + (mouse.action == .doublePress ? [.benchmarks(.open)] : [])
    }
}
