import Foundation
import TestSupport
import Testing

@Suite struct NeedleCommandTests {
    private static let small = [
        "needle", "--lengths", "128,256", "--depths", "0,100", "--seeds", "0,1", "--candidates", "2",
    ]

    @Test func everyPromptIsALine() throws {
        let run = try CommandRun(Self.small + ["--method", "rope", "--method", "window:size=32", "--json"])
        run.expectFine()
        let rows = try run.objects()
        #expect(rows.count == 2 * 2 * 2 * 2)
        for row in rows {
            #expect(row["task"] as? String == "passkey" && row["problem"] as? String == "")
            let length = try #require(row["length"] as? Int)
            #expect(row["tokens"] as? Int == length)
            #expect(row["choices"] as? Int == 3)
        }
        // A window that ends before the needle sees none of it.
        let hidden = rows.filter { $0["method"] as? String == "window:size=32" && $0["depth"] as? Int == 0 }
        #expect(hidden.allSatisfy { $0["seen"] as? Double == 0 })
        #expect(rows.filter { $0["method"] as? String == "rope" }.allSatisfy { $0["seen"] as? Double == 1 })
        let csv = try CommandRun(Self.small + ["--csv"])
        csv.expectFine()
        #expect(csv.lines.count == 9 && csv.lines[0].hasPrefix("task,method,length,depth,seed,tokens,true_depth,found"))
    }

    @Test func mapsHaveLengthsAndDepths() throws {
        let run = try CommandRun(Self.small + ["--task", "passkey", "--task", "niah-single-1"])
        run.expectFine()
        #expect(run.output.contains("passkey · rope") && run.output.contains("niah-single-1 · rope"))
        #expect(run.output.contains("depth %") && run.output.contains("mean"))
        #expect(run.output.contains("2 seeds (0, 1) a place"))
        let tasks = try CommandRun("needle --tasks")
        tasks.expectFine()
        #expect(tasks.lines.count == 21 && tasks.output.contains("hops=4 (1-16)"))
    }

    /// The same command reads nothing twice; a broken line is named and read again.
    @Test func aFileOfResultsIsGoneOnWith() throws {
        let scratch = try Scratch()
        let path = scratch.path("r.jsonl")
        let first = try CommandRun(Self.small + ["--out", path, "--json"])
        first.expectFine()
        var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(lines.count == 9)
        let again = try CommandRun(Self.small + ["--out", path, "--json"])
        #expect(again.status == 0)
        #expect(again.errors.contains("8 of 8 prompts are read already"))
        #expect(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count == 9)
        lines[4] = String(lines[4].prefix(30))
        try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: false, encoding: .utf8)
        let mended = try CommandRun(Self.small + ["--out", path, "--json"])
        #expect(mended.status == 0)
        #expect(mended.errors.contains("1 line is no result (line 5)"))
        #expect(mended.errors.contains("7 of 8 prompts"))
        #expect(try mended.objects().count == 8)
        try CommandRun(Self.small + ["--out", path, "--candidates", "1"]).expectError("chosen among", "another file")
        try CommandRun(Self.small + ["--out", Fixture.path("hf/llama_default/config.json"), "--json"])
            .expectError("first line")
    }

    @Test func onePromptCanBeOpened() throws {
        let run = try CommandRun("needle --show 256,50,3 --method rope --method window:size=64")
        run.expectFine()
        #expect(run.output.contains("⟦") && run.output.contains("The pass key is") && run.output.contains("⟪"))
        #expect(run.output.contains("rope: ") && run.output.contains("window:size=64: "))
        #expect(run.output.contains("H7") && run.output.contains("L3"))
        // Where nothing of it is seen it says so.
        #expect(run.output.contains("(0)"))
    }

    @Test func figuresAreWritten() throws {
        let scratch = try Scratch()
        let path = scratch.path("grid.svg")
        try CommandRun(Self.small + ["--figure", path]).expectFine()
        #expect(try String(contentsOfFile: path, encoding: .utf8).contains("<svg"))
        #expect(try String(contentsOfFile: scratch.path("grid-2.svg"), encoding: .utf8).contains("carries"))
        let page = scratch.path("grid.html")
        try CommandRun(Self.small + ["--figure", page]).expectFine()
        #expect(try String(contentsOfFile: page, encoding: .utf8).components(separatedBy: "<figure>").count == 3)
    }

    @Test func ownNeedlesAreHidden() throws {
        let run = try CommandRun([
            "needle", "--needle", "The moon is a green lamp.", "--question", "What is the moon? The moon is a",
            "--answer",
            "green lamp", "--show", "200,50,0",
        ])
        run.expectFine()
        #expect(run.output.contains("⟦ The moon is a green lamp.⟧"))
    }

    @Test func whatCannotBeIsSaidBeforeAnyWork() throws {
        try CommandRun("needle --task nothing").expectError("there is no task", "--tasks lists all 23")
        try CommandRun("needle --task vt:hops=0").expectError("hops", "1 to 16")
        try CommandRun("needle --lengths 5").expectError("16 to 1,048,576")
        try CommandRun("needle --depths 0-101").expectError("0 to 100")
        let empty = try CommandRun(["needle", "--task", ""])
        #expect(empty.status == 2 && empty.errors.contains("--tasks lists all 23") && empty.errors.count < 160)
        let mistyped = try CommandRun(["needle", "--task", "niah-multiky-1"])
        #expect(mistyped.errors.contains("did you mean niah-multikey-1 or niah-multikey-2"))
        #expect(mistyped.errors.contains("--tasks lists all"))
        try CommandRun("needle --needle x").expectError("--answer")
        try CommandRun("needle --show 1,2").expectError("1024,50,0")
        try CommandRun("needle --figure x.txt").expectError("--figure", ".svg")
        try CommandRun("needle --json --csv").expectError("leave one out")
        try CommandRun("needle --method pi:factor=0.5").expectError("factor")
        try CommandRun("needle --ids x.json").expectError("give TEXT")
        try CommandRun(["needle", "--model", Fixture.path("hf/t5")]).expectError("t5")
    }
}
