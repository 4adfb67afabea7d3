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
}
