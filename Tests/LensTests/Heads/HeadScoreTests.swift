import Foundation
import RopewalkLens
import RopewalkModels
import Testing

/// What a run measures of its heads, against whole rows; and the circuits of the sample model.
struct HeadScoreTests {
    @Test(arguments: [[], ["lambda:sink=4,window=64"], ["topk:k=7,window=16,sink=2"]], [1, 24, 300])
    func scoresAreMeansOverRows(specs: [String], tokens: Int) throws {
        let recording = try Sample.recording(tokens, specs, chunkSize: 256)
        let lens = Lens(recording: recording, threads: 2)
        let scores = lens.headScores()
        #expect(scores.count == 8)
        for (index, score) in scores.enumerated() {
            #expect(score.layer == index / 4 && score.head == index % 4)
            let rows = try MapTests.full(lens, layer: score.layer, head: score.head).map { $0.map(Double.init) }
            let expected = Self.measures(rows, recording.ids)
            for (found, value) in zip(score.values, expected) {
                #expect(abs(Double(found) - value) <= 2e-4 * max(1, value), "\(specs) \(tokens): \(score)")
            }
        }
    }

    /// Entropy, distance, sink, previous, induction, retrieval.
    static func measures(_ rows: [[Double]], _ ids: [Int32]) -> [Double] {
        func mean(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }
        let queries = Array(rows.indices)
        let induction = queries.compactMap { query in
            ids[..<query].lastIndex(of: ids[query]).map { rows[query][$0 + 1] }
        }
        let hits = queries.dropLast().map { query in
            let top = rows[query].indices.max { (rows[query][$0], $1) < (rows[query][$1], $0) } ?? 0
            return ids[top] == ids[query + 1] ? 1.0 : 0
        }
        return [
            mean(rows.map { $0.reduce(0) { $1 > 0 ? $0 - $1 * log2($1) : $0 } }),
            mean(queries.map { query in rows[query].indices.reduce(0) { $0 + rows[query][$1] * Double(query - $1) } }),
            mean(rows.map { $0[0] }),
            mean(queries.map { $0 > 0 ? rows[$0][$0 - 1] : 0 }),
            mean(induction), mean(hits),
        ]
    }

    /// The figures of the model's card: other random tokens, hence the tolerance.
    @Test func theSampleModelHoldsItsTenCircuits() throws {
        let scores = try Circuits.scores(of: try Sample.books(), threads: 2)
        #expect(scores.count == 32)
        let expected: [String: (HeadScore.Circuit, Float)] = [
            "2.3": (.previousToken, 1.00), "1.3": (.previousToken, 0.98), "2.2": (.previousToken, 0.89),
            "2.5": (.previousToken, 0.76), "3.7": (.induction, 0.97), "3.6": (.induction, 0.94),
            "3.1": (.induction, 0.84), "1.6": (.sink, 0.76), "1.1": (.sink, 0.56), "3.3": (.sink, 0.68),
        ]
        for score in scores {
            let value = expected["\(score.layer).\(score.head)"]
            #expect(score.circuit == value?.0, "\(score)")
            switch value?.0 {
            case .previousToken: #expect(agree(score.previousToken, value?.1 ?? 0, 0.02), "\(score)")
            case .induction: #expect(agree(score.induction, value?.1 ?? 0, 0.02), "\(score)")
            case .sink: #expect(agree(score.sink, value?.1 ?? 0, 0.02), "\(score)")
            case nil: break
            }
        }
    }
}
