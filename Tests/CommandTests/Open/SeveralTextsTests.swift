import Foundation
import TestSupport
import Testing

/// Several texts on one command line, and files that the screen writes.
@Suite struct SeveralTextsTests {
    private func texts() throws -> (scratch: Scratch, first: String, second: String) {
        let scratch = try Scratch()
        let first = try scratch.file("first.txt", "A rabbit took a watch out of its pocket, and looked at it.\n")
        return (scratch, first, try scratch.file("second.py", "def walrus(x):\n    return x\n"))
    }

    @Test func eachStandsBehindTheOther() throws {
        let (scratch, first, second) = try texts()
        let one = try CommandRun(["render", first, second])
        one.expectFine()
        #expect(one.output.contains("rabbit") && !one.output.contains("walrus"))
        let other = try CommandRun(["render", first, second, "--do", "session.step +1; wait"])
        other.expectFine()
        #expect(other.output.contains("walrus") && !other.output.contains("rabbit"))
        try CommandRun(["render", first, "/no/such/text"]).expectError("/no/such/text")
        try CommandRun(["render", first, "-"]).expectError("standard input")
        _ = scratch
    }

    @Test func whatIsAskedForIsWrittenAndNothingElse() throws {
        let (scratch, first, _) = try texts()
        let folder = URL(fileURLWithPath: first).deletingLastPathComponent()
        let out = folder.appendingPathComponent("row.csv").path
        let input = ["render", first, "--do"]
        let run = try CommandRun(input + ["goto token 9; head 1.2; save row \(out)"])
        run.expectFine()
        #expect(run.output.contains("row.csv is written"))
        let written = try String(contentsOfFile: out, encoding: .utf8)
        let lines = written.split(separator: "\n")
        #expect(lines.first == "token,word,weight" && lines.count == 11)
        let sum = lines.dropFirst().compactMap { $0.split(separator: ",").last.flatMap { Double($0) } }.reduce(0, +)
        #expect(abs(sum - 1) < 1e-4)
        let again = try CommandRun(input + ["goto token 5; save row \(out)"])
        again.expectError("is there already")
        #expect(try String(contentsOfFile: out, encoding: .utf8) == written)
        try CommandRun(input + ["goto token 5; save row! \(out)"]).expectFine()
        #expect(try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n").count == 7)
        // The text itself is never written over, and text is no table.
        try CommandRun(input + ["save row! \(first)"]).expectError("first.txt")
        #expect(try String(contentsOfFile: first, encoding: .utf8).hasPrefix("A rabbit"))
        try CommandRun(input + ["save sentence \(out).json"]).expectError("this is text")
        _ = scratch
    }
}
