import Foundation
import TestSupport
import Testing

@Suite struct CircuitsCommandTests {
    private static let small = [
        "circuits", "--lengths", "200", "--depths", "0,80", "--seeds", "0,1", "--excerpt", "120",
    ]

    @Test func aLineAHeadAndMeasure() throws {
        let run = try CommandRun(Self.small + ["--json"])
        run.expectFine()
        let rows = try run.objects()
        // Three of needles, one of the text, five of both texts.
        #expect(rows.count == 32 * (3 + 1 + 2 * 5))
        let columns = ["layer", "head", "measure", "test", "mean", "spread", "chance", "drawn", "seeds", "found"]
        #expect(rows.allSatisfy { Set($0.keys) == Set(columns) })
        func found(_ measure: String, _ test: String) -> [String] {
            rows.filter {
                $0["measure"] as? String == measure && $0["test"] as? String == test && $0["found"] as? Int == 1
            }.map { "L\($0["layer"] as? Int ?? -1)H\($0["head"] as? Int ?? -1)" }
        }
        #expect(Set(found("induction", "repeats")).isSuperset(of: ["L3H6", "L3H7"]))
        #expect(Set(found("previous", "repeats")).isSuperset(of: ["L1H3", "L2H2", "L2H3"]))
        for row in rows {
            guard let mean = row["mean"] as? Double, row["measure"] as? String != "next" else { continue }
            #expect(mean >= 0 && mean < 1.0001 && (1...2).contains(row["seeds"] as? Int ?? 0))
        }
        let csv = try CommandRun(Self.small + ["--csv"])
        csv.expectFine()
        #expect(csv.lines.count == rows.count + 1 && csv.lines[0] == columns.joined(separator: ","))
    }

    @Test func theTableHasAGridAndAllKinds() throws {
        let run = try CommandRun(Self.small + ["--measure", "induction", "--threshold", "0.2"])
        run.expectFine()
        #expect(run.output.contains("on random tokens repeated once: per cent") && run.output.contains("* found"))
        #expect(run.output.contains("by chance, of equal weights"))
        for kind in ["by-step", "by-token", "of-answer", "next", "streaming", "sink", "previous", "duplicate"] {
            #expect(run.lines.contains { $0.hasPrefix(kind) }, "\(kind)")
        }
        let needle = try CommandRun(Self.small)
        needle.expectFine()
        #expect(
            needle.output.contains("the same keys in any other order") && needle.output.contains("of 4 prompts count"))
    }

    @Test func headsAreLeftOut() throws {
        let words = Self.small + ["--measure", "of-answer", "--all", "--ablate", "1,3", "--draws", "2"]
        let run = try CommandRun(words + ["--json"])
        run.expectFine()
        let sets = try run.objects()
        #expect(
            sets.map { $0["left_out"] as? String ?? "" } == [
                "nothing", "strongest", "random", "random", "strongest", "random", "random",
            ])
        #expect(sets.map { $0["count"] as? Int ?? -1 } == [0, 1, 1, 1, 3, 3, 3])
        #expect(sets.allSatisfy { $0["prompts"] as? Int == 4 })
        #expect(sets[0]["method"] as? String == "" && sets[0]["loss_change"] is NSNull)
        let method = try #require(sets[4]["method"] as? String)
        #expect(method.contains("ablate:layers="))
        let (whole, without) = (
            try #require(sets[0]["loss"] as? Double), try #require(sets[4]["loss"] as? Double)
        )
        #expect(abs(try #require(sets[4]["loss_change"] as? Double) - (without - whole)) < 1e-4 && without > whole)
        // The needle test itself says the same of the seeds behind.
        let needle = try CommandRun(
            ["needle", "--lengths", "200", "--depths", "0,80", "--seeds", "2,3", "--candidates", "0", "--json"]
                + ["--method", method])
        needle.expectFine()
        let losses = try needle.objects().map {
            try #require($0["loss"] as? Double) / Double(try #require($0["answer_tokens"] as? Int))
        }
        #expect(losses.count == 4 && abs(losses.reduce(0, +) / 4 - without) < 0.05)
        let table = try CommandRun(words)
        table.expectFine()
        #expect(table.output.contains("3 strongest") && table.output.contains("3 at random, 2 draws"))
        #expect(table.output.contains("seeds 2, 3"))
    }

    @Test func whatIsWrongIsSaid() throws {
        try CommandRun("circuits --ids x.json").expectError("give TEXT")
        try CommandRun("circuits --json --csv").expectError("leave one out")
        try CommandRun("circuits --draws 2").expectError("--ablate")
        try CommandRun("circuits --ablate 2 --threshold 0.5").expectError("--threshold")
        try CommandRun("circuits --threshold 2").expectError("0 to 1")
        try CommandRun("circuits --measure nothing").expectError("by-step")
        try CommandRun("circuits --ablate 0").expectError("1 to 4,096")
        try CommandRun("circuits --task nothing").expectError("there is no task")
        try CommandRun(["circuits", "--model", Fixture.path("hf/t5")]).expectError("t5")
        let none = try CommandRun(
            "circuits --lengths 16 --depths 0 --seeds 0 --excerpt 32 --ablate 1")
        none.expectError("no head has a score by by-step")
    }
}
