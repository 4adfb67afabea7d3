import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkScoring

/// Files of benchmarks as people have them, whole and damaged.
struct BenchmarkFileTests {
    static func sample(_ name: String) throws -> BenchmarkFile {
        try BenchmarkFile(contentsOf: Fixture.project.path + "/samples/benchmarks/" + name)
    }

    private static func items(
        _ text: String, path: String = "x.jsonl", dataset: String? = nil
    ) throws -> (items: [BenchmarkItem], problems: BenchmarkFile.Problems) {
        var items: [BenchmarkItem] = []
        let problems = try BenchmarkFile(Array(text.utf8), path: path).read(dataset: dataset) {
            items.append($0)
            return true
        }
        return (items, problems)
    }

    private static let line =
        #"{"input": "q", "context": "c", "answers": ["a"], "length": 3, "dataset": "qasper", "language": "en", "all_classes": null, "_id": "k"}"#

    @Test func theSamplesAreRead() throws {
        var tasks: [String] = []
        let problems = try Self.sample("longbench.jsonl").read { item in
            tasks.append(item.task)
            #expect(item.benchmark == .longBench && item.context != nil && item.answer == nil)
            return true
        }
        #expect(problems.count == 0)
        #expect(tasks.count == 17 && tasks.last == "repobench-p")
        #expect(Set(tasks).count == 17)
    }

    @Test func anArrayIsReadAsLinesAre() throws {
        var items: [BenchmarkItem] = []
        let problems = try Self.sample("longbench-v2.json").read {
            items.append($0)
            return true
        }
        #expect(problems.count == 0)
        #expect(items.map(\.key) == ["1", "2", "3"])
        #expect(items[1].answers == ["C"] && items[1].groups == ["hard", "short"] && items[1].classes.count == 4)
    }

    @Test func aDocumentOfLEvalHasSeveralQuestions() throws {
        var items: [BenchmarkItem] = []
        _ = try Self.sample("leval/quality.jsonl").read {
            items.append($0)
            return true
        }
        #expect(items.map(\.key) == ["1.1", "1.2"])
        #expect(items.map(\.task) == ["quality", "quality"] && items[0].evaluation == "exam")
    }

    @Test func brokenLinesAreCountedAndNamedAndTheRestGoesOn() throws {
        let text = [
            Self.line, "{\"input\": \"q\", ", "", "[1]", #"{"answers": []}"#, Self.line, #"{"a": 1, "b": 2}"#,
            #"{"answers": ["a"], "dataset": "nosuch"}"#, #"{"input": "\ud83d", "answers": ["a"]}"#,
        ].joined(separator: "\r\n")
        let (items, problems) = try Self.items(text)
        #expect(items.count == 2 && items[1].line == 6)
        #expect(problems.count == 6)
        #expect(problems.first.count == BenchmarkFile.Problems.kept)
        #expect(problems.first[0].description == "x.jsonl: line 2: the name of a member is expected")
        #expect(problems.first[1].description == "x.jsonl: line 4: an object in braces is expected")
        #expect(problems.first[3].description.contains("line 7: neither LongBench (answers)"))
        #expect(problems.first[4].description.contains("no dataset 'nosuch'"))
    }

    @Test(arguments: [String.Encoding.utf16, .utf16BigEndian, .utf16LittleEndian, .utf32]) func otherEncodings(
        _ encoding: String.Encoding
    ) throws {
        let path = NSTemporaryDirectory() + "ropewalk-\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = Self.line.replacingOccurrences(of: "\"q\"", with: "\"绳\"") + "\n" + Self.line + "\n"
        try #require(text.data(using: encoding)).write(to: URL(fileURLWithPath: path))
        var questions: [String] = []
        let problems = try BenchmarkFile(contentsOf: path).read {
            questions.append($0.question)
            return true
        }
        #expect(questions == ["绳", "q"] && problems.count == 0)
    }

    @Test func aMarkAtTheBeginningAndAnObjectOverSeveralLines() throws {
        #expect(try Self.items("\u{FEFF}" + Self.line).items.count == 1)
        #expect(try Self.items(Self.line.replacingOccurrences(of: ", ", with: ",\n")).items.count == 1)
    }

    @Test func theNameOfAFileTellsTheTask() throws {
        let answer = #"{"pred": "x", "answers": ["a"], "all_classes": null, "length": 5}"#
        #expect(try Self.items(answer, path: "/a/narrativeqa.jsonl").items.first?.task == "narrativeqa")
        #expect(try Self.items(answer, path: "qasper_e.jsonl").items.first?.task == "qasper")
        #expect(try Self.items(answer, path: "b.jsonl", dataset: "lcc").items.first?.task == "lcc")
        #expect(try Self.items(answer, path: "b.jsonl").problems.first.first?.description.contains("--dataset") == true)
    }

    @Test func answersOfLongBenchV2AndOfLEval() throws {
        let two =
            #"{"_id": "1", "question": "q", "choice_A": "a", "choice_B": "b", "choice_C": "c", "choice_D": "d", "answer": "B", "#
        #expect(try Self.items(two + #""pred": "B"}"#).items.first?.answer == "The correct answer is B")
        #expect(try Self.items(two + #""pred": null}"#).items.first?.answer == "")
        #expect(try Self.items(two + #""pred": "B", "response": "is (C)"}"#).items.first?.answer == "is (C)")
        #expect(try Self.items(two + #""x": 1}"#).problems.count == 1)
        let leval = #"{"query": "q", "gt": "A", "prompt": "", "llama_pred": "B", "evaluation": "exam"}"#
        let item = try #require(try Self.items(leval, path: "coursera.pred.jsonl").items.first)
        #expect(item.task == "coursera" && item.answer == "B" && item.answers == ["A"])
    }

    @Test func anEmptyFileAndOneThatIsNoText() throws {
        #expect(throws: ScoringError.empty(file: "x", problem: "there is nothing in it")) {
            try BenchmarkFile(Array("\n \n".utf8), path: "x")
        }
        #expect(throws: FormatError.self) { try BenchmarkFile(Array("[{\"a\": 1}".utf8), path: "x") }
        let path = NSTemporaryDirectory() + "ropewalk-\(UUID().uuidString).zip"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data([0x50, 0x4B, 3, 4, 0, 0, 0, 0]).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: ScoringError.self) { try BenchmarkFile(contentsOf: path) }
        #expect(error?.description.contains("is a zip file") == true)
    }

    /// Whatever becomes of a file, it is read or refused with a line, and every answer gets a score or a reason.
    @Test(arguments: ["longbench.jsonl", "longbench-answers.jsonl", "longbench-v2.json", "leval/coursera.jsonl"])
    func damagedFilesAreReadOrRefused(name: String) throws {
        let whole = try Array(Data(contentsOf: Fixture.project.appendingPathComponent("samples/benchmarks/" + name)))
        var state: UInt64 = 11
        func next(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        let marks = Array("{}[]\",:\\0-u\n\u{FF}".utf8)
        for _ in 0..<150 {
            var bytes = whole
            for _ in 0..<1 + next(6) { bytes[next(bytes.count)] = marks[next(marks.count)] }
            if next(3) == 0 { bytes = Array(bytes.prefix(next(bytes.count))) }
            do {
                let outcome = try Evaluation().run(try BenchmarkFile(bytes, path: name), answering: nil)
                #expect(outcome.problems.first.allSatisfy { !$0.description.contains("\n") })
            } catch {
                #expect(error is ScoringError || error is FormatError)
            }
        }
    }
}
