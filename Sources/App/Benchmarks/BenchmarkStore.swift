import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkScoring

/// Files of benchmarks whose questions the open model answers.
package struct BenchmarkStore: Equatable, Sendable {
    /// Paths: those that come along, then those that were asked for. Nil before they are listed.
    package internal(set) var files: [String]?
    /// Whether those that come along are listed, or are being listed.
    var isListed = false
    var isListing = false
    /// The file that is shown.
    package internal(set) var chosen = 0
    /// Whether answers are chosen by likelihood, and none is written.
    package internal(set) var chooses = false
    /// The question that is selected.
    package internal(set) var selected = 0
    package internal(set) var tests: [BenchmarkTest] = []
    package internal(set) var running: BenchmarkQuestion?

    /// Files and tests that are kept, at most.
    private static let most = 32

    package var file: String? { files.flatMap { $0.indices.contains(chosen) ? $0[chosen] : nil } }

    package func test(of question: BenchmarkQuestion) -> BenchmarkTest? { tests.first { $0.question == question } }

    mutating func keep(_ test: BenchmarkTest) {
        if let place = tests.firstIndex(where: { $0.question == test.question }) {
            tests[place] = test
            return
        }
        if tests.count >= Self.most { tests.removeFirst() }
        tests.append(test)
    }

    /// Takes a file, new or known.
    mutating func take(_ path: String) {
        var all = files ?? []
        if let known = all.firstIndex(of: path) {
            chosen = known
        } else {
            if all.count >= Self.most { all.removeLast() }
            all.append(path)
            chosen = all.count - 1
        }
        files = all
        selected = 0
    }
}

/// A file, and what answers it.
package struct BenchmarkQuestion: Equatable, Sendable {
    package let path: String
    let chooses: Bool
    /// The folder of the model, of its adapter, and what was done to its weights; nil without one.
    let model: String?
    let adapter: String?
    let change: WeightChange?
    let scenario: Scenario
}

/// What became of the questions of a file, as far as they are asked.
package struct BenchmarkTest: Equatable, Sendable {
    package let question: BenchmarkQuestion
    /// Questions that are asked; nil before the file is read.
    package internal(set) var total: Int?
    package internal(set) var results: [EvaluationResult] = []
    /// The question of each result, without its text.
    package internal(set) var items: [BenchmarkItem] = []
    package internal(set) var outcome = Evaluation.Outcome()
    /// Why no more are asked; nil where they are.
    package internal(set) var problem: String?

    init(question: BenchmarkQuestion) { self.question = question }

    var isComplete: Bool { problem != nil || total.map { results.count >= $0 } ?? false }
}
