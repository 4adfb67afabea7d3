import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

@Suite struct ComparisonTests {
    /// Means over two texts, and every perplexity, against sums over the losses that plain runs give.
    @Test(arguments: [["rope"], ["pi:factor=2"], ["ntk:factor=3", "window:size=20"], ["rerope:window=8"]])
    func lossesAreThoseOfPlainRuns(specs: [String]) throws {
        let model = try Sample.model()
        let texts = [Sample.ids(90, seed: 3), Sample.ids(120, seed: 4)]
        let scenario = try Scenario(parsing: specs)
        let contender = Comparison.Contender(model: model, scenario: scenario)
        let comparison = Comparison(texts: texts, threads: 2)
        #expect(comparison.length == 90)
        let loss = try comparison.loss(of: contender)
        let runs = try texts.map {
            try Recorder(model: model, scenario: scenario, threads: 2).record(Array($0.prefix(90)))
                .negativeLogLikelihood
        }
        let expected = (0..<89).map { (Double(runs[0][$0]) + Double(runs[1][$0])) / 2 }
        #expect(loss.texts == 2 && loss.means.count == 89)
        // The same numbers are added in the same order.
        #expect(loss.means == expected)
        let window = model.shape.trainedWindow
        let line = ComparedMethod(contender, loss: loss)
        func perplexity(_ places: Range<Int>) -> Double? {
            let part = expected[places.clamped(to: expected.indices)]
            return part.isEmpty ? nil : exp(part.reduce(0, +) / Double(part.count))
        }
        #expect(line.perplexity == perplexity(0..<89))
        #expect(line.perplexityInside == perplexity(0..<window))
        #expect(line.perplexityPast == (window < 89 ? perplexity(window..<89) : nil))
        #expect(line.perplexityPerThousand?.map(\.positions) == [0..<89])
        #expect(line.tokens == 90 && line.window == window)
        #expect(try Scenario(line: line.method) == scenario)
    }

    @Test func stretchesCoverEveryPlaceOnce() {
        let loss = LossByPosition(means: (0..<2500).map { Double($0) / 1000 }, texts: 1)
        let parts = loss.perplexities(every: 1000)
        #expect(parts.map(\.places) == [0..<1000, 1000..<2000, 2000..<2500])
        #expect(abs(parts[1].perplexity - exp(1.4995)) < 1e-9)
        #expect(loss.mean(over: 2500..<2600) == nil)
        #expect(LossByPosition([]).means.isEmpty)
    }

    @Test func excerptsAreSpreadWithoutOverlap() {
        let ids = Sample.ids(1000).enumerated().map { Int32($0.offset) }
        for (length, count, starts) in [(100, 4, [0, 300, 600, 900]), (300, 9, [0, 350, 700]), (900, 3, [0])] {
            let excerpts = Comparison.excerpts(of: ids, length: length, count: count)
            #expect(excerpts.map { Int($0[0]) } == starts)
            #expect(excerpts.allSatisfy { $0.count == length })
        }
        #expect(Comparison.excerpts(of: ids, length: 1000, count: 4) == [ids])
        #expect(Comparison.excerpts(of: [], length: 10, count: 4).isEmpty)
    }

    @Test func aComparisonCanBeStopped() throws {
        let contender = Comparison.Contender(model: try Sample.model(), scenario: .plain)
        var comparison = Comparison(texts: [Sample.ids(600)], threads: 1)
        comparison.isCancelled = { true }
        #expect(throws: ModelError.cancelled) { try comparison.loss(of: contender) }
        comparison.isCancelled = { false }
        var seen: [Int] = []
        _ = try comparison.loss(of: contender, progress: { seen.append($0) })
        #expect(seen.last == 600 && seen == seen.sorted())
    }

    @Test func readingsThatCannotBeAreRefusedBeforeAnyWork() throws {
        let model = try Sample.model()
        let scenario = try Scenario(parsing: ["longrope:factor=4,long=1/2/3"])
        let contender = Comparison.Contender(model: model, scenario: scenario)
        #expect {
            try Comparison(texts: [Sample.ids(20)]).loss(of: contender)
        } throws: { error in
            "\(error)".contains("longrope") && "\(error)".contains("3 numbers")
        }
    }

    /// Of the sample model, as measured with another implementation: plain RoPE breaks past the window, extensions help.
    @Test func theSampleModelBreaksPastItsWindow() throws {
        let model = try Sample.books()
        let ids = try Sample.text("moby-dick", characters: 200_000, model: model)
        let comparison = Comparison(texts: Comparison.excerpts(of: ids, length: 1536, count: 2), threads: 2)
        let lines = try ["rope", "ntk:factor=4", "yarn:factor=4"].map { line in
            let contender = Comparison.Contender(model: model, scenario: try Scenario(line: line))
            return ComparedMethod(contender, loss: try comparison.loss(of: contender))
        }
        let past = lines.map { $0.perplexityPast ?? 0 }
        let inside = lines.map { $0.perplexityInside ?? 0 }
        #expect(past[0] > 1.2 * inside[0])
        #expect(past[1] < 0.85 * past[0] && past[2] < 0.85 * past[0])
        #expect(abs(inside[1] / inside[0] - 1) < 0.05)
    }
}
