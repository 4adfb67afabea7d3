import Foundation
import RopewalkPeers
import Testing

@Suite struct SpreadTests {
    /// Quantiles as NumPy gives them: `numpy.quantile([4, 1, 3, 2], [0.25, 0.5, 0.75])`.
    @Test func knownQuartiles() throws {
        let four = try #require(Spread([4, 1, 3, 2]))
        #expect((four.lower, four.median, four.upper) == (1.75, 2.5, 3.25))
        let five = try #require(Spread([10, 30, 20, 50, 40]))
        #expect((five.lower, five.median, five.upper) == (20, 30, 40))
        let one = try #require(Spread([7]))
        #expect((one.lower, one.median, one.upper) == (7, 7, 7))
    }

    @Test func nothingToSummarise() {
        #expect(Spread([]) == nil && Spread([1, .nan]) == nil && Spread([.infinity]) == nil)
    }

    /// A plain reference: the line through the points (i / (n − 1), sorted[i]), looked up where the share lies.
    @Test(arguments: 1..<24) func aPlainReference(_ count: Int) throws {
        let figures = (0..<count).map { Double(($0 * 7919 + 13) % 101) / 7 }
        let sorted = figures.sorted()
        func reference(_ share: Double) -> Double {
            for index in sorted.indices.dropLast() {
                let (left, right) = (Double(index) / Double(count - 1), Double(index + 1) / Double(count - 1))
                guard left <= share, share <= right else { continue }
                return sorted[index] * (right - share) / (right - left) + sorted[index + 1] * (share - left)
                    / (right - left)
            }
            return sorted[0]
        }
        let spread = try #require(Spread(figures))
        #expect(abs(spread.lower - reference(0.25)) < 1e-9)
        #expect(abs(spread.median - reference(0.5)) < 1e-9)
        #expect(abs(spread.upper - reference(0.75)) < 1e-9)
    }
}
