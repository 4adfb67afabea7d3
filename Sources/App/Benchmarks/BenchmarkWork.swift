import RopewalkDocuments
import RopewalkEvaluation
import RopewalkModels
import RopewalkPhrases
import RopewalkScoring
import Synchronization

/// Work for the page of benchmarks.
package enum BenchmarkWork: Sendable {
    /// The files that come along.
    case list
    /// Some more questions; with none done, the file is read anew.
    case ask(BenchmarkQuestion, Model?, done: Int)
    /// The prompt of a question as a text.
    case open(BenchmarkQuestion, Model, index: Int)
    case cancel
}

/// What came of it.
package enum BenchmarkReport: Sendable {
    case listed([String])
    case asked(BenchmarkQuestion, BenchmarkAnswers)
    /// Nil: cancelled.
    case failed(BenchmarkQuestion, String?)
    case opened(SourceText)
    case notOpened(String)
}

/// What became of some questions.
package struct BenchmarkAnswers: Sendable {
    /// Questions of the file.
    let total: Int
    let problems: BenchmarkFile.Problems
    /// The questions without their texts, what is asked and what would be right cut to what a line shows.
    let items: [BenchmarkItem]
    let results: [EvaluationResult]
}

/// The questions of a file, in memory.
struct BenchmarkItems: Sendable {
    let path: String
    let items: [BenchmarkItem]
    let problems: BenchmarkFile.Problems
}

extension EffectRunner {
    /// Questions are asked for so long at once; then a screen shows what there is, and other measurements have their turn.
    private static let slice = Duration.milliseconds(400)
    /// Larger files are left to the command, which keeps what it has done in a file.
    private static let mostBytes = 256 << 20
    private static let mostQuestions = 10_000
    /// Characters of an answer that are kept.
    private static let mostOfAnswer = 400
    /// Answers that are kept of those that count as right.
    private static let mostRight = 4

    func job(for work: BenchmarkWork) -> Job {
        switch work {
        case .list: return Job(on: texts) { self.post(.benchmarks(.listed(self.inputs.benchmarkFiles()))) }
        case .ask(let question, let model, let done):
            let flag = benchmarkRun.take()
            return Job(on: measurements) { self.ask(question, model, done, until: flag) }
        case .open(let question, let model, let index):
            return Job(on: texts) { self.open(question, model, index) }
        case .cancel: return Job { self.benchmarkRun.cancel() }
        }
    }

    private func ask(_ question: BenchmarkQuestion, _ model: Model?, _ done: Int, until flag: CancelFlag) {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let file = try items(question.path, anew: done == 0)
            guard !file.items.isEmpty else {
                throw AppError.loading(
                    file.problems.first.first?.description ?? say("\(question.path): there is no question in it"))
            }
            let evaluation = Self.evaluation(model)
            var answering: ModelAnswering?
            if file.items.contains(where: { $0.answer == nil }) {
                guard let model else { throw AppError.loading(say("its questions need a model that answers them")) }
                answering = try ModelAnswering(
                    model, scenario: question.scenario, threads: inputs.threads, writes: !question.chooses)
                answering?.isCancelled = { flag.isRaised }
            }
            var items: [BenchmarkItem] = []
            var results: [EvaluationResult] = []
            for item in file.items.dropFirst(done) where results.isEmpty || clock.now - start < Self.slice {
                guard !flag.isRaised else { throw ModelError.cancelled }
                var result = try evaluation.result(item, answering)
                result.answer = result.answer.map { String($0.prefix(Self.mostOfAnswer)) }
                results.append(result)
                var bare = item
                bare.context = nil
                bare.question = String(bare.question.prefix(Self.mostOfAnswer))
                bare.answers = bare.answers.prefix(Self.mostRight).map { String($0.prefix(Self.mostOfAnswer)) }
                items.append(bare)
            }
            post(
                .benchmarks(
                    .asked(
                        question,
                        BenchmarkAnswers(
                            total: file.items.count, problems: file.problems, items: items, results: results))))
        } catch ModelError.cancelled {
            post(.benchmarks(.failed(question, nil)))
        } catch {
            post(.benchmarks(.failed(question, flag.isRaised ? nil : "\(error)")))
        }
    }

    private static func evaluation(_ model: Model?) -> Evaluation {
        var evaluation = Evaluation()
        if let model { evaluation.window = model.shape.trainedWindow }
        return evaluation
    }

    /// The questions are kept: they are asked slice by slice.
    private func items(_ path: String, anew: Bool) throws -> BenchmarkItems {
        if !anew, let known = benchmarkItems.withLock({ $0?.path == path ? $0 : nil }) { return known }
        let file = try BenchmarkFile(contentsOf: path, sizeLimit: Self.mostBytes)
        var items: [BenchmarkItem] = []
        let problems = try file.read { item in
            items.append(item)
            return items.count < Self.mostQuestions
        }
        let made = BenchmarkItems(path: path, items: items, problems: problems)
        benchmarkItems.withLock { $0 = made }
        return made
    }

    private func open(_ question: BenchmarkQuestion, _ model: Model, _ index: Int) {
        do {
            let items = try items(question.path, anew: false).items
            guard items.indices.contains(index) else { return }
            let item = items[index]
            guard item.context != nil else {
                return post(
                    .benchmarks(.notOpened(say("the file has answers alone: there is no prompt that could be opened"))))
            }
            let answering = try ModelAnswering(
                model, scenario: question.scenario, threads: inputs.threads, writes: !question.chooses)
            let prompt = try Self.evaluation(model).prompt(of: item, answering.tokens)
            let file = question.path.split(separator: "/").last.map(String.init) ?? question.path
            let name = say("\(file), question \(item.key) (\(item.task))")
            post(.benchmarks(.opened(try SourceText(Array(prompt.text.utf8), name: name))))
        } catch {
            post(.benchmarks(.notOpened("\(error)")))
        }
    }
}
