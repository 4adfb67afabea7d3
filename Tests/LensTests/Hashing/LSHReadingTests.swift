import Foundation
import RopewalkMethods
import RopewalkModels
import Testing

@testable import RopewalkLens

/// How hashing comes to the keys of a query, against the rows of the lens.
struct LSHReadingTests {
    static let specs = [
        "lsh:rounds=4,buckets=8", "lsh:rounds=4,buckets=8,chunk=16,shared=1,form=code,window=0",
        "lsh:rounds=3,buckets=4,split=2,chunk=24,form=rounds",
    ]

    @Test(arguments: specs, [true, false]) func roundsComeToWhatIsRead(spec: String, isRun: Bool) throws {
        let lens =
            isRun
            ? Lens(recording: try Sample.recording(300, [spec]), threads: 2)
            : Lens(recording: try Sample.recording(300), scenario: try Scenario(parsing: [spec]), threads: 2)
        for query in [0, 7, 150, 299] {
            let reading = try #require(lens.lshReading(layer: 1, head: 2, query: query, top: 8))
            let mask = try #require(lens.maskRow(layer: 1, head: 2, query: query))
            #expect(reading.keys == mask.visible, "\(spec) \(query)")
            // Where no round finds a key, none gives a share.
            let shares: Float = reading.rounds.contains { $0.keys > 0 } ? 1 : 0
            #expect(abs(reading.rounds.reduce(0) { $0 + $1.share } - shares) < 1e-5)
            // Another round finds more, never less.
            for (a, b) in zip(reading.recalls, reading.recalls.dropFirst()) {
                #expect(b.own >= a.own && b.kept >= a.kept - 1e-6 && b.meanOwn >= a.meanOwn - 1e-6)
            }
            let last = try #require(reading.recalls.last)
            #expect((0...1).contains(last.own) && (0...1).contains(last.meanKept))
            for (round, part) in reading.rounds.enumerated() {
                #expect(part.bucket == reading.recent[round].last)
                #expect(part.chunks.last?.members.isEmpty == false)
            }
        }
        #expect(lens.lshReading(layer: 1, head: 2, query: 300) == nil)
        let counts = try #require(lens.lshCounts(layer: 1, head: 2))
        let seen = (0..<300).reduce(0) { $0 + (lens.maskRow(layer: 1, head: 2, query: $1)?.visible.count ?? 0) }
        #expect(counts.pairs == seen && counts.fullPairs == 300 * 301 / 2)
    }

    @Test func withoutHashingThereIsNothing() throws {
        let lens = Lens(recording: try Sample.recording(40), threads: 1)
        #expect(lens.lshReading(layer: 0, head: 0, query: 3) == nil && lens.lshCounts(layer: 0, head: 0) == nil)
    }
}
