import Foundation
import TestSupport
import Testing

/// The player of random events: what it plays, and that it reports.
@Suite struct SoakTests {
    /// Models of several kinds are opened and closed, and a mask file is changed meanwhile.
    @Test func eventsOverSeveralModelsArePlayed() throws {
        let scratch = try Scratch()
        try Data((0..<240).map { "\($0)\n" }.joined().utf8).write(to: scratch.url("list"))
        let models = ["bert", "t5", "bloom", "gpt_oss"].map { Fixture.path("hf/\($0)") }
        let run = try CommandRun(
            ["bench", "--soak-play", scratch.path("list"), "--seed", "3", "--threads", "2", "--also"] + models)
        run.expectFine()
        // A reading of the memory every fifty events.
        #expect(run.output.split(separator: " ").compactMap { Int($0) }.count == 5)
    }

    /// `terminal-probe` traps at "!", which seed 891 types once in 1,000 events: the list comes down to that one.
    @Test func aListThatFailsInATerminalIsShortened() throws {
        let probe = URL(fileURLWithPath: CommandRun.program).deletingLastPathComponent()
            .appendingPathComponent("terminal-probe").path
        let run = try CommandRun(
            ["bench", "--soak", "1", "--seed", "891", "--soak-program", probe],
            environment: ["SWIFT_BACKTRACE": "enable=no"])
        #expect(run.status == 1)
        #expect(run.lines.first?.hasPrefix("seed 891: in a terminal: event ") == true)
        #expect(run.lines.dropFirst().first?.hasPrefix("the shortest list that fails (1 events): ") == true)
        #expect(run.lines.dropFirst().first?.contains("ended with status -") == true)
        #expect(run.lines.count == 3 && run.lines.last?.contains("character(\"!\")") == true, "\(run.output)")
    }

    @Test func weightsAreNotChangedThere() throws {
        try CommandRun("bench --soak 1 --weights-like int8").expectError("--soak", "--weights-like")
    }
}
