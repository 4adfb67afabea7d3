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

    /// From what next to nothing fits in to more than anything takes.
    @Test(arguments: [170_000, 230_000, 290_000, 350_000, 500_000, 900_000, 1_500_000, 3_000_000, 6_000_000])
    func aScreenThatDoesNotFitSaysSo(limit: Int) throws {
        _ = try expectAnEnd(["render", "--tokens", "1500", "--keys", "wait"], limit: limit)
    }

    /// Where the program can be loaded and no thread can be had, it would wait for one without end.
    @Test func tooFewAddressesForThreadsSaySo() throws {
        for limit in stride(from: 110_000, through: 170_000, by: 20_000) {
            let run = try CommandRun(["bench", "--tokens", "300"], addresses: limit)
            // The system could not load it.
            guard run.status != 127 else { continue }
            #expect(run.status == 2 && run.errors.contains("ulimit -v"), "\(limit): \(run.status) \(run.errors)")
        }
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
