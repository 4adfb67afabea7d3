import Foundation
import TestSupport
import Testing

/// `heads --measures` and `heads --needle`.
struct HeadMapTests {
    @Test func measuresStandBesideThoseOfEqualWeights() throws {
        let run = try CommandRun("heads --tokens 200 --measures --sinks 4 --json")
        run.expectFine()
        let heads = try run.objects()
        #expect(heads.count == 32)
        for head in heads {
            func number(_ name: String) -> Double { head[name] as? Double ?? .nan }
            #expect(head["queries"] as? Int == 200 && head["sink_tokens"] as? Int == 4)
            #expect((0...1).contains(number("normalised_entropy")) && number("effective_keys") >= 1)
            #expect(abs(number("uniform_distance") - 199.0 / 4) < 1e-6)
            for name in ["sink", "previous_token", "itself", "duplicate", "induction"] {
                #expect((0...1).contains(number(name)) && (0...1).contains(number(name + "_chance")), "\(name)")
            }
        }
        // The head that is known to look at the token before.
        let known = try #require(heads.first { $0["layer"] as? Int == 2 && $0["head"] as? Int == 3 })
        #expect(known["previous_token"] as? Double ?? 0 > 0.7)
        let table = try CommandRun("heads --tokens 60 --measures --layers 1 --heads 0-1")
        table.expectFine()
        #expect(table.lines.count == 4 && table.lines.last?.hasPrefix("of equal weights: first 1 ") == true)
    }

    /// A text that begins again: heads that copy look at the first time.
    @Test func headsThatCopyAreFound() throws {
        let scratch = try Scratch()
        let once = (0..<40).map { 300 + $0 * 37 % 900 }
        let ids = try scratch.file("ids.json", "\(once + once[0..<20])")
        let run = try CommandRun(["heads", "--ids", ids, "--needle", "20-39", "--count", "15", "--json"])
        #expect(run.status == 0)
        let heads = try run.objects()
        #expect(heads.count == 32)
        let scores = heads.map { $0["by_step"] as? Double ?? .nan }
        #expect(scores == scores.sorted(by: >) && scores.allSatisfy { (0...0.75).contains($0) })
        for head in heads {
            let (step, token) = (head["by_step"] as? Double ?? .nan, head["by_token"] as? Double ?? .nan)
            #expect(abs(step - Double(head["hits"] as? Int ?? -1) / 20) < 1e-6 && token <= step + 1e-6)
        }
        let table = try CommandRun(["heads", "--ids", ids, "--needle", "20-39", "--count", "2", "--layers", "3"])
        #expect(table.lines.count == 10 && table.lines.last?.contains("over 2 tokens") == true)
    }

    @Test func whatDoesNotGoTogetherIsRefused() throws {
        try CommandRun("heads --measures --ablate").expectError("only one")
        try CommandRun("heads --sinks 3").expectError("--sinks", "--measures")
        try CommandRun("heads --count 3").expectError("--count", "--needle")
        try CommandRun("heads --tokens 20 --needle 15-20").expectError("--needle", "0 to 19")
        try CommandRun("heads --tokens 20 --needle 3,5").expectError("--needle", "one passage")
        try CommandRun(["heads", "--model", Fixture.path("hf/bert"), "--ids", "x", "--needle", "1-2"]).expectError("x")
    }
}
