import RopewalkMethods
import RopewalkModels
import Testing

@testable import RopewalkLens

/// The scores of all heads, step by step: what they come to, and how little a step does.
struct HeadScoreWalkTests {
    @Test(arguments: [[], ["lambda:sink=4,window=64"], ["topk:k=7,window=16,sink=2"], ["alibi"]])
    func theWalkComesToTheScoresOfAllHeads(specs: [String]) throws {
        let lens = Lens(recording: try Sample.recording(300, specs, chunkSize: 256), threads: 2)
        var walk = HeadScoreWalk(lens, atOnce: 0)
        #expect(walk.scores.isEmpty && !walk.isComplete)
        var steps = 0
        while !walk.isComplete {
            let known = walk.scores.count
            walk.next()
            #expect(walk.scores.count - known <= 1)
            steps += 1
        }
        #expect(walk.scores == lens.headScores())
        // The sums, the strongest keys and the end of each head, and its sinks.
        #expect(steps == walk.scores.reduce(0) { $0 + 3 + $1.sinks.count })
        walk.next()
        #expect(walk.scores.count == 8)
    }

    @Test func aShortTextIsKnownAtOnce() throws {
        let lens = Lens(recording: try Sample.recording(24), threads: 1)
        #expect(HeadScoreWalk(lens).scores == lens.headScores())
    }

    @Test func aPreviewHasTheScoresOfItsRun() throws {
        let run = Lens(recording: try Sample.recording(300, chunkSize: 256), threads: 1)
        let preview = Lens(
            recording: run.recording, scenario: try Scenario(parsing: ["lambda:sink=4,window=64"]), threads: 1)
        var walk = HeadScoreWalk(preview, atOnce: 0)
        while !walk.isComplete { walk.next() }
        #expect(walk.scores == run.headScores())
    }

    @Test func sinksAloneAreThoseOfTheScores() throws {
        let lens = Lens(recording: try Sample.recording(300, chunkSize: 256), threads: 2)
        let scores = lens.headScores()
        for score in scores {
            #expect(lens.sinkKeys(layer: score.layer, head: score.head) == Set(score.sinks.map(\.key)))
        }
        #expect(lens.sinkKeys(layer: 9, head: 0).isEmpty && lens.sinkKeys(layer: 0, head: -1).isEmpty)
        #expect(
            lens.sinkHeads(layers: [1, 0, 1], heads: [3, 1]) == SinkHeads.byKey(scores.filter { $0.head % 2 == 1 }))
    }

    /// A column is the same whatever stretches it is made in.
    @Test(arguments: [[], ["lambda:sink=4,window=64"], ["topk:k=7,window=16,sink=2"]])
    func stretchesOfAColumnAreTheColumn(specs: [String]) throws {
        let lens = Lens(recording: try Sample.recording(700, specs, chunkSize: 256), threads: 2)
        for key in [0, 3, 255, 256, 300] {
            let column = try #require(KeyColumn(lens, layer: 1, head: 2, key: key))
            let whole = try #require(lens.column(layer: 1, head: 2, key: key))
            #expect(whole.first == column.first && column.stretches == [column.first..<700])
            let parts = [column.first..<512, 512..<700].flatMap { column.weights(of: $0) }
            #expect(parts == whole.weights)
            #expect(whole.weights.count == 700 - whole.first)
        }
    }

    @Test func countsAreThoseOfADictionary() {
        let numbers: [Int32] = [3, 0, 3, -1, 9, 12, 9, 3, -1]
        var (few, all) = (TokenCounts(upTo: 5), TokenCounts(upTo: 12))
        for number in numbers {
            few.add(number)
            all.add(number)
        }
        for number: Int32 in [-2, -1, 0, 1, 3, 9, 12, 99] {
            let expected = numbers.count { $0 == number }
            #expect(few[number] == expected && all[number] == expected)
        }
        #expect(few.product(all) == 9 + 1 + 4 + 4 + 1)
        #expect(Set(few.numbers(occurring: 2).map(\.number)) == [3, 9, -1])
    }
}
