import Foundation
import TestSupport
import Testing

@Suite struct RopeCommandTests {
    @Test func jsonHasEverySubspace() throws {
        let run = try CommandRun("rope --head-dim 4 --base 100 --window 64 --json --positions 0,10")
        run.expectFine()
        let object = try run.object()
        #expect(
            Set(object.keys) == [
                "model", "method", "head_dim", "base", "window", "attention_factor", "subspaces",
            ])
        let subspaces = try #require(object["subspaces"] as? [[String: Any]])
        #expect(subspaces.map { $0["inverse_frequency"] as? Double } == [1, 0.1])
        #expect(subspaces.map { $0["angles"] as? [Double] } == [[0, 10], [0, 1]])
        #expect(subspaces.map { $0["critical"] as? Bool } == [false, false])
    }

    @Test func aMethodStretchesTheAngles() throws {
        let run = try CommandRun("rope --head-dim 4 --base 100 --window 64 --json --positions 8 --method pi:factor=4")
        run.expectFine()
        let subspaces = try #require(try run.object()["subspaces"] as? [[String: Any]])
        #expect(subspaces.first?["angles"] as? [Double] == [2])
    }

    /// It needs no weights.
    @Test func aModelGivesItsOwnNumbers() throws {
        let scratch = try Scratch()
        try FileManager.default.copyItem(
            atPath: Fixture.path("hf/llama_default/config.json"), toPath: scratch.path("config.json"))
        let object = try CommandRun(["rope", "--json", "--model", scratch.folder.path]).object()
        #expect(object["head_dim"] as? Int == 10)
        #expect(object["window"] as? Int == 128)
    }

    @Test func theTableMarksCriticalSubspaces() throws {
        let run = try CommandRun("rope")
        run.expectFine()
        #expect(run.lines.filter { $0.contains("critical") }.count == 8)
    }
}
