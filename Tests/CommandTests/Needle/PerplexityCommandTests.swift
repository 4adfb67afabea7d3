import Foundation
import TestSupport
import Testing

@Suite struct PerplexityCommandTests {
    private static let moby = Fixture.project.appendingPathComponent("samples/texts/moby-dick.txt").path
    private static let alice = Fixture.project.appendingPathComponent("samples/texts/alice.txt").path

    @Test func windowsHaveCountsByPosition() throws {
        let run = try CommandRun([
            "perplexity", Self.moby, Self.alice, "--tokens", "600", "--window", "256", "--stride", "128", "--bucket",
            "200",
            "--method", "rope", "--method", "ntk:factor=4", "--json",
        ])
        run.expectFine()
        let reports = try run.objects()
        #expect(reports.map { $0["method"] as? String } == ["rope", "ntk:factor=4"])
        for report in reports {
            #expect(report["predictions"] as? Int == 2 * 599 && report["texts"] as? Int == 2)
            let buckets = try #require(report["buckets"] as? [[String: Any]])
            #expect(buckets.map { $0["count"] as? Int } == [400, 400, 398])
            #expect(buckets.map { $0["from"] as? Int } == [0, 200, 400])
            let loss = try #require(report["loss"] as? Double)
            let perplexity = try #require(report["perplexity"] as? Double)
            #expect(abs(exp(loss) - perplexity) < 1e-9 * perplexity)
        }
    }

    /// What compare says of one run over a text.
    @Test func aWholeTextIsThatOfCompare() throws {
        let whole = try CommandRun(["perplexity", Self.moby, "--tokens", "300", "--json"])
        whole.expectFine()
        let compared = try CommandRun(["compare", Self.moby, "--tokens", "300", "--method", "rope", "--json"])
        compared.expectFine()
        let one = try #require(try whole.objects().first?["perplexity"] as? Double)
        let other = try #require(try compared.objects().first?["perplexity"] as? Double)
        #expect(abs(one - other) < 1e-9 * one)
    }

    @Test func contextsAreCompared() throws {
        let run = try CommandRun([
            "perplexity", Self.moby, "--tokens", "400", "--contexts", "32,64,128", "--csv",
        ])
        run.expectFine()
        let contexts = run.lines.filter { $0.contains(",context,") }
        #expect(contexts.count == 3 && contexts.allSatisfy { $0.contains(",272,") })
        let table = try CommandRun(["perplexity", Self.moby, "--tokens", "400", "--contexts", "32,64,128"])
        table.expectFine()
        #expect(table.output.contains("enough") && table.output.contains("the same 272 tokens"))
    }

    @Test func figuresAreWritten() throws {
        let scratch = try Scratch()
        let path = scratch.path("loss.svg")
        try CommandRun(["perplexity", Self.moby, "--tokens", "400", "--contexts", "32,64", "--figure", path])
            .expectFine()
        #expect(try String(contentsOfFile: path, encoding: .utf8).contains("Loss by position"))
        #expect(try String(contentsOfFile: scratch.path("loss-2.svg"), encoding: .utf8).contains("Loss by context"))
    }

    @Test func whatCannotBeIsSaidBeforeAnyWork() throws {
        try CommandRun("perplexity --stride 5").expectError("--window")
        try CommandRun("perplexity --window 8 --stride 9").expectError("--stride 9", "8")
        try CommandRun("perplexity --tokens 100 --contexts 100").expectError("--contexts 100")
        try CommandRun("perplexity --json --csv").expectError("leave one out")
        try CommandRun("perplexity /nowhere").expectError("/nowhere")
        try CommandRun("perplexity --figure x").expectError("--figure")
    }
}
