import Foundation
import TestSupport
import Testing

/// What a process does that may not have all the memory it wants.
struct MemoryLimitTests {
    /// Kilobytes, from so few that next to nothing fits to enough for everything.
    static let limits = Array(stride(from: 160_000, through: 640_000, by: 60_000))

    /// It ends with its result, or with one line that says what to do; never with a report of a fault, never not at all.
    private func expectAnEnd(_ arguments: [String], limit: Int) throws -> CommandRun {
        let run = try CommandRun(arguments, addresses: limit)
        if run.status == 0 {
            #expect(run.errors == "", "\(limit)")
        } else {
            #expect(run.status == 2, "\(limit): \(run.errors)")
            #expect(run.errors.hasPrefix("ropewalk: ") && run.errors.filter { $0 == "\n" }.count == 1, "\(run.errors)")
            let helps = ["ulimit -v", "read fewer", "allow more"].contains { run.errors.contains($0) }
            #expect(helps, "\(limit): \(run.errors)")
        }
        return run
    }

    @Test func aRunThatDoesNotFitSaysSo() throws {
        let scratch = try Scratch()
        let runs = try Self.limits.map { limit in
            try expectAnEnd(
                ["trace", "--tokens", "4000", "--record", "nll", "--out", scratch.path("trace")], limit: limit)
        }
        #expect(runs.first?.status == 2 && runs.last?.status == 0)
    }

    @Test func aTextThatDoesNotFitSaysSo() throws {
        let scratch = try Scratch()
        let text = String(repeating: "it was the whiteness of the whale ", count: 120_000)
        try Data(text.utf8).write(to: scratch.url("text"))
        let runs = try Self.limits.map { try expectAnEnd(["tokens", scratch.path("text"), "--json"], limit: $0) }
        #expect(runs.first?.errors.contains("memory ran out while") == true, "\(runs[0].errors)")
    }

    @Test(arguments: [
        ["info"], ["mask", "window:size=64", "--tokens", "20000", "--check"], ["heads", "--tokens", "300"],
    ])
    func otherCommandsEndTheSameWay(arguments: [String]) throws {
        for limit in [Self.limits[0], Self.limits[3]] { _ = try expectAnEnd(arguments, limit: limit) }
    }
}
