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
        let tops = rows.map(strongest)
        let sinks = Self.sinks(tops)
        return [
            mean(rows.map { $0.reduce(0) { $1 > 0 ? $0 - $1 * log2($1) : $0 } }),
            mean(queries.map { query in rows[query].indices.reduce(0) { $0 + rows[query][$1] * Double(query - $1) } }),
            mean(rows.map { row in sinks.reduce(0) { $1 < row.count ? $0 + row[$1] : $0 } }),
            mean(queries.map { $0 > 0 ? rows[$0][$0 - 1] : 0 }),
            mean(induction), retrieval(tops, sinks: sinks, ids: ids, keyIDs: ids),
        ]
    }

    /// The key with the highest weight, the first of equal ones; nil where a query sees nothing.
    static func strongest(_ row: [Double]) -> Int? {
        let top = row.indices.max { (row[$0], $1) < (row[$1], $0) }
        return top.flatMap { row[$0] > 0 ? $0 : nil }
    }

    /// The definition in plain words: keys that are the strongest of one query in twenty, and of three.
    static func sinks(_ tops: [Int?]) -> Set<Int> {
        let keys = Set(tops.compactMap { $0 })
        return keys.filter { key in
            let count = tops.count { $0 == key }
            return count >= 3 && 20 * count >= tops.count
        }
    }

    /// Hits above chance: chance is the mean over all rotations of the next tokens, each of which brings every key that is
    /// no sink before every next token once.
    static func retrieval(_ tops: [Int?], sinks: Set<Int>, ids: [Int32], keyIDs: [Int32]) -> Double {
        let pairs = tops.enumerated().compactMap { query, top in
            query + 1 < ids.count ? top.map { (key: $0, next: ids[query + 1]) } : nil
        }
        let looking = pairs.filter { !sinks.contains($0.key) }
        let hits = looking.count { keyIDs[$0.key] == $0.next }
        let all = looking.reduce(0) { sum, pair in sum + pairs.count { keyIDs[pair.key] == $0.next } }
        guard !pairs.isEmpty else { return 0 }
        return (Double(hits) - Double(all) / Double(pairs.count)) / Double(pairs.count)
    }

    /// A head that always looks at one common word hits often, and has no more than chance; that key is its sink.
    @Test func lookingAtOneCommonWordIsNoRetrieval() {
        let ids: [Int32] = (0..<200).map { $0 % 4 == 1 ? 7 : Int32($0) + 100 }
        let constant: [Int?] = ids.indices.map { $0 >= 5 ? 5 : 0 }
        #expect(Self.sinks(constant) == [5])
        #expect(Self.retrieval(constant, sinks: [5], ids: ids, keyIDs: ids) <= 0)
        #expect(abs(Self.retrieval(constant, sinks: [], ids: ids, keyIDs: ids)) < 0.02)
        let knowing: [Int?] = ids.indices.map { $0 + 1 < 200 && $0 > 8 && ids[$0 + 1] == 7 ? ($0 / 4) * 4 - 3 : 0 }
        #expect(Self.retrieval(knowing, sinks: [0], ids: ids, keyIDs: ids) > 0.15)
    }

    /// Where sinks are, how many queries look at them, and what they weigh.
    @Test(arguments: [[], ["lambda:sink=4,window=64"]]) func sinksAreFoundWhereverTheyAre(specs: [String]) throws {
        let recording = try Sample.recording(300, specs, chunkSize: 256)
        let lens = Lens(recording: recording, threads: 2)
        for score in lens.headScores() {
            let rows = try MapTests.full(lens, layer: score.layer, head: score.head).map { $0.map(Double.init) }
            let tops = rows.map(Self.strongest)
            #expect(Set(score.sinks.map(\.key)) == Self.sinks(tops))
            #expect(score.sinks.map(\.share) == score.sinks.map(\.share).sorted(by: >))
            for sink in score.sinks {
                let weight = rows.reduce(0) { sink.key < $1.count ? $0 + $1[sink.key] : $0 } / 300
                #expect(agree(sink.weight, Float(weight), 1e-5))
                #expect(agree(sink.share, Float(tops.count { $0 == sink.key }) / 300, 1e-6))
            }
            #expect(agree(score.firstToken, Float(rows.reduce(0) { $0 + $1[0] } / 300), 1e-5))
        }
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
            case .sink:
                // The card's figures are of the first token; other tokens rest a little attention too.
                #expect(agree(score.firstToken, value?.1 ?? 0, 0.02), "\(score)")
                #expect(score.sink >= score.firstToken - 1e-4)
            case nil: break
            }
        }
    }
}
