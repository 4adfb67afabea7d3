import Foundation
import RopewalkModels
import Testing

@testable import RopewalkLens

/// Measures of the heads of runs, row by row, beside what the run measured on its way.
struct HeadMeasureTests {
    @Test(arguments: [[], ["lambda:sink=4,window=64"]]) func meansAreThoseOfTheRun(specs: [String]) throws {
        let recording = try Sample.recording(300, specs, chunkSize: 256)
        let lens = Lens(recording: recording, threads: 2)
        for score in lens.headScores() {
            let measures = try #require(lens.headMeasures(layer: score.layer, head: score.head, sinkTokens: 4))
            #expect(measures.queries == 300 && measures.sink.queries == 296 && measures.previousToken.queries == 299)
            // The run's are float32 sums, in bits.
            let bits = try #require(measures.meanEntropy) / log(2)
            #expect(abs(bits - Double(score.entropy)) < 2e-4)
            #expect(abs(try #require(measures.distance) - Double(score.meanDistance)) < 1e-3)
            // Of all queries the first has no token before.
            let previous = try #require(measures.previousToken.weight) * 299 / 300
            #expect(abs(previous - Double(score.previousToken)) < 1e-5)
            let first = try #require(lens.headMeasures(layer: score.layer, head: score.head))
            let row = try #require(lens.row(layer: score.layer, head: score.head, query: 0))
            let all = (try #require(first.sink.weight) * 299 + Double(row.weights[0])) / 300
            #expect(abs(all - Double(score.firstToken)) < 1e-5)
            let even = try #require(measures.uniformDistance)
            #expect(abs(even - 299.0 / 4) < 1e-9)
        }
    }

    /// In plain words, of one head.
    @Test func targetsAreSummedUp() throws {
        let recording = try Sample.recording(120)
        let lens = Lens(recording: recording, threads: 2)
        let ids = recording.ids
        let measures = try #require(lens.headMeasures(layer: 1, head: 2))
        var (same, after): ([Double], [Double]) = ([], [])
        for query in 0..<120 {
            let row = try #require(lens.row(layer: 1, head: 2, query: query)).weights.map(Double.init)
            let earlier = (0..<query).filter { ids[$0] == ids[query] }
            guard !earlier.isEmpty else { continue }
            same.append(earlier.reduce(0) { $0 + row[$1] })
            after.append(earlier.reduce(0) { $0 + row[$1 + 1] })
        }
        #expect(measures.duplicate.queries == same.count && measures.induction.queries == after.count)
        let (duplicate, induction) = (
            try #require(measures.duplicate.weight), try #require(measures.induction.weight)
        )
        let (expected, followed) = (
            same.reduce(0, +) / Double(same.count), after.reduce(0, +) / Double(after.count)
        )
        #expect(abs(duplicate - expected) < 1e-9 && abs(induction - followed) < 1e-9)
    }

    /// Which steps of an answer look where they copy from.
    @Test func copiesAreThoseOfTheStrongestKeys() throws {
        let once = Sample.ids(40)
        let model = try Sample.model()
        let recording = try Recorder(model: model, threads: 2, chunkSize: 32).record(once + once[10..<20] + [3])
        let lens = Lens(recording: recording, threads: 2)
        let scores = try #require(lens.copyScores(needle: 10..<20, from: 40))
        #expect(scores.count == 8)
        for (index, score) in scores.enumerated() {
            var hits = 0
            for query in 39..<50 {
                let row = try #require(lens.row(layer: index / 4, head: index % 4, query: query)).weights
                let top = row.indices.max { (row[$0], $1) < (row[$1], $0) } ?? 0
                if (10..<20).contains(top), recording.ids[top] == recording.ids[query + 1] { hits += 1 }
            }
            let found = try #require(score)
            #expect(found.steps == 11 && found.hits == hits && found.byStep == Double(hits) / 10)
            #expect(found.byToken <= 1)
        }
        #expect(lens.copyScores(needle: 10..<20, from: 19) == nil)
        #expect(lens.copyScores(needle: 10..<10, from: 40) == nil)
        #expect(lens.copyScores(needle: -1..<10, from: 40) == nil && lens.copyScores(needle: 0..<3, from: 51) == nil)
    }

    /// The first and the last tokens together, in plain words, and measures from a token on.
    @Test func streamingIsTheSumOfTwoParts() throws {
        let recording = try Sample.recording(150)
        let lens = Lens(recording: recording, threads: 2)
        let measures = try #require(
            lens.headMeasures(layer: 1, head: 1, sinkTokens: 3, recentTokens: 20, from: 60))
        var (sums, chances): ([Double], [Double]) = ([], [])
        for query in 60..<150 {
            let row = try #require(lens.row(layer: 1, head: 1, query: query)).weights.map(Double.init)
            sums.append(row[..<3].reduce(0, +) + row[(query - 19)...query].reduce(0, +))
            chances.append(23 / Double(query + 1))
        }
        #expect(measures.queries == 90 && measures.streaming.queries == 90)
        #expect(abs(try #require(measures.streaming.weight) - sums.reduce(0, +) / 90) < 1e-9)
        #expect(abs(try #require(measures.streaming.chance) - chances.reduce(0, +) / 90) < 1e-12)
        // Of the first queries, which see nothing else, there is nothing to say.
        let all = try #require(lens.headMeasures(layer: 1, head: 1, sinkTokens: 3, recentTokens: 20))
        #expect(all.streaming.queries == 150 - 23)
        let none = try #require(lens.headMeasures(layer: 1, head: 1, sinkTokens: .max, recentTokens: .max))
        #expect(none.streaming.queries == 0 && none.streaming.weight == nil)
    }

    /// Chance against all orders of four steps, one by one.
    @Test func chanceIsTheMeanOverAllOrders() {
        let ids: [Int32] = [9, 9, 5, 6, 5, 7, 1, 2, 3]
        let keys = [2, 3, 4, 0]
        let written: [Int32] = [5, 7, 5, 6]
        var score = CopyScore(ids, needle: 2..<6)
        for (step, key) in keys.enumerated() { score.add(key: key, written: written[step], keys: 10 + step) }
        var (hits, copied, orders) = (0, 0, 0)
        for a in 0..<4 {
            for b in 0..<4 where b != a {
                for c in 0..<4 where c != a && c != b {
                    let order = [a, b, c, 6 - a - b - c]
                    let met = zip(keys, order).filter { (2..<6).contains($0) && ids[$0] == written[$1] }
                    hits += met.count
                    copied += Set(met.map { ids[$0.0] }).count
                    orders += 1
                }
            }
        }
        #expect(orders == 24)
        #expect(abs(score.shuffledHits - Double(hits) / 24) < 1e-12)
        #expect(abs(score.shuffledCopied - Double(copied) / 24) < 1e-12)
        // Keys from all: two places hold 5, one 6, one 7.
        #expect(abs(score.drawnHits - (2.0 / 10 + 1.0 / 11 + 2.0 / 12 + 1.0 / 13)) < 1e-12)
        let fives = 1 - (1 - 2.0 / 10) * (1 - 2.0 / 12)
        #expect(abs(score.drawnCopied - (fives + 1.0 / 11 + 1.0 / 13)) < 1e-12)
        #expect(score.hits == 2 && score.copied == 1 && score.needleTokens == 4 && score.differentTokens == 3)
    }

    /// Two passages count as one.
    @Test func passagesCountTogether() throws {
        let once = Sample.ids(40)
        let recording = try Recorder(model: Sample.model(), threads: 2, chunkSize: 32).record(once + once[10..<20])
        let lens = Lens(recording: recording, threads: 2)
        let whole = try #require(lens.copyScores(needle: 10..<20, from: 40))
        let parts = try #require(lens.copyScores(needles: [10..<14, 12..<20], from: 40))
        #expect(whole == parts)
        #expect(lens.copyScores(needles: [], from: 40) == nil && lens.copyScores(needles: [3..<3], from: 40) == nil)
    }
}
