import RopewalkModels
import Testing

@testable import RopewalkApp

/// The time that is left, of runs whose work is known.
@Suite struct RunPaceTests {
    /// books-4m over its book, as it was measured: seconds up to n tokens, and a first chunk that reads the weights.
    private static func seconds(_ tokens: Int) -> Double {
        let tokens = Double(tokens)
        return tokens == 0 ? 0 : 0.2 + 0.37e-3 * tokens + 9.7e-8 * tokens * tokens / 2
    }

    private static let total = 41_656

    /// The largest relative error of the time left, from the second estimate on.
    private func worst(ratio: Double) -> Double {
        var pace = RunPace(ratio: ratio)
        var worst = 0.0
        for tokens in stride(from: 1_024, to: Self.total - 1_024, by: 1_024) {
            pace.note(tokens: tokens, seconds: Self.seconds(tokens))
            guard tokens > 1_024, let left = pace.seconds(from: tokens, to: Self.total) else { continue }
            worst = max(worst, abs(left / (Self.seconds(Self.total) - Self.seconds(tokens)) - 1))
        }
        return worst
    }

    @Test func theTimeLeftIsRightFromTheSecondEstimateOn() throws {
        let ratio = RunPace.ratio(of: try Samples.model.get())
        #expect(worst(ratio: ratio) < 0.25)
        // What was taken for the work before, that every token costs the same, is off by more than half of it.
        #expect(worst(ratio: 0) > 0.5)
    }

    @Test func chunksCorrectWhatOperationsSay() {
        var pace = RunPace(ratio: 9.7e-8 / 0.37e-3 / 2)
        for tokens in stride(from: 1_024, through: 16_384, by: 1_024) {
            pace.note(tokens: tokens, seconds: Self.seconds(tokens))
        }
        let left = Self.seconds(Self.total) - Self.seconds(16_384)
        #expect(pace.seconds(from: 16_384, to: Self.total).map { abs($0 / left - 1) < 0.25 } == true)
    }

    @Test func nothingIsSaidBeforeTheFirstChunk() {
        var pace = RunPace(ratio: 1e-4, first: 512)
        #expect(pace.seconds(from: 512, to: 2_000) == nil)
        pace.note(tokens: 512, seconds: 0)
        #expect(pace.seconds(from: 512, to: 2_000) == nil)
        pace.note(tokens: 1_024, seconds: 1)
        #expect(pace.seconds(from: 1_024, to: 1_024) == 0)
    }
}
