import Testing

@testable import RopewalkMethods

@Suite struct HighestScoresTests {
    @Test func theSameAsASort() {
        var random = SplitMix(state: 7)
        for count in [0, 1, 2, 3, 10, 65, 300] {
            for values in [1, 2, 5, 1000] {
                let scores = (0..<count).map { _ in Double(Int.random(in: 0..<values, using: &random)) }
                for k in [-1, 0, 1, 2, count / 2, count - 1, count, count + 3] {
                    let sorted = ranked(Array(scores.indices)) { scores[$0] }
                    #expect(HighestScores.indices(k, of: scores) == sorted.prefix(max(0, k)).sorted())
                }
            }
        }
    }

    @Test func ofEqualScoresTheFirst() {
        #expect(HighestScores.indices(3, of: [1.0, 1, 2, 1, 1]) == [0, 1, 2])
        #expect(HighestScores.indices(1, of: [Float](repeating: 0, count: 100_000)) == [0])
    }

    @Test func whatIsNotANumberIsTheLowest() {
        #expect(HighestScores.indices(2, of: [Double.nan, -1, .nan, -.infinity]) == [0, 1])
        #expect(HighestScores.indices(2, of: [Double.nan, -1, .infinity]) == [1, 2])
    }

    /// Orders on which a pivot could be unlucky again and again.
    @Test func anyOrderIsFast() {
        let count = 50_000
        let orders: [(Int) -> Int] = [
            { $0 }, { -$0 }, { $0 % 2 }, { $0 < count / 2 ? $0 : count - $0 }, { $0 % 2 == 0 ? $0 : count + $0 },
        ]
        for order in orders {
            let scores: [Double] = (0..<count).map { Double(order($0)) }
            let best = HighestScores.indices(100, of: scores)
            #expect(best == ranked(Array(scores.indices)) { scores[$0] }.prefix(100).sorted())
        }
    }
}
