import Foundation
import TestSupport
import Testing

/// `ropewalk evaluate`: answers of a file, questions to a model, results that go on.
struct EvaluateTests {
    private static let samples = Fixture.project.path + "/samples/benchmarks/"

    @Test func answersOfAFileAreScoredWithoutAModel() throws {
        let run = try CommandRun([
            "evaluate", Self.samples + "longbench-answers.jsonl", "--model", "/nowhere", "--json",
        ])
        run.expectFine()
        let object = try run.object()
        let tasks = try #require(object["tasks"] as? [[String: Any]])
        #expect(tasks.count == 17)
        let scores = tasks.reduce(into: [:]) { $0[$1["task"] as? String ?? ""] = $1["score"] as? Double }
        #expect(scores["narrativeqa"] == 40 && scores["trec"] == 100 && scores["passage_count"] == 50)
        #expect(object["words"] as? String == "characters")
        let text = try CommandRun(["evaluate", Self.samples + "longbench-answers.jsonl"])
        #expect(text.output.contains("all tasks"))
        #expect(text.output.contains("Chinese was cut by characters"))
    }

    @Test func aDictionaryCutsChineseAsPublished() throws {
        // The folder is laid out as jieba's.
        let scratch = try Scratch()
        let folder = Fixture.path("scoring")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("dict.txt"), withDestinationPath: folder + "/dictionary.txt")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("finalseg"), withDestinationPath: folder + "/finalseg")
        let run = try CommandRun([
            "evaluate", Self.samples + "longbench-answers.jsonl", "--dictionary", scratch.path(""), "--json",
        ])
        run.expectFine()
        #expect(try run.object()["words"] as? String == "published")
    }

    @Test func aModelChoosesAmongChoices() throws {
        let run = try CommandRun(["evaluate", Self.samples + "longbench-v2.json", "--choose", "--json"])
        run.expectFine()
        let object = try run.object()
        #expect(object["chosen"] as? Int == 3 && object["chance"] as? Double == 0.25)
        #expect(object["own_prompts"] as? Bool == true)
        let tasks = try #require(object["tasks"] as? [[String: Any]])
        #expect(tasks.first?["metric"] as? String == "accuracy")
    }

    @Test func aModelWritesWhatHasToBeWritten() throws {
        let scratch = try Scratch()
        let out = scratch.path("results.jsonl")
        let run = try CommandRun([
            "evaluate", Self.samples + "longbench.jsonl", "--questions", "3", "--out", out, "--json",
        ])
        run.expectFine()
        let object = try run.object()
        #expect((object["tasks"] as? [Any])?.count == 3 && (object["unscored"] as? [Any])?.isEmpty == true)
        #expect(object["cut_prompts"] as? Int ?? 0 > 0)
        let lines = try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n")
        for line in lines.dropFirst() {
            let result = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(result["way"] as? String == "written" && (result["answer"] as? String)?.isEmpty == false)
        }
    }

    @Test func aRunGoesOnWhereItWasStopped() throws {
        let scratch = try Scratch()
        let out = scratch.path("results.jsonl")
        let line = ["evaluate", Self.samples + "longbench-v2.json", "--choose", "--out", out]
        let first = try CommandRun(line + ["--questions", "1"])
        #expect(first.status == 0)
        #expect(try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n").count == 2)
        let second = try CommandRun(line + ["--json"])
        second.expectFine()
        #expect(try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n").count == 4)
        let other = try CommandRun(line + ["--budget", "100"])
        #expect(other.status == 2 && other.errors.contains("name another file with --out"))
        let read = try CommandRun(["evaluate", out, "--out", out])
        #expect(read.status == 2)
    }

    @Test func brokenLinesAreNamedAndTheRestGoesOn() throws {
        let scratch = try Scratch()
        let good = #"{"pred": "x", "answers": ["x"], "dataset": "qasper"}"#
        try Data("\(good)\n{\n\(good)\n".utf8).write(to: scratch.url("a.jsonl"))
        let run = try CommandRun(["evaluate", scratch.path("a.jsonl"), "--json"])
        #expect(run.status == 0)
        #expect(run.errors.contains("line 2: the name of a member is expected"))
        #expect(run.errors.contains("1 line is left out"))
        #expect(try run.object()["broken_lines"] as? Int == 1)
    }

    /// Where nothing could be scored it is no result.
    @Test func brokenLinesAloneAreAnError() throws {
        let scratch = try Scratch()
        try Data("{\nno json\n{\"a\": 1}\n".utf8).write(to: scratch.url("a.jsonl"))
        for form in [[], ["--json"]] {
            let run = try CommandRun(["evaluate", scratch.path("a.jsonl")] + form)
            #expect(run.status == 2 && run.output.isEmpty)
            #expect(run.errors.contains("3 lines are left out") && run.errors.contains("nothing to score"))
        }
        let folder = try CommandRun(["evaluate", Self.samples])
        #expect(folder.status == 2 && folder.errors.contains("is a folder: name a file in it"))
    }

    @Test(arguments: [
        ["/nowhere"], ["FILE", "--prompts", "/nowhere"], ["FILE", "--budget", "1"], ["FILE", "--code-similarity", "x"],
        ["FILE", "--dictionary", "/nowhere"],
    ]) func mistakesAreNamed(_ words: [String]) throws {
        let file = Self.samples + "longbench-v2.json"
        let run = try CommandRun(["evaluate"] + words.map { $0 == "FILE" ? file : $0 })
        #expect(run.status == 2)
        #expect(run.errors.hasPrefix("ropewalk: ") && run.errors.split(separator: "\n").count == 1)
    }
}
