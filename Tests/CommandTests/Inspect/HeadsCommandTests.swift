import Foundation
import TestSupport
import Testing

@Suite struct HeadsCommandTests {
    private static let keys: Set<String> = [
        "entropy", "mean_distance", "sink", "previous_token", "induction", "retrieval", "first_token",
    ]

    @Test func noScoreIsLessThanNothing() throws {
        let run = try CommandRun("heads --tokens 300")
        run.expectFine()
        #expect(run.output.contains(" 0.00 ") && !run.output.contains("-0.00"))
    }

    /// The circuits that the bundled model is known to hold, measured with another implementation on other tokens.
    @Test func theBundledModelHoldsTenCircuits() throws {
        let run = try CommandRun("heads --tokens 40 --json")
        run.expectFine()
        let heads = try run.objects()
        #expect(heads.count == 32)
        #expect(heads.map { [$0["layer"] as? Int, $0["head"] as? Int] } == (0..<32).map { [$0 / 8, $0 % 8] })
        let known: [String: (circuit: String, measure: String, value: Double)] = [
            "2.3": ("previous token", "previous_token", 1.00), "1.3": ("previous token", "previous_token", 0.98),
            "2.2": ("previous token", "previous_token", 0.89), "2.5": ("previous token", "previous_token", 0.76),
            "3.7": ("induction", "induction", 0.97), "3.6": ("induction", "induction", 0.94),
            "3.1": ("induction", "induction", 0.84), "1.6": ("sink", "first_token", 0.76),
            "1.1": ("sink", "first_token", 0.56),
            "3.3": ("sink", "first_token", 0.68),
        ]
        for head in heads {
            #expect(Set(head.keys) == Self.keys.union(["layer", "head", "circuit", "circuit_scores", "sinks"]))
            let scores = try #require(head["circuit_scores"] as? [String: Double])
            #expect(Set(scores.keys) == Self.keys)
            let name = "\(head["layer"] as? Int ?? -1).\(head["head"] as? Int ?? -1)"
            #expect(head["circuit"] as? String == known[name]?.circuit, "\(name)")
            guard let expected = known[name], let found = scores[expected.measure] else { continue }
            #expect(abs(found - expected.value) < 0.025, "\(name): \(found)")
        }
    }

    @Test func theTableNamesTheCircuits() throws {
        let run = try CommandRun([
            "heads", "--model", Fixture.path("hf/llama_default"), "--inputs", "x",
        ])
        run.expectError("--inputs")
        let table = try CommandRun("heads --tokens 20 --layers 2 --heads 2-3")
        table.expectFine()
        #expect(table.lines.count == 1 + 2 + 3)
        #expect(table.output.contains("previous token: L2H3 1.00, L2H2 0."))
        #expect(table.output.contains("sink: none"))
    }

    @Test func idsNeedNoTokenizer() throws {
        let scratch = try Scratch()
        let ids = try scratch.file("ids.json", "[1, 2, 3, 1, 2, 3]")
        let run = try CommandRun(["heads", "--model", Fixture.path("hf/llama_mqa"), "--ids", ids, "--json"])
        run.expectFine()
        #expect(try run.objects().allSatisfy { ($0["entropy"] as? Double ?? -1) >= 0 })
    }

    @Test func headsAreLeftOutOneByOne() throws {
        let run = try CommandRun("heads --tokens 60 --ablate --json")
        run.expectFine()
        let parts = try run.objects()
        #expect(parts.count == 4 * (8 + 2))
        #expect(parts.prefix(8).map { $0["head"] as? Int } == Array(0..<8))
        #expect(parts[8]["part"] as? String == "attention" && parts[9]["part"] as? String == "feed-forward")
        #expect(parts[8]["method"] as? String == "ablate:layers=0" && parts[8]["head"] is NSNull)
        let alone = try CommandRun(["compare", "--tokens", "60", "--method", "ablate:layers=0", "--json"]).objects()
        let perplexity = try #require(alone.first?["perplexity"] as? Double)
        #expect(abs(try #require(parts[8]["loss"] as? Double) - log(perplexity)) < 1e-9)
        let table = try CommandRun("heads --tokens 60 --ablate --layers 1 --heads 2")
        #expect(table.lines[0].contains("H2") && !table.lines[0].contains("H3") && table.lines[1].contains("1"))
        try CommandRun(["heads", "--model", Fixture.path("hf/bert"), "--ablate"]).expectError()
    }

    /// The numbers of JSON as lines, of every kind of report.
    @Test(arguments: [
        "--tokens 40", "--tokens 40 --measures", "--tokens 40 --needle 3-9 --count 3", "--tokens 30 --ablate",
    ]) func csvHasTheNumbersOfJSON(options: String) throws {
        let (json, csv) = (try CommandRun("heads \(options) --json"), try CommandRun("heads \(options) --csv"))
        // What the model goes on with stands on standard error.
        #expect(csv.status == 0)
        let rows = try json.objects()
        let names = csv.lines[0].split(separator: ",").map(String.init)
        #expect(csv.lines.count == rows.count + 1)
        for (row, line) in zip(rows, csv.lines.dropFirst()) {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            #expect(cells.count >= names.count)
            for (name, cell) in zip(names, cells) {
                guard let number = row[name] as? Double, cells.count == names.count else { continue }
                #expect(abs((Double(cell) ?? .nan) - number) < 1e-4 * max(1, abs(number)), "\(name): \(cell)")
            }
        }
        try CommandRun("heads \(options) --json --csv").expectError("leave one out")
    }
}
