import RopewalkModels
import RopewalkPhrases
import RopewalkScoring

extension AppState {
    /// What is asked; nil where there is nothing, which `benchmarkObstacle` explains.
    var benchmarkQuestion: BenchmarkQuestion? {
        guard benchmarkObstacle == nil, let path = benchmarks.file else { return nil }
        let model = sources.model.value
        return BenchmarkQuestion(
            path: path, chooses: benchmarks.chooses, model: model?.path, adapter: model?.adapterPath,
            change: model?.weightChange, scenario: scenario)
    }

    /// Why nothing is asked; nil where something is.
    var benchmarkObstacle: String? {
        if case .loading = sources.model { return say("the model is being loaded") }
        guard let files = benchmarks.files else { return nil }
        return files.isEmpty ? say("no file of benchmarks comes along here: evaluate.file FILE reads one") : nil
    }

    /// What the page of benchmarks misses; nothing while it is hidden.
    mutating func nextBenchmark() -> [Effect] {
        let isShown = layout.panels[.loss] != nil && losses.page == .evaluate
        if isShown, !benchmarks.isListed {
            guard !benchmarks.isListing else { return [] }
            benchmarks.isListing = true
            return [.benchmarks(.list)]
        }
        let question = isShown ? benchmarkQuestion : nil
        if let running = benchmarks.running { return running == question ? [] : [.benchmarks(.cancel)] }
        guard let question, !isMeasuring, !losses.isPaused, runs.pause == nil else { return [] }
        let known = benchmarks.test(of: question)
        guard known?.isComplete != true else { return [] }
        benchmarks.running = question
        return [.benchmarks(.ask(question, sources.model.value, done: known?.results.count ?? 0))]
    }

    /// What asking has come to.
    mutating func take(_ report: BenchmarkReport) -> [Effect] {
        switch report {
        case .listed(let files):
            (benchmarks.isListing, benchmarks.isListed) = (false, true)
            let own = benchmarks.file
            benchmarks.files = files + (benchmarks.files ?? []).filter { !files.contains($0) }
            if let own { benchmarks.take(own) }
        case .asked(let question, let answers):
            if benchmarks.running == question { benchmarks.running = nil }
            var test = benchmarks.test(of: question) ?? BenchmarkTest(question: question)
            test.total = answers.total
            test.outcome.problems = answers.problems
            for (item, result) in zip(answers.items, answers.results) {
                Evaluation().add(item, result, to: &test.outcome)
                test.results.append(result)
                test.items.append(item)
            }
            benchmarks.keep(test)
        case .failed(let question, let why):
            if benchmarks.running == question { benchmarks.running = nil }
            guard let why else { return [] }
            var test = benchmarks.test(of: question) ?? BenchmarkTest(question: question)
            test.problem = why
            benchmarks.keep(test)
        case .opened(let text): return [.read(text)]
        case .notOpened(let why): refuse(why)
        }
        return []
    }

    /// Questions down or up.
    mutating func moveBenchmark(_ steps: Int) {
        let count = benchmarkQuestion.flatMap { benchmarks.test(of: $0)?.results.count } ?? 0
        let bounded = min(max(-1_000_000, steps), 1_000_000)
        benchmarks.selected = min(max(0, benchmarks.selected + bounded), max(0, count - 1))
    }

    /// Another file of the list.
    mutating func turnBenchmark(_ steps: Int) {
        guard let files = benchmarks.files, !files.isEmpty else { return }
        let next = benchmarks.chosen + steps % files.count
        benchmarks.chosen = (next + files.count) % files.count
        benchmarks.selected = 0
    }

    /// Asks for the prompt of the selected question as a text.
    mutating func openBenchmark() -> [Effect] {
        guard let question = benchmarkQuestion, let test = benchmarks.test(of: question),
            test.results.indices.contains(benchmarks.selected)
        else {
            refuse(say("no question is asked yet"))
            return []
        }
        guard let model = sources.model.value else {
            refuse(say("its questions need a model that answers them"))
            return []
        }
        return [.benchmarks(.open(question, model, index: benchmarks.selected))]
    }
}
