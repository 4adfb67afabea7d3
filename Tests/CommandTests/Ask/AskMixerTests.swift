import Foundation
import TestSupport
import Testing

struct AskMixerTests {
    private static func run(_ model: String, _ arguments: String) throws -> CommandRun {
        let scratch = try Scratch()
        let ids = try scratch.file("ids.json", "[\((0..<40).map { String($0 * 7 % 53 + 3) }.joined(separator: ","))]")
        return try CommandRun(
            ["ask", "mixer", "--ids", ids, "--model", Fixture.path("hf/\(model)")]
                + arguments.split(separator: " ").map(String.init))
    }

    @Test(arguments: [("mamba", "--channel 5"), ("mamba2", "--head 2"), ("bamba", "--head 1"), ("rwkv", "--channel 3")])
    func sharesOfARowAddUp(model: String, unit: String) throws {
        let run = try Self.run(model, "\(unit) --at 30 --count 40 --format json")
        run.expectFine()
        let rows = try run.objects()
        #expect(rows.count == 31)
        #expect(abs(rows.reduce(0) { $0 + ($1["share"] as? Double ?? .nan) } - 1) < 1e-4)
        #expect(rows.allSatisfy { ($0["left"] is Double) == (model != "mamba") })
        let map = try Self.run(model, "\(unit) --at 30 --count 5 --show map --format json").objects()
        #expect(map.count == 15)
        let own = try #require(map.first { $0["query"] as? Int == 30 && $0["key"] as? Int == 28 })
        let listed = try #require(rows.first { $0["token"] as? Int == 28 })
        #expect(own["weight"] as? Double == listed["weight"] as? Double)
    }

    @Test func statesAndHalfLivesAreTold() throws {
        let state = try Self.run("bamba", "--show state --format json").objects()
        #expect(state.map { $0["layer"] as? Int } == [0, 2] && state.allSatisfy { $0["kind"] as? String == "mamba2" })
        // 48 channels of 5 states, and two tokens of 48 + 2 · 2 · 5 numbers.
        #expect(state.allSatisfy { $0["state_numbers"] as? Int == 48 * 5 + 2 * 68 })
        let fading = try Self.run("rwkv", "--show fading --format json").objects()
        #expect(fading.count == 40 && Set(fading.map { $0["half_life"] as? Double }).count == 1)
    }

    @Test func whatCannotBeAskedIsRefused() throws {
        try Self.run("mamba", "--head 0").expectError("--channel in place of --head")
        try Self.run("mamba2", "--channel 0").expectError("--head in place of --channel")
        try Self.run("mamba2", "--head 4").expectError("--head", "0 to 3")
        try Self.run("bamba", "--layer 1").expectError("layer 1 of bamba has softmax attention", "layers 0,2 have")
        try Self.run("bamba", "--layer 3").expectError("--layer", "0 to 2")
        try Self.run("llama_default", "").expectError("all layers of llama_default have softmax attention")
        let scratch = try Scratch()
        let ids = try scratch.file("ids.json", "[1,2,3]")
        try CommandRun([
            "ask", "keys", "--ids", ids, "--model", Fixture.path("hf/mamba"), "--at", "2", "--head", "0.0",
        ]).expectError("layer 0 has a state (Mamba) in place of softmax attention", "ask mixer")
        try CommandRun([
            "ask", "next", "--ids", ids, "--model", Fixture.path("hf/mamba"), "--at", "2",
            "--method", "window:size=64",
        ]).expectError("no layer of the model has any")
    }
}
