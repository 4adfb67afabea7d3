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
                "model", "method", "head_dim", "base", "window", "attention_factor", "subspaces", "positions",
                "pieces", "piece_at_positions", "query_scales", "fades", "slopes",
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

    @Test func nearAndFarKeysHaveAPieceEach() throws {
        let line = "rope --head-dim 4 --base 100 --window 64 --positions 8,63 --method self-extend:group=4,window=16"
        let object = try CommandRun(line + " --json").object()
        let pieces = try #require(object["pieces"] as? [[String: Any]])
        #expect(pieces.map { $0["name"] as? String } == ["near", "far"])
        #expect(object["piece_at_positions"] as? [Int] == [0, 1])
        #expect(pieces[1]["distances"] as? [Double] == [14, 27])
        let table = try CommandRun(line)
        table.expectFine()
        #expect(table.output.contains("angle at 63, far"))
    }

    @Test func everyHeadHasASlope() throws {
        let line = "rope --head-dim 8 --base 100 --window 64 --heads 4 --method alibi --json"
        #expect(try CommandRun(line).object()["slopes"] as? [Double] == [0.25, 0.0625, 0.015625, 0.00390625])
        let model = try #require(try CommandRun("rope --method alibi --json").object()["slopes"] as? [Double])
        #expect(model.count == 8)
        try CommandRun("rope --heads 4").expectError("give all three")
    }

    /// Dimensions turn in pairs.
    @Test func anOddNumberOfDimensionsIsAnError() throws {
        try CommandRun("rope --head-dim 7 --base 10000 --window 64").expectError("is 7", "even numbers 2 to 65,536")
    }

    @Test func aListOfTheWrongLengthIsAnError() throws {
        try CommandRun("rope --head-dim 8 --base 100 --window 64 --method longrope:long=1/2")
            .expectError("long has 2 numbers, the model 4 rotary subspaces")
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

    /// Local layers have a base of their own, and no angle beyond their window.
    @Test func everyKindOfLayerHasItsTable() throws {
        let model = Fixture.path("hf/gemma3")
        let object = try CommandRun(["rope", "--layers", "--json", "--model", model, "--method", "yarn:factor=4"])
            .object()
        let kinds = try #require(object["kinds"] as? [[String: Any]])
        let described = kinds.compactMap { $0["kind"] as? [String: Any] }
        #expect(described.map { $0["kind"] as? String } == ["local", "global"])
        #expect(described.map { $0["layers"] as? [Int] } == [[0, 2], [1]])
        #expect(described.map { $0["reach"] as? Int } == [7, nil])
        let tables = kinds.compactMap { $0["table"] as? [String: Any] }
        #expect(tables.map { $0["base"] as? Double } == [100, 1000])
        #expect(tables.map { $0["method"] as? String ?? "" }.map { $0.prefix(4) } == ["rope", "yarn"])
        #expect(tables.first?["window"] as? Int == 7)
        #expect(kinds.map { $0["follows_method"] as? Bool } == [false, true])
        let local = try #require(tables[0]["subspaces"] as? [[String: Any]])
        let critical = (0..<8).map { 2 * Double.pi * pow(100, Double($0) / 8) > 7 }
        #expect(local.map { $0["critical"] as? Bool } == critical)
    }

    @Test func layersWithoutPositionsAndWhatAMethodLeavesAreSaid() throws {
        let still = try CommandRun(["rope", "--layers", "--model", Fixture.path("hf/smollm3")])
        still.expectFine()
        #expect(still.output.contains("nothing turns (none)"))
        let local = try CommandRun([
            "rope", "--layers", "--model", Fixture.path("hf/gemma3"), "--method", "ntk:factor=4",
        ])
        #expect(local.output.contains("which ntk:factor=4"))
        let first = try CommandRun(["rope", "--model", Fixture.path("hf/gemma3")])
        first.expectFine()
        #expect(first.output.contains("layers 1 ·") && first.output.contains("--layers shows every kind"))
        try CommandRun("rope --layers --head-dim 8 --base 100 --window 64").expectError("--layers asks about a model")
    }

    @Test func theTableMarksCriticalSubspaces() throws {
        let run = try CommandRun("rope")
        run.expectFine()
        #expect(run.lines.filter { $0.contains("critical") }.count == 8)
    }
}
