import RopewalkPhrases

/// What is asked of the page of benchmarks.
package enum BenchmarkAction: Hashable, Sendable {
    /// Another file of questions or answers.
    case file(String)
    /// Files on or back.
    case turn(Int)
    /// Questions down or up.
    case move(Int)
    /// Whether answers are chosen by likelihood, or written.
    case choose
    /// Opens the prompt of the selected question.
    case open
}

extension BenchmarkAction: ActionConcern {
    private static let path = ActionParameter<String>.text("FILE", example: "longbench.jsonl")

    static let forms: [ActionForm] = [
        ActionForm("evaluate.file", path, "Loss, evaluate: a file of LongBench, LongBench v2 or L-Eval") {
            .benchmarks(.file($0))
        },
        ActionForm("evaluate.turn", .steps, "Loss, evaluate: files on or back") { .benchmarks(.turn($0)) },
        ActionForm("evaluate.move", .steps, "Loss, evaluate: questions down or up") { .benchmarks(.move($0)) },
        ActionForm(
            "evaluate.choose", "Loss, evaluate: answers chosen by likelihood, or written", .benchmarks(.choose)),
        ActionForm(
            "evaluate.open", "Loss, evaluate: opens the prompt of the selected question", .benchmarks(.open)),
    ]

    var text: String {
        switch self {
        case .file(let path): "evaluate.file " + Self.path.write(path)
        case .turn(let count): "evaluate.turn " + ActionParameter<Int>.steps.write(count)
        case .move(let count): "evaluate.move " + ActionParameter<Int>.steps.write(count)
        case .choose: "evaluate.choose"
        case .open: "evaluate.open"
        }
    }

    func times(_ count: Int) -> BenchmarkAction {
        switch self {
        case .turn(let steps): .turn(steps * count)
        case .move(let steps): .move(steps * count)
        case .file, .choose, .open: self
        }
    }

    func standing(in state: AppState) -> String? {
        switch self {
        case .choose: state.benchmarks.chooses ? say("chosen") : say("written")
        case .file: state.benchmarks.file
        case .turn, .move, .open: nil
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .file, .choose: nil
        case .turn, .move, .open: state.benchmarkObstacle
        }
    }
}

extension AppState {
    mutating func perform(_ action: BenchmarkAction) -> [Effect] {
        if let obstacle = action.obstacle(in: self) {
            refuse(obstacle)
            return []
        }
        losses.page = .evaluate
        reveal(.loss)
        switch action {
        case .file(let path): benchmarks.take(path)
        case .turn(let steps): turnBenchmark(steps)
        case .move(let steps): moveBenchmark(steps)
        case .choose:
            benchmarks.chooses.toggle()
            benchmarks.selected = 0
        case .open: return openBenchmark()
        }
        return []
    }
}
