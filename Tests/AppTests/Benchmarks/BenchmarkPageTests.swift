import Foundation
import RopewalkCellGrid
import RopewalkModels
import RopewalkScoring
import TestSupport
import Testing

@testable import RopewalkApp

@Suite struct BenchmarkPageTests {
    private static func sample(_ name: String) -> String {
        Fixture.project.appendingPathComponent("samples/benchmarks/" + name).path
    }

    private static func player(_ files: [String]) throws -> ScreenPlayer {
        var inputs = Samples.inputs()
        inputs.benchmarkFiles = { files.map { sample($0) } }
        return try ScreenPlayer(state: AppState(size: Size(width: 160, height: 50)), inputs: inputs)
    }

    /// A file of answers gets the scores of the command.
    @Test func answersAreScored() throws {
        var player = try Self.player(["longbench-answers.jsonl"])
        player.play(try ActionScript(parsing: "panel show loss; loss.page evaluate; wait"))
        #expect(player.refusals.isEmpty)
        let question = try #require(player.state.benchmarkQuestion)
        let test = try #require(player.state.benchmarks.test(of: question))
        let file = try BenchmarkFile(contentsOf: Self.sample("longbench-answers.jsonl"))
        let outcome = try Evaluation().run(file, answering: nil)
        #expect(test.isComplete && test.problem == nil && test.total == test.results.count)
        #expect(test.outcome == outcome && player.state.benchmarks.running == nil)
        player.play(try ActionScript(parsing: "panel focus loss; panel.zoom"))
        let screen = player.frame().lines.joined(separator: "\n")
        #expect(screen.contains("qa_f1") && screen.contains("longbench-answers.jsonl"))
        // They stood in the file: no model has written them, and what would be right is there.
        #expect(screen.contains("answers of the file") && !screen.contains("written by the model"))
        #expect(test.items.count == test.results.count && screen.contains("right: "))
        player.play(try ActionScript(parsing: "evaluate.open; wait"))
        #expect(player.refusals.last?.text.contains("answers alone") == true)
    }

    /// The model that is open chooses; the prompt of a question becomes a text of its own.
    @Test func questionsAreAnsweredAndOpened() throws {
        var player = try Self.player(["longbench-answers.jsonl", "longbench-v2.json"])
        player.play(
            try ActionScript(
                parsing: "panel show loss; evaluate.choose; wait; evaluate.turn +1; wait; evaluate.move +2"))
        let state = player.state
        #expect(state.benchmarks.chooses && state.benchmarks.selected == 2)
        let question = try #require(state.benchmarkQuestion)
        let test = try #require(state.benchmarks.test(of: question))
        #expect(test.isComplete && test.problem == nil && test.results.count == 3)
        #expect(test.outcome.chosen == 3 && test.outcome.chance == 0.25)
        #expect(test.results.allSatisfy { $0.way == .chosen && $0.score != nil })
        player.play(try ActionScript(parsing: "evaluate.open; wait"))
        let opened = player.state
        #expect(opened.sessions.entries.count == 2)
        #expect(opened.sources.text.value?.name.hasPrefix("longbench-v2.json, question 3") == true)
        #expect(opened.tokenCount > 50)
    }

    /// What is broken is counted and named, and the rest goes on.
    @Test func brokenLinesAreNamed() throws {
        let path = NSTemporaryDirectory() + "ropewalk-\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let line = #"{"pred": "in Lund", "answers": ["Lund"], "all_classes": null, "length": 9, "dataset": "qasper"}"#
        try ([line, "{broken", line]).joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        var player = try Self.player(["longbench-answers.jsonl"])
        player.play(
            try ActionScript(parsing: "panel show loss; evaluate.file \(path); wait; panel focus loss; panel.zoom"))
        #expect(player.state.benchmarks.files?.count == 2 && player.state.benchmarks.file == path)
        let question = try #require(player.state.benchmarkQuestion)
        let test = try #require(player.state.benchmarks.test(of: question))
        #expect(test.results.count == 2 && test.outcome.problems.count == 1)
        let screen = player.frame().lines.joined(separator: "\n")
        #expect(screen.contains("1 line is left out") && screen.contains("line 2"))
        player.play(try ActionScript(parsing: "evaluate.file \(path).none; wait"))
        let missing = try #require(player.state.benchmarkQuestion)
        #expect(player.state.benchmarks.test(of: missing)?.problem != nil)
    }

    @Test func askingCanBeStopped() throws {
        var state = try Samples.stateWithModel()
        _ = state.perform(.panels(.show(.loss)))
        let effects = state.take(.asked(.losses(.page(.evaluate))))
        #expect(effects.map(\.label).contains("listBenchmarks"))
        #expect(state.isBusy && state.nextBenchmark().isEmpty)
        let asking = state.take(.benchmarks(.listed(["a.jsonl", "b.jsonl"])))
        #expect(asking.map(\.label).contains("askQuestions 0"))
        let running = try #require(state.benchmarks.running)
        #expect(running.path == "a.jsonl" && state.cancelLosses().map(\.label).contains("cancelQuestions"))
        _ = state.take(.benchmarks(.failed(running, nil)))
        #expect(state.benchmarks.running == nil && state.nextBenchmark().isEmpty)
        _ = state.perform(.losses(.measure))
        #expect(state.nextBenchmark().map(\.label) == ["askQuestions 0"])
        // Another file: what is asked of the first one comes to its end.
        _ = state.perform(.benchmarks(.turn(1)))
        #expect(state.nextBenchmark().map(\.label) == ["cancelQuestions"])
    }

    @Test func withoutFilesThatIsSaid() throws {
        var player = try Self.player([])
        player.play(try ActionScript(parsing: "panel show loss; loss.page evaluate; wait"))
        #expect(player.state.benchmarkObstacle?.contains("evaluate.file FILE") == true)
        player.play(try ActionScript(parsing: "evaluate.move +1"))
        #expect(player.refusals.count == 1)
    }
}
