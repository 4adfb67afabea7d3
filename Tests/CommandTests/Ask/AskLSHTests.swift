import Foundation
import TestSupport
import Testing

struct AskLSHTests {
    private static let text =
        "ask lsh --tokens 120 --head 1.2 --method lsh:rounds=3,buckets=8,chunk=16,shared=1,form=code,window=0"

    @Test func roundsAndRecall() throws {
        let rounds = try CommandRun("\(Self.text) --format json").objects()
        #expect(rounds.count == 3 && rounds.allSatisfy { (0..<8).contains($0["bucket"] as? Int ?? -1) })
        let shares = rounds.reduce(0) { $0 + ($1["share"] as? Double ?? .nan) }
        #expect(abs(shares - 1) < 1e-4)
        let recall = try CommandRun("\(Self.text) --show recall --format json").objects()
        let kept = recall.compactMap { $0["mean_kept"] as? Double }
        #expect(kept.count == 3 && kept == kept.sorted())
    }

    @Test func bucketsChunksAndMemory() throws {
        let buckets = try CommandRun("\(Self.text) --show buckets --format json").objects()
        #expect(buckets.count == 120)
        let chunks = try CommandRun("\(Self.text) --show chunks --format json").objects()
        for line in chunks {
            let (token, round) = (line["token"] as? Int ?? -1, line["round"] as? Int ?? -1)
            // The chunk before the first of a round is the last one of another.
            let own = buckets[token]["bucket_\(round)"] as? Int
            #expect(own == line["bucket"] as? Int || (line["chunk"] as? Int ?? 0) / 8 != round)
        }
        let memory = try CommandRun("\(Self.text) --show memory --format json").objects()
        #expect(memory.map { $0["numbers"] as? Int } == [4 * 120 * 256, 2 * 120 * 256])
        #expect(memory[0]["pairs"] as? Int == 120 * 121 / 2)
    }

    @Test func whatCannotBeAskedIsRefused() throws {
        try CommandRun("ask lsh --tokens 50 --head 0.0").expectError("hashes nothing")
        try CommandRun("\(Self.text) --at 120").expectError("--at", "0 to 119")
        try CommandRun("\(Self.text) --show drift").expectError("not reversible")
        try CommandRun("\(Self.text) --show all").expectError("--show")
    }
}
