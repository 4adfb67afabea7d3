import Foundation
import TestSupport
import Testing

struct AskFlashTests {
    private static let text = "ask flash --tokens 120"
    private static let head = "--head 3.7 --tile-queries 16 --tile-keys 32"

    /// The row ends with what the plain softmax gives, and `ask keys` has the weights of.
    @Test func aRowEndsAsTheSoftmaxDoes() throws {
        let run = try CommandRun("\(Self.text) \(Self.head) --at 100 --format json")
        run.expectFine()
        let rows = try run.objects()
        #expect(rows.count == 5 && rows.map { $0["keys"] as? Int } == [32, 32, 32, 5, -1])
        #expect(rows.dropLast().allSatisfy { $0["row"] as? String == "tile" })
        func number(_ row: Int, _ name: String) -> Double { rows[row][name] as? Double ?? .nan }
        for name in ["result", "log_sum_exp"] { #expect(abs(number(3, name) - number(4, name)) < 1e-4, "\(name)") }
        for row in 1..<4 {
            #expect(number(row, "m") == max(number(row - 1, "m"), number(row, "tile_highest")))
            let sum = number(row - 1, "l") * number(row, "factor") + number(row, "added")
            #expect(abs(sum - number(row, "l")) < 1e-4 * sum)
        }
        let last = try CommandRun("\(Self.text) \(Self.head) --format csv")
        last.expectFine()
        #expect(
            last.output.hasPrefix("row,tile,first_key,keys,seen,tile_highest,m,factor,added,l,o,result,log_sum_exp\n"))
    }

    @Test func tilesAndTrafficAgree() throws {
        let tiles = try CommandRun("\(Self.text) \(Self.head) --show tiles --format json").objects()
        let traffic = try CommandRun("\(Self.text) \(Self.head) --show traffic --format json").objects()
        #expect(traffic.map { $0["way"] as? String } == ["standard", "flash_1", "flash_2"])
        let counted = try #require(traffic[2]["counted"] as? Int)
        #expect(tiles.last?["moved"] as? Int == counted && traffic[2]["bytes"] as? Int == counted * 4)
        // 8 × 4 tiles of a causal map of 120 tokens: those above the diagonal are skipped.
        #expect(tiles.count == 20 && traffic[0]["skipped"] as? Int == 12)
        #expect(traffic[0]["formula"] as? Int == 4 * 120 * 32 + 4 * 120 * 120)
        #expect(traffic[1]["formula"] as? Int == 2 * 120 * 32 + 4 * (3 * 120 * 32 + 4 * 120))
        #expect(traffic[2]["formula"] as? Int == 2 * 120 * 32 + 120 + 8 * 2 * 120 * 32)
        #expect(counted < traffic[2]["formula"] as? Int ?? 0)
        let other = try CommandRun("\(Self.text) \(Self.head) --show tiles --order 1 --format json").objects()
        let columns = other.map { $0["column"] as? Int ?? 9 }
        #expect(columns.count == 20 && columns == columns.sorted())
    }

    @Test func splitsJoin() throws {
        let rows = try CommandRun("\(Self.text) --head 1.2 --splits 3 --show splits --format json").objects()
        #expect(rows.map { $0["row"] as? String } == ["part", "part", "part", "joined", "plain_softmax"])
        let shares = rows.prefix(3).reduce(0) { $0 + ($1["share"] as? Double ?? .nan) }
        #expect(abs(shares - 1) < 1e-4)
        let (joined, plain) = (rows[3]["result"] as? Double ?? 0, rows[4]["result"] as? Double ?? 1)
        #expect(abs(joined - plain) < 1e-4)
    }

    @Test func whatCannotBeAskedIsRefused() throws {
        try CommandRun("ask flash --tokens 50 --at 50 --head 0.0").expectError("--at", "0 to 49")
        try CommandRun("ask flash --tokens 50 --head 4.0").expectError("--head")
        try CommandRun("ask flash --tokens 50 --head 0.0 --show all").expectError("--show")
        try CommandRun("ask flash --tokens 50 --head 0.0 --tile-keys 0").expectError("--tile-keys", "1 to")
        try CommandRun("ask flash --tokens 50 --head 0.0 --fast-memory 3").expectError("--fast-memory", "16 to")
        try CommandRun("ask flash --tokens 50 --head 0.0 --order 3").expectError("--order")
        try CommandRun("ask flash --tokens 50").expectError("--head")
        try CommandRun("ask flash --tokens 2200 --head 0.0 --tile-keys 1 --tile-queries 1 --show traffic").expectError(
            "give larger ones")
    }
}
