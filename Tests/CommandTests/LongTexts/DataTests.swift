import Foundation
import TestSupport
import Testing

/// `ropewalk data`: documents sorted, lists, mixtures, plans.
struct DataTests {
    private static let texts = Fixture.project.path + "/samples/texts/"

    @Test func textsAreSortedWithTheTestThatDecided() throws {
        let run = try CommandRun([
            "data", Self.texts + "alice.txt", Self.texts + "lunyu.txt", "--pieces", "2", "--json",
        ])
        run.expectFine()
        let object = try run.object()
        #expect(object["piece_tokens"] as? Int == 512)
        let documents = try #require(object["documents"] as? [[String: Any]])
        #expect(documents.map { $0["language"] as? String } == ["en", "zh"])
        for document in documents {
            #expect((document["pieces"] as? [Any])?.count == 2)
            #expect(["holistic", "aggregated", "chaotic"].contains(document["kind"] as? String ?? ""))
            #expect((document["tests"] as? [Any])?.count == 8)
        }
        #expect((object["mixture"] as? [Any])?.isEmpty == false)
        // How near each test is stands beside it.
        for document in documents {
            let tests = try #require(document["tests"] as? [[String: Any]])
            #expect(tests.allSatisfy { $0["near"] is Bool && $0["asked_percentiles"] is [Int] })
            #expect((document["undecided"] == nil) == (document["undecided_by"] == nil))
        }
    }

    /// One book that the rule calls aggregated by a hair: the table names both kinds, and so does the list.
    @Test func whatIsNearAThresholdIsNamed() throws {
        let scratch = try Scratch()
        let run = try CommandRun(["data", Self.texts + "alice.txt", "--out", scratch.path("list.jsonl")])
        run.expectFine()
        #expect(run.output.contains("aggregated or holistic") && run.output.contains("percentile 47 < 50"))
        #expect(run.output.contains("A or B: A by the rule"))
        let line = try String(contentsOfFile: scratch.path("list.jsonl"), encoding: .utf8)
        let listed = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(listed["kind"] as? String == "aggregated" && listed["undecided"] as? String == "holistic")
        #expect(listed["undecided_by"] as? [String] == ["acc_delta"])
    }

    /// As a script with NumPy measures the same text (`samples/scripts/reference.py --measure`).
    @Test func metricsAreThoseOfTheScript() throws {
        let expected = try #require(
            JSONSerialization.jsonObject(with: Fixture.data("scoring/long-texts.json")) as? [[String: Any]])
        for (name, measured) in zip(["cat", "alice", "lunyu"], expected) {
            let run = try CommandRun(["data", Self.texts + name + ".txt", "--json"])
            run.expectFine()
            let documents = try #require(try run.object()["documents"] as? [[String: Any]])
            let found = try #require(documents[0]["metrics"] as? [String: [String: Any]])
            let metrics = try #require(measured["metrics"] as? [String: Double])
            #expect(Set(found.keys) == Set(metrics.keys))
            for (metric, value) in metrics {
                let own = found[metric]?["value"] as? Double ?? .nan
                // Which of two nearly equal logits is higher is decided by rounding: one token of 128 in a piece.
                let room = metric.hasPrefix("acc") ? 0.02 : metric.hasPrefix("ppl") ? abs(value) * 1e-3 + 1e-3 : 1e-9
                #expect(
                    abs(own - value) <= room * max(1, metric.hasPrefix("len") ? abs(value) : 1), "\(name) \(metric)")
            }
        }
    }

    @Test func aListOfWhatIsKept() throws {
        let scratch = try Scratch()
        let lines = (0..<6).map { index in
            let text = String(
                repeating: "Line \(index) of the rope walk, and another word\(index) here. ",
                count: index < 2 ? 900 : 30)
            return #"{"content": "\#(text)", "id": "d\#(index)", "domain": "walk"}"#
        }
        try Data((lines + ["{"]).joined(separator: "\n").utf8).write(to: scratch.url("c.jsonl"))
        let out = scratch.path("list.jsonl")
        let run = try CommandRun([
            "data", scratch.path("c.jsonl"), "--without-model", "--keep", "holistic,aggregated,chaotic", "--long",
            "4000",
            "--share", "0.5", "--out", out, "--json",
        ])
        #expect(run.status == 0 && run.errors.contains("1 line is left out"))
        let mixture = try #require(try run.object()["mixture"] as? [[String: Any]])
        let short = mixture.filter { $0["long"] as? Bool == false }
        #expect(short.allSatisfy { abs(($0["probability"] as? Double ?? 0) - 0.5) < 1e-12 })
        let kept = try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n")
        #expect(kept.count == 6)
        let first = try #require(JSONSerialization.jsonObject(with: Data(kept[0].utf8)) as? [String: Any])
        #expect(first["id"] as? String == "d0" && first["domain"] as? String == "walk" && first["line"] as? Int == 1)
    }

    @Test func aReferenceOfOnesOwn() throws {
        let scratch = try Scratch()
        let out = scratch.path("reference.json")
        try CommandRun(["data", Self.texts, "--without-model", "--make-reference", out]).expectFine()
        let run = try CommandRun(["data", Self.texts + "cat.txt", "--without-model", "--reference", out])
        run.expectFine()
        #expect(run.output.contains("thresholds are our own"))
        #expect(run.output.contains("coherence was not measured"))
    }

    @Test func aPlanAlone() throws {
        let run = try CommandRun(["data", "--plan", "131072"])
        run.expectFine()
        #expect(run.output.contains("4,096 → 131,072 tokens (x 32)"))
        #expect(run.output.contains("125–250 steps") && run.output.contains("250–1,250 steps"))
        #expect(run.output.contains("contradictions:"))
    }

    @Test(arguments: [
        [], ["/nowhere"], ["TEXT", "--share", "2"], ["TEXT", "--share", "0.5", "--keep-short", "0.5"],
        ["TEXT", "--keep", "x"],
        ["TEXT", "--without-model", "--model", "x"], ["TEXT", "--reference", "TEXT"], ["TEXT", "--out", "TEXT"],
    ]) func mistakesAreNamed(_ words: [String]) throws {
        let run = try CommandRun(["data"] + words.map { $0 == "TEXT" ? Self.texts + "cat.txt" : $0 })
        #expect(run.status == 2)
        #expect(run.errors.hasPrefix("ropewalk: "), "\(run.errors)")
    }
}
