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
        let lines = 32 * (3 + 1 + 2 * 5)
        #expect(rows.count == lines)
        let columns = ["layer", "head", "measure", "test", "mean", "spread", "chance", "drawn", "seeds", "found"]
        let others = rows.filter { (row: [String: Any]) in Set(row.keys) != Set(columns) }
        #expect(others.isEmpty)
        func found(_ measure: String, _ test: String) -> [String] {
            let ofThese = rows.filter { (row: [String: Any]) -> Bool in
                let (itsMeasure, itsTest) = (row["measure"] as? String, row["test"] as? String)
                return itsMeasure == measure && itsTest == test && row["found"] as? Int == 1
            }
            return ofThese.map { (row: [String: Any]) -> String in
                let (layer, head) = (row["layer"] as? Int ?? -1, row["head"] as? Int ?? -1)
                return "L\(layer)H\(head)"
            }
        }
        #expect(Set(found("induction", "repeats")).isSuperset(of: ["L3H6", "L3H7"]))
        #expect(Set(found("previous", "repeats")).isSuperset(of: ["L1H3", "L2H2", "L2H3"]))
        for row in rows {
            guard let mean = row["mean"] as? Double, row["measure"] as? String != "next" else { continue }
            let seeds = row["seeds"] as? Int ?? 0
            #expect(mean >= 0 && mean < 1.0001 && (1...2).contains(seeds))
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
        let leftOut = sets.map { (row: [String: Any]) -> String in row["left_out"] as? String ?? "" }
        #expect(leftOut == ["nothing", "strongest", "random", "random", "strongest", "random", "random"])
        let counts = sets.map { (row: [String: Any]) -> Int in row["count"] as? Int ?? -1 }
        #expect(counts == [0, 1, 1, 1, 3, 3, 3])
        let prompts = sets.map { (row: [String: Any]) -> Int in row["prompts"] as? Int ?? -1 }
        #expect(Set(prompts) == [4])
        #expect(sets[0]["method"] as? String == "" && sets[0]["loss_change"] is NSNull)
        let method = try #require(sets[4]["method"] as? String)
        #expect(method.contains("ablate:layers="))
        let (whole, without) = (
            try #require(sets[0]["loss"] as? Double), try #require(sets[4]["loss"] as? Double)
        )
        let change = try #require(sets[4]["loss_change"] as? Double)
        #expect(abs(change - (without - whole)) < 1e-4 && without > whole)
        // The needle test itself says the same of the seeds behind.
        let needle = try CommandRun(
            ["needle", "--lengths", "200", "--depths", "0,80", "--seeds", "2,3", "--candidates", "0", "--json"]
                + ["--method", method])
        needle.expectFine()
        var losses: [Double] = []
        for row in try needle.objects() {
            let (loss, tokens) = (
                try #require(row["loss"] as? Double), try #require(row["answer_tokens"] as? Int)
            )
            losses.append(loss / Double(tokens))
        }
        let mean = losses.reduce(0, +) / 4
        #expect(losses.count == 4 && abs(mean - without) < 0.05)
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
