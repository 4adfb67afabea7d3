import Foundation
import RopewalkEvaluation
import RopewalkFormats
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

struct WindowedLossTests {
    private static func books() throws -> Model {
        try Model(contentsOf: Fixture.project.appendingPathComponent("samples/books-4m").path)
    }

    /// Every window's loss and the whole one, to 1e-4 nats.
    @Test func agreesWithTransformers() throws {
        let root = try JSONDocument(contentsOf: Fixture.path("vectors/perplexity.json")).root
        let model = try Self.books()
        let name = try #require(root["text"]?.string)
        let text = try String(
            contentsOf: Fixture.project.appendingPathComponent("samples/texts/\(name)"), encoding: .utf8)
        let characters = try #require(root["characters"]?.integer)
        let tokens = try #require(root["tokens"]?.integer)
        let all = try #require(model.tokenizer).encode(String(text.prefix(characters)), addSpecialTokens: true).ids
        let ids = Array(all.prefix(tokens))
        let contender = Comparison.Contender(model: model, scenario: model.defaultScenario)
        for expected in try #require(root["cases"]?.array) {
            let size = try #require(expected["size"]?.integer)
            let windowed = WindowedLoss(
                texts: [ids], size: size, stride: try #require(expected["stride"]?.integer), threads: 2)
            let losses = try windowed.losses(of: contender)[0]
            var all = LossBuckets(width: tokens, tokens: tokens)
            all.add([losses])
            #expect(all.all.count == expected["predicted"]?.integer)
            #expect(abs((all.all.mean ?? 0) - (expected["loss"]?.number ?? 0)) < 1e-4, "\(size)")
            let windows = windowed.windows(of: 0).windows
            let others = try #require(expected["windows"]?.array)
            #expect(windows.count == others.count)
            for (window, other) in zip(windows, others) {
                let part = window.predicted.map { Double(losses[$0 - 1]) }
                let mean = part.reduce(0, +) / Double(part.count)
                #expect(abs(mean - (other["loss"]?.number ?? 0)) < 1e-4, "\(size) \(window.tokens)")
            }
        }
    }

    @Test func aContextOfAllIsThePlainRun() throws {
        let model = try Model(contentsOf: Fixture.path("hf/llama_default"), needsTokenizer: false)
        let texts = [60, 130].map { count in (0..<count).map { Int32($0 * 31 % 53 + 2) } }
        let contender = Comparison.Contender(model: model, scenario: try Scenario(parsing: ["window:size=20"]))
        var seen: [Int] = []
        let windowed = WindowedLoss(texts: texts, size: nil, stride: 1, threads: 1)
        let losses = try windowed.losses(of: contender) { seen.append($0) }
        let plain = try texts.map {
            try Recorder(model: model, scenario: contender.scenario, threads: 1).record($0).negativeLogLikelihood
        }
        #expect(losses == plain && seen.last == windowed.work && windowed.work == 190)
        // Windows by themselves: every token has what its window has before it, and no more.
        let short = WindowedLoss(texts: texts, size: 32, stride: 8, threads: 1)
        let own = try short.losses(of: contender)
        for (text, ids) in texts.enumerated() {
            for window in short.windows(of: text).windows {
                let run = try Recorder(model: model, scenario: contender.scenario, threads: 1)
                    .record(Array(ids[window.tokens])).negativeLogLikelihood
                for token in window.predicted {
                    #expect(own[text][token - 1] == run[token - 1 - window.tokens.lowerBound])
                }
            }
        }
        var stopped = short
        stopped.isCancelled = { true }
        #expect(throws: ModelError.cancelled) { try stopped.losses(of: contender) }
    }

    @Test func contextsAreMeasuredOnTheSameTokens() throws {
        let model = try Model(contentsOf: Fixture.path("hf/llama_default"), needsTokenizer: false)
        let texts = [40, 100, 150].map { count in (0..<count).map { Int32($0 * 31 % 53 + 2) } }
        let contender = Comparison.Contender(model: model, scenario: .plain)
        var seen: [Int] = []
        let curve = try ContextCurve.measured(
            contender, texts: texts, contexts: [16, 64, 32], threads: 1, progress: { seen.append($0) })
        #expect(curve.points.map(\.context) == [16, 32, 64])
        // Texts of 100 and 150 tokens, from the 64th on.
        #expect(curve.points.allSatisfy { $0.loss.count == 36 + 86 })
        #expect(seen.last == ContextCurve.work(texts: texts.map(\.count), contexts: [16, 64, 32]))
    }
}
