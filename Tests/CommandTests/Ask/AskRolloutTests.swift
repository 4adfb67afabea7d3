import Foundation
import TestSupport
import Testing

struct AskRolloutTests {
    private static let text = "ask rollout --tokens 200 --at 150"

    @Test func sharesAddUpToOne() throws {
        let run = try CommandRun("\(Self.text) --count 200 --format json")
        run.expectFine()
        let tokens = try run.objects()
        let shares = tokens.map { $0["rollout"] as? Double ?? .nan }
        // Printed with seven digits or so, of 151 tokens.
        #expect(abs(shares.reduce(0, +) - 1) < 1e-3 && shares == shares.sorted(by: >))
        #expect(tokens.allSatisfy { $0["token"] as? Int ?? 0 <= 150 && $0["flow"] == nil })
        // Half of a state stays in each of four layers at least.
        let own = try #require(tokens.first { $0["token"] as? Int == 150 })
        #expect(own["rollout"] as? Double ?? 0 >= 1.0 / 16 && own["distance"] as? Int == 0)
    }

    @Test func aFlowStandsBesideIt() throws {
        let run = try CommandRun("\(Self.text) --among 100-150 --flow --count 60 --format json")
        #expect(run.status == 0 && run.errors.contains("comes from tokens that are not followed"))
        let tokens = try run.objects()
        #expect(tokens.count == 51 && tokens.allSatisfy { (100...150).contains($0["token"] as? Int ?? 0) })
        #expect(abs(tokens.reduce(0) { $0 + ($1["flow"] as? Double ?? .nan) } - 1) < 1e-3)
        // By value other tokens come first.
        let byValue = try CommandRun("\(Self.text) --by value --top 1 --count 60 --format json").objects()
        #expect(byValue.map { $0["rollout"] as? Double } != tokens.map { $0["rollout"] as? Double })
    }

    @Test func whatCannotBeAskedIsRefused() throws {
        try CommandRun("\(Self.text) --top 4").expectError("--top", "0 to 3")
        try CommandRun("\(Self.text) --at 200").expectError("--at", "0 to 199")
        try CommandRun("\(Self.text) --among 10-149").expectError("--among", "150 among them")
        try CommandRun("\(Self.text) --among 10-150 --flow").expectError("--among", "128")
        try CommandRun("\(Self.text) --by flow").expectError("--by")
    }
}
