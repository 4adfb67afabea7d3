import Foundation
import TestSupport
import Testing

/// Commands that are given a folder of a recording in place of a text: what needs no weights is answered as with them.
@Suite struct RecordedCommandTests {
    private let scratch: Scratch
    private static let text = Fixture.project.appendingPathComponent("samples/texts/alice.txt").path

    init() throws { scratch = try Scratch() }

    /// Records the first tokens of a text, and gives the folder.
    private func record(_ name: String, _ options: String = "", text: String = text, tokens: Int = 300) throws -> String
    {
        let folder = scratch.path(name)
        let run = try CommandRun(
            ["record", text, "--tokens", "\(tokens)", "--out", folder]
                + options.split(separator: " ").map(String.init))
        #expect(run.status == 0, "\(run.errors)")
        return folder
    }

    private static func number(_ object: [String: Any], _ key: String) -> Double { object[key] as? Double ?? .nan }

    // MARK: heads

    @Test func headsOfARecording() throws {
        let folder = try record("a")
        let stored = try CommandRun(["heads", folder, "--json"])
        #expect(stored.status == 0 && stored.errors.contains("without weights"), "\(stored.errors)")
        let read = try CommandRun(["heads", Self.text, "--tokens", "300", "--json"]).objects()
        let heads = try stored.objects()
        #expect(heads.count == read.count && !heads.isEmpty)
        for (own, other) in zip(heads, read) {
            for key in ["entropy", "mean_distance", "sink", "retrieval", "first_token"] {
                #expect(abs(Self.number(own, key) - Self.number(other, key)) < 1e-4, "\(key)")
            }
            #expect(own["circuit_scores"] is NSNull)
        }
        #expect(try !CommandRun(["heads", folder]).output.contains("circuit"))
        let measures = try CommandRun(["heads", folder, "--measures", "--layers", "0", "--heads", "1", "--json"])
        measures.expectFine()
        let same = try CommandRun([
            "heads", Self.text, "--tokens", "300", "--measures", "--layers", "0", "--heads", "1", "--json",
        ])
        #expect(measures.output == same.output)
        try CommandRun(["heads", folder, "--ablate"]).expectError("weights")
        try CommandRun(["heads", folder, "--needle", "20-25"]).expectError("weights")
        try CommandRun(["heads", folder, "--method", "window:size=8"]).expectError("holds no run")
        try CommandRun(["heads", folder, "--tokens", "20"]).expectError("--tokens")
    }

    @Test func headsThatAreNotRecordedAreNotKnown() throws {
        let folder = try record("a", "--layers 1 --heads 0,3")
        let heads = try CommandRun(["heads", folder, "--json"]).objects()
        for head in heads {
            let isThere = head["layer"] as? Int == 1 && [0, 3].contains(head["head"] as? Int)
            #expect((head["entropy"] is NSNull) == !isThere && (head["sink"] is NSNull) == !isThere)
        }
        try CommandRun(["ask", "keys", folder, "--head", "0.3", "--at", "20"])
            .expectError("layer 0, head 3 is not recorded")
        let asked = try CommandRun(["ask", "heads", folder, "--at", "206", "--key", "3", "--json"]).objects()
        #expect(
            asked.count == 32 && asked.prefix(2).allSatisfy { $0["layer"] as? Int == 1 && !($0["weight"] is NSNull) })
        #expect(asked.dropFirst(2).allSatisfy { $0["weight"] is NSNull })
        let spread = try CommandRun(["heads", "--recordings", folder, "--layers", "0"])
        spread.expectFine()
        #expect(!spread.output.contains("0.00") && spread.output.contains("1 recording,"))
    }

    // MARK: trace

    private func trace(_ subject: [String], _ record: String, _ options: String = "") throws -> Data {
        let out = scratch.path("trace.safetensors")
        let run = try CommandRun(
            ["trace"] + subject + ["--record", record, "--out", out] + options.split(separator: " ").map(String.init))
        run.expectFine()
        return try Data(contentsOf: scratch.url("trace.safetensors"))
    }

    @Test func tracesOfARecordingAreThoseOfTheRun() throws {
        let folder = try record("a", tokens: 100)
        for kind in ["attentions", "queries", "keys", "values", "logsumexp", "nll"] {
            let stored = try trace([folder], kind)
            let read = try trace([Self.text, "--tokens", "100"], kind)
            #expect(stored == read, "\(kind)")
        }
        let all = try trace([folder], "all")
        #expect(all.range(of: Data("attentions.3".utf8)) != nil && all.range(of: Data("hidden_states".utf8)) == nil)
        let out = scratch.path("b.safetensors")
        try CommandRun(["trace", folder, "--out", out]).expectError("logits", "--record attentions")
        try CommandRun(["trace", folder, "--record", "nll", "--greedy", "2", "--out", out]).expectError("weights")
        let inside = folder + "/part-00000.safetensors"
        let before = try Data(contentsOf: URL(fileURLWithPath: inside))
        try CommandRun(["trace", folder, "--record", "nll", "--out", inside]).expectError("lies in the recording")
        #expect(try Data(contentsOf: URL(fileURLWithPath: inside)) == before)
    }

    @Test func tracesOfSomeHeads() throws {
        let folder = try record("a", "--layers 1 --heads 0,3", tokens: 100)
        let stored = try trace([folder], "attentions")
        #expect(stored == (try trace([Self.text, "--tokens", "100"], "attentions", "--layers 1 --heads 0,3")))
        try CommandRun([
            "trace", folder, "--record", "queries", "--heads", "1", "--out", scratch.path("b.safetensors"),
        ]).expectError("layer 1, head 1 is not recorded")
    }

    // MARK: mask

    @Test func masksOfARecording() throws {
        let folder = try record("a", "--method window:size=16", tokens: 40)
        let stored = try CommandRun(["mask", folder, "--layers", "0", "--heads", "0"])
        stored.expectFine()
        let own = try CommandRun(["mask", "causal", "window:size=16", "--tokens", "40"])
        #expect(stored.output == own.output)
        try CommandRun(["mask", folder, "--check"]).expectFine()
        let why = try CommandRun(["mask", folder, "--why", "20,3"])
        #expect(why.status == 0 && why.output.contains("does not see"), "\(why.output)")
        let difference = try CommandRun(["mask", folder, "--diff", "window:size=17"])
        #expect(difference.status == 0 && difference.output.contains("24"), "\(difference.output)")
        try CommandRun(["mask", folder, "window:size=3"]).expectError("compare others with --diff")
        try CommandRun(["mask", folder, "--tokens", "12"]).expectError("size is known")
        try CommandRun(["mask", folder, "--heads", "99"]).expectError("--heads")
        let chosen = try record("b", "--method topk:k=4,window=4,sink=1", tokens: 40)
        try CommandRun(["mask", chosen]).expectError("chooses keys by what they hold")
    }

    // MARK: compare

    /// Two texts by the model itself and under a window.
    private func library() throws -> [String] {
        let moby = Fixture.project.appendingPathComponent("samples/texts/moby-dick.txt").path
        return [
            try record("a"), try record("b", text: moby), try record("a-window", "--method window:size=32"),
            try record("b-window", "--method window:size=32", text: moby),
        ]
    }

    @Test func comparesRecordings() throws {
        let folders = try library()
        let run = try CommandRun(["compare", "--recordings"] + folders + ["--json"])
        #expect(run.status == 0, "\(run.errors)")
        let rows = try run.objects()
        #expect(rows.count == 2 && rows.allSatisfy { $0["texts"] as? Int == 2 && $0["basis"] as? String == "recorded" })
        #expect(rows.map { $0["method"] as? String } == ["rope", "window:size=32"])
        // Of each text alone, compare with the weights says the same.
        var losses: [[Double]] = [[], []]
        for folder in folders {
            let single = try CommandRun(["compare", folder, "--json"]).objects()
            #expect(single.count == 1 && single[0]["loss_deviation"] is NSNull)
            losses[folder.hasSuffix("window") ? 1 : 0].append(Self.number(single[0], "loss"))
        }
        let read = try CommandRun(["compare", Self.text, "--tokens", "300", "--method", "window:size=32", "--json"])
            .objects()
        #expect(abs(exp(losses[1][0]) - Self.number(read[0], "perplexity")) < 1e-2)
        for (row, known) in zip(rows, losses) {
            #expect(abs(Self.number(row, "loss") - (known[0] + known[1]) / 2) < 1e-6)
            #expect(abs(Self.number(row, "loss_deviation") - abs(known[0] - known[1]) / 2.0.squareRoot()) < 1e-6)
        }
        let differences = [losses[1][0] - losses[0][0], losses[1][1] - losses[0][1]]
        #expect(abs(Self.number(rows[1], "loss_difference") - (differences[0] + differences[1]) / 2) < 1e-5)
        #expect(rows[0]["loss_difference"] is NSNull && rows[0]["moved"] is NSNull)
        #expect(Self.number(rows[1], "moved") > 0.01 && Self.number(rows[1], "mass_kept") < 1)
        #expect(abs(Self.number(rows[1], "mass_kept") - Self.number(read[0], "mass_kept")) < 0.2)
        #expect(Self.number(rows[0], "density") == 1 && Self.number(rows[0], "output_error") < 1e-4)
        let table = try CommandRun(["compare", "--recordings"] + folders)
        #expect(table.output.contains("±") && table.output.contains("4 recordings,"), "\(table.output)")
    }

    @Test func triesMethodsOnRecordings() throws {
        let folders = [try record("a"), try record("b", text: Self.text, tokens: 200)]
        let rows = try CommandRun(
            ["compare", "--recordings"] + folders + ["--method", "window:size=32", "--json"]
        ).objects()
        #expect(rows.map { $0["basis"] as? String } == ["recorded", "preview"])
        #expect(rows[1]["loss"] is NSNull && Self.number(rows[1], "moved") > 0.01)
        // A preview is the method on the same states: the share that is kept is what moves at least.
        #expect(Self.number(rows[1], "density") < 1 && Self.number(rows[1], "mass_kept") < 1)
        let grid = try CommandRun(
            ["compare", "--recordings"] + folders + ["--method", "window:size=32", "--grid", "tv", "--json"]
        ).objects()
        let means = try #require(grid.first?["mean"] as? [[Double]])
        #expect(grid.count == 1 && means.count == 4 && means.allSatisfy { $0.count == 8 })
        let all = means.flatMap { $0 }
        #expect(abs(all.reduce(0, +) / Double(all.count) - Self.number(rows[1], "moved")) < 1e-9)
    }

    @Test func refusesWhatCannotBeCompared() throws {
        let (a, b) = (try record("a", tokens: 60), try record("b", "--method window:size=8", tokens: 50))
        try CommandRun(["compare", "--recordings", a, b]).expectError(b, "other tokens")
        try CommandRun(["compare", "--recordings", a, a]).expectError("the same text")
        try CommandRun(["compare", "--recordings", a, Self.text]).expectError("no recording")
        try CommandRun(["compare", Self.text, "--recordings", a]).expectError("as they are")
        try CommandRun(["compare", "--recordings", a, "--grid", "output", "--method", "window:size=8"])
            .expectError("weights")
        try CommandRun(["compare", "--recordings", a, "--grid", "tv"]).expectError("--method")
        let ids = try scratch.file("ids.json", "[" + (0..<40).map(String.init).joined(separator: ",") + "]")
        let other = scratch.path("other")
        let run = try CommandRun([
            "record", "--ids", ids, "--model", Fixture.path("hf/llama_default"), "--out", other,
        ])
        #expect(run.status == 0, "\(run.errors)")
        try CommandRun(["compare", "--recordings", a, other]).expectError(other, "layers of")
    }
}
