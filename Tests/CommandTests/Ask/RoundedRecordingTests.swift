import Foundation
import TestSupport
import Testing

/// `--recording f16`: what is said of its answers.
@Suite struct RoundedRecordingTests {
    private static let line = "f16 recording: what is made of queries, keys and values is near the exact value"

    /// Every line of a table says what it is of, and the numbers are near those of f32.
    @Test func answersSayWhatTheyAreOf() throws {
        let question = "ask keys --tokens 220 --at 206 --head 3.7 --format json"
        let exact = try CommandRun(question + " --recording f32")
        exact.expectFine()
        #expect(try exact.bytes == CommandRun(question).bytes)
        let near = try CommandRun(question + " --recording f16")
        #expect(near.status == 0 && near.errors == "ropewalk: \(Self.line)\n")
        let (one, other) = (try exact.objects(), try near.objects())
        #expect(one.allSatisfy { $0["recording"] == nil } && other.allSatisfy { $0["recording"] as? String == "f16" })
        for (a, b) in zip(one, other).prefix(5) {
            #expect(abs((a["weight"] as? Double ?? 9) - (b["weight"] as? Double ?? 0)) < 1e-3)
        }
        let matrix = try CommandRun("ask sentences --tokens 220 --head 3.7 --recording f16 --format csv")
        #expect(matrix.status == 0 && matrix.errors.contains(Self.line))
    }

    /// The screen says it where it says elsewhere that its numbers are exact.
    @Test func theHeaderSaysIt() throws {
        for (size, keys, words) in [("120x40", "", "f16 recording"), ("80x24", "", "f16 recording")] {
            let run = try CommandRun(
                ["render", "--tokens", "220", "--size", size, "--keys", keys, "--recording", "f16"])
            run.expectFine()
            let header = run.output.split(separator: "\n").first ?? ""
            #expect(header.hasSuffix(words) && !header.contains("exact"), "\(header)")
        }
        let preview = try CommandRun(
            ["render", "--tokens", "220", "--do", "method window:size=64", "--recording", "f16"])
        #expect(preview.output.split(separator: "\n").first?.contains("f16") == true)
    }

    @Test func whatItCannotAnswerIsRefused() throws {
        try CommandRun("ask keys --tokens 60 --at 50 --head 3.7 --recording f16 --method topk:k=4")
            .expectError("topk:k=4", "an f16 recording has not", "record in f32")
        try CommandRun("ask keys --tokens 60 --at 50 --head 3.7 --recording f8").expectError("--recording", "f16")
    }
}
