import Foundation
import TestSupport
import Testing

struct AskPagedTests {
    private static let text = "ask paged --tokens 60"

    /// A fork in the middle of a block: who writes first takes a copy, the other keeps the block.
    @Test func tablesShareAndCopy() throws {
        let fork = "\(Self.text) --at 19 --block 8 --fork 12 --append 3"
        let run = try CommandRun("\(fork) --format json")
        run.expectFine()
        let rows = try run.objects()
        func table(_ name: String) -> [Int] {
            rows.filter { $0["sequence"] as? String == name }.compactMap { $0["physical"] as? Int }
        }
        #expect(table("A") == [0, 1, 3] && table("B") == [0, 2])
        #expect(rows.map { $0["holders"] as? Int } == [2, 1, 1, 2, 1])
        let events = try CommandRun("\(fork) --show events --format csv")
        #expect(events.output.contains("copied,B,1,-1,2\n"))
        let blocks = try CommandRun("\(fork) --show blocks --format json").objects()
        #expect(blocks.map { $0["sequences"] as? String }.prefix(4) == ["AB", "A", "B", "A"])
        #expect(blocks.map { $0["filled"] as? Int }.prefix(4) == [8, 8, 7, 4])
    }

    @Test func wasteIsThatOfTheSlots() throws {
        let rows = try CommandRun("\(Self.text) --at 19 --block 8 --show waste --format json").objects()
        #expect(rows.map { $0["cache"] as? String } == ["paged", "window", "power-of-two", "oracle"])
        #expect(rows[0]["slots"] as? Int == 24 && rows[0]["states"] as? Int == 20 && rows[0]["internal"] as? Int == 4)
        // Sixty tokens in one piece have no place in twenty-four slots.
        #expect(rows[3]["refused"] as? Int == 1 && rows[3]["external"] as? Int == 24)
        let large = try CommandRun("\(Self.text) --at 19 --block 8 --pool 100 --show waste --format json").objects()
        #expect(
            large[3]["slots"] as? Int == 60 && large[3]["reserved"] as? Int == 40 && large[3]["internal"] as? Int == 0)
        #expect(large[2]["slots"] as? Int == 64 && large[2]["internal"] as? Int == 4)
    }

    /// A window hides for good what it has left behind, and an evicting cache gives keys up; quest only chooses.
    @Test(arguments: [("window:size=16", true), ("h2o:heavy=8,recent=8", true), ("quest", false)])
    func blocksComeFree(spec: String, isFree: Bool) throws {
        let rows = try CommandRun("\(Self.text) --method \(spec) --head 0.0 --block 4 --format json").objects()
        #expect(rows.count == 15)
        #expect(rows.contains { $0["physical"] as? Int == -1 } == isFree)
        let all = try CommandRun("\(Self.text) --method \(spec) --block 4 --format json").objects()
        #expect(!all.contains { $0["physical"] as? Int == -1 })
    }

    @Test func whatCannotBeAskedIsRefused() throws {
        try CommandRun("\(Self.text) --at 60").expectError("--at", "0 to 59")
        try CommandRun("\(Self.text) --at 10 --fork 12").expectError("--fork", "0 to 11")
        try CommandRun("\(Self.text) --fork -1").expectError("--fork")
        try CommandRun("\(Self.text) --block 0").expectError("--block", "1 to")
        try CommandRun("\(Self.text) --pool 2").expectError("2 blocks of 16 tokens are in use")
        try CommandRun("\(Self.text) --head 9.0").expectError("--head")
        try CommandRun("\(Self.text) " + String(repeating: "--fork 3 ", count: 26)).expectError("--fork", "at most 25")
    }
}
