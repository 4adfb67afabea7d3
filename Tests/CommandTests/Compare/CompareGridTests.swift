import Foundation
import TestSupport
import Testing

@Suite struct CompareGridTests {
    private func numbers(_ grid: Any?, _ name: String) -> [[Double]] {
        ((grid as? [String: Any])?[name] as? [[Any]] ?? []).map { $0.map { $0 as? Double ?? .nan } }
    }

    @Test func aGridHasEveryHead() throws {
        let run = try CommandRun("compare --tokens 200 --method window:size=16@layers=1 --grid tv --json")
        run.expectFine()
        let report = try #require(try run.objects().first)
        #expect(report["measure"] as? String == "tv" && report["measured_queries"] as? Int == 128)
        let (local, far) = (numbers(report["local"], "mean"), numbers(report["cumulative"], "mean"))
        #expect(local.count == 4 && local.allSatisfy { $0.count == 8 } && far.count == 4)
        // Layer 1 alone is changed; what is above it reads other inputs in the whole run alone.
        for (layer, row) in local.enumerated() { #expect(row.allSatisfy { ($0 > 0) == (layer == 1) }) }
        #expect(far[0].allSatisfy { $0 == 0 } && far[1] == local[1] && far[2].allSatisfy { $0 > 0 })
        let tails = numbers(report["local"], "tail")
        #expect(zip(tails[1], local[1]).allSatisfy { $0 >= $1 * 0.5 && $0 <= 1 })
    }

    @Test func weightsMoveMapsToo() throws {
        let run = try CommandRun("compare --tokens 120 --weights-like q4_0 --grid js")
        run.expectFine()
        #expect(run.output.contains("Jensen-Shannon") && run.output.contains("cumulative, mean"))
        #expect(run.lines.count { $0.contains("H7") } == 4)
        let kept = try CommandRun("compare --tokens 120 --weights-like q4_0 --grid recall --json").objects()
        let recall = numbers(kept.first?["local"], "mean").joined()
        #expect(recall.allSatisfy { $0 > 0.5 && $0 <= 1 } && recall.contains { $0 < 1 })
    }

    @Test func mistakesAreSaid() throws {
        try CommandRun("compare --tokens 60 --grid js").expectError("--grid", "--method")
        try CommandRun("compare --tokens 60 --method rope --grid l2").expectError("--grid")
        try CommandRun("compare --tokens 60 --excerpts 2 --method pi --grid js").expectError("--excerpts")
        let pair = Fixture.path("hf/t5")
        let scratch = try Scratch()
        let ids = try scratch.file("ids.json", "[1, 2, 3, 4]")
        try CommandRun(["compare", "--model", pair, "--ids", ids, "--method", "window:size=2", "--grid", "js"])
            .expectError("kinds of attention")
    }
}
