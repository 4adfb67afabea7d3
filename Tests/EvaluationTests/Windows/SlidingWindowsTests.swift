import Foundation
import RopewalkEvaluation
import RopewalkFormats
import Testing

struct SlidingWindowsTests {
    @Test func windowsAreThoseOfTheWorkedExample() throws {
        let vector = try NeedleVectors("sliding_ppl_windows")
        let windows = SlidingWindows(
            tokens: try #require(vector.inputs["n"]?.integer), size: try #require(vector.inputs["max_len"]?.integer),
            stride: try #require(vector.inputs["stride"]?.integer))
        let expected = try #require(vector.outputs["windows"]?.array)
        #expect(windows.windows.map(\.tokens.lowerBound) == expected.compactMap { $0["begin"]?.integer })
        #expect(windows.windows.map(\.tokens.upperBound) == expected.compactMap { $0["end"]?.integer })
        #expect(windows.windows.map(\.scored) == expected.compactMap { $0["scored"]?.integer })
        #expect(windows.predictions == 9)
    }

    /// Every token has one window that scores it, and with a shorter stride than a window every one but the first is predicted.
    @Test func everyTokenIsScoredOnce() {
        for tokens in [1, 2, 3, 9, 10, 64, 100] {
            for size in [2, 3, 4, 10, 200] {
                for stride in [1, 2, 3, 10, 400] {
                    let windows = SlidingWindows(tokens: tokens, size: size, stride: stride)
                    var scored = [Int](repeating: 0, count: tokens)
                    var predicted: [Int] = []
                    for window in windows.windows {
                        for token in window.tokens.suffix(window.scored) { scored[token] += 1 }
                        predicted += Array(window.predicted)
                        #expect(window.tokens.count <= size)
                    }
                    #expect(scored.allSatisfy { $0 == 1 }, "\(tokens) \(size) \(stride)")
                    #expect(predicted == predicted.sorted() && Set(predicted).count == windows.predictions)
                    if stride < size { #expect(predicted == Array(1..<max(1, tokens))) }
                    #expect(windows.work == windows.windows.reduce(0) { $0 + $1.tokens.count })
                }
            }
        }
        #expect(SlidingWindows(tokens: 0, size: 4, stride: 2).windows.isEmpty)
    }

    @Test func meansAreTakenBeforeExponentials() throws {
        let vector = try NeedleVectors("ppl_by_position")
        let losses = try vector.inputs.numbers("nll")
        let width = try #require(vector.inputs["bucket"]?.integer)
        var buckets = LossBuckets(width: width, tokens: losses.count)
        buckets.add([losses.map { Float($0) }])
        for (bucket, mean) in zip(buckets.sums, try vector.outputs.numbers("mean_nll")) {
            #expect(abs((bucket.mean ?? 0) - mean) < 1e-6 && bucket.count == width)
        }
        for (bucket, value) in zip(buckets.sums, try vector.outputs.numbers("ppl")) {
            #expect(abs((bucket.perplexity ?? 0) - value) < 1e-6)
        }
        let total = try #require(vector.outputs["ppl_total"]?.number)
        #expect(abs((buckets.all.perplexity ?? 0) - total) < 1e-6)
    }

    @Test func textsOfAnyLengthsAreCounted() {
        var buckets = LossBuckets(edges: [0, 2, 5, 6])
        buckets.add([[1, 2, 3], [4], [5, .nan, 7, 8, 9, 10, 11]])
        #expect(buckets.sums.map(\.count) == [4, 4, 1])
        #expect(buckets.sums.map(\.total) == [12, 27, 10])
        #expect(buckets.all.count == 9 && buckets.positions(1) == 2..<5)
        #expect(LossBuckets(width: 1, tokens: 1_000_000).sums.count <= 4096)
        #expect(LossSum().mean == nil && LossSum().perplexity == nil)
    }

    @Test func whereContextStopsHelping() {
        func sum(_ loss: Double) -> LossSum {
            var sum = LossSum()
            sum.add(loss)
            return sum
        }
        let curve = ContextCurve(
            points: [(512, 3.0), (64, 3.5), (128, 3.008), (256, 3.005)].map { .init(context: $0.0, loss: sum($0.1)) })
        #expect(curve.points.map(\.context) == [64, 128, 256, 512])
        #expect(abs(curve.changes[0] - 0.5) < 1e-12 && curve.changes[3] == 0)
        #expect(curve.enough() == 128 && curve.enough(within: 0.001) == 512)
        // The longest one has nothing that it could be held against.
        #expect(curve.isEnoughKnown() && !curve.isEnoughKnown(within: 0.001))
        #expect(!ContextCurve(points: []).isEnoughKnown())
        #expect(ContextCurve(points: []).enough() == nil && ContextCurve(points: []).changes.isEmpty)
    }
}
