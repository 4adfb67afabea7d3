import Foundation
import RopewalkMethods
import TestSupport
import Testing

@Suite struct RopeTableTests {
    let context = RotaryContext(dimensions: 8, base: 10000, trainedWindow: 256, tokens: 256)

    @Test func jsonHasTheAgreedKeys() throws {
        let table = try RopeTable(method: PositionInterpolation(factor: 4), in: context)
        let data = Data(try table.json().utf8)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let keys: Set = [
            "model", "method", "head_dim", "base", "window", "attention_factor", "subspaces", "positions", "pieces",
            "piece_at_positions", "query_scales", "fades", "slopes",
        ]
        #expect(Set(object.keys) == keys)
        #expect(object["model"] is NSNull)
        #expect(object["method"] as? String == "pi:factor=4")
        #expect(object["head_dim"] as? Int == 8)
        let subspaces = try #require(object["subspaces"] as? [[String: Any]])
        #expect(subspaces.count == 4)
        let subspaceKeys: Set = ["index", "inverse_frequency", "wavelength", "turns_in_window", "critical", "angles"]
        #expect(subspaces.allSatisfy { Set($0.keys) == subspaceKeys })
        #expect(agree(subspaces[1]["angles"] as? [Double] ?? [], [0, 0.025, 6.375, 25.575]))
        #expect(subspaces.map { $0["critical"] as? Bool } == [false, false, true, true])
    }

    @Test func positionsOfOnesOwn() throws {
        let table = try RopeTable(model: "m", in: context, positions: [5])
        #expect(table.subspaces.map(\.angles) == [[5], [0.5], [0.05], [0.005]])
        #expect(table.subspaces[0].turnsInWindow == 256 / (2 * Double.pi))
        #expect(try table.json().contains("\"model\" : \"m\""))
    }

    @Test func jsonReadsBack() throws {
        let table = try RopeTable(model: "m", method: NTKAware(factor: 2), in: context)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let back = try decoder.decode(RopeTable.self, from: Data(try table.json().utf8))
        #expect(back.method == "ntk:factor=2" && back.model == "m" && back.headDim == 8)
        #expect(agree(back.subspaces.flatMap(\.angles), table.subspaces.flatMap(\.angles)))
    }

    @Test func textIsAligned() throws {
        let table = try RopeTable(model: "books", method: NTKAware(factor: 4), in: context)
        #expect(Golden.difference(table.text, "rope-ntk") == nil)
    }

    @Test func piecesOfAMethodWithFarKeys() throws {
        let table = try RopeTable(method: ReRoPE(window: 64), in: context)
        #expect(Golden.difference(table.text, "rope-rerope") == nil)
        #expect(table.pieces.map(\.name) == ["near", "far"])
        #expect(table.pieceAtPositions == [0, 0, 1, 1])
        #expect(table.pieces.map(\.distances) == [[0, 1, 255, 1023], [64, 64, 64, 64]])
        #expect(table.pieces[1].queryPlaces == [64, 64, 64, 64] && table.pieces[1].keyPlaces == [0, 0, 0, 0])
        #expect(agree(table.subspaces[3].angles, [0, 0.001, 0.064, 0.064]))
        #expect(agree(table.queryScales ?? [], [1, 1, 1, 1.25]))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        #expect(try decoder.decode(RopeTable.self, from: Data(try table.json().utf8)) == table)
    }

    /// A text within the window has no far keys, but a position behind its end is one.
    @Test func positionsBehindTheText() throws {
        let table = try RopeTable(method: DistanceLimit(window: 0), in: context, positions: [255, 1023])
        #expect(table.subspaces[0].angles == [255, 256])
        let within = try RopeTable(method: DistanceLimit(window: 0), in: context, positions: [255])
        #expect(within.pieces.map(\.name) == ["all"])
        // The base of dynamic NTK is that of the text, whatever positions are looked at.
        #expect(try RopeTable(method: DynamicNTK(factor: 2), in: context).subspaces[1].inverseFrequency == 0.1)
    }

    @Test func scalesOfQueriesBehindTheText() throws {
        let table = try RopeTable(method: ReRoPE(window: 2048), in: context, positions: [255, 1023])
        #expect(table.pieces.count == 1)
        #expect(agree(table.queryScales ?? [], [1, 1.25]))
    }

    @Test func sharesThatFade() throws {
        let table = try RopeTable(method: XPos(), in: context, positions: [0, 255])
        let decay: [[Double]] = try ReferenceVectors().value("xpos.d8", "outputs.decay")
        #expect(agree(table.fades?[1] ?? [], decay[4]))
        #expect(Golden.difference(table.text, "rope-xpos") == nil)
    }

    @Test func slopesOfTheHeads() throws {
        let heads = RotaryContext(dimensions: 4, base: 10000, trainedWindow: 256, tokens: 256, heads: 8)
        let table = try RopeTable(method: ALiBi(), in: heads)
        #expect(table.slopes == ALiBi.slopes(heads: 8))
        #expect(Golden.difference(table.text, "rope-alibi") == nil)
    }

    @Test func aMethodThatDoesNotFitTheModelIsRefused() {
        #expect(
            throws: MethodError.contradiction(
                method: "longrope",
                "short has 3 numbers, the model 4 rotary subspaces: give one number a subspace")
        ) {
            try RopeTable(method: LongRoPE(factor: 4, short: [1, 2, 3]), in: context)
        }
    }

    @Test func theWindowOfDirectTuning() throws {
        let table = try RopeTable(method: DirectTuning(window: 1024), in: context)
        #expect(table.window == 1024)
        #expect(table.subspaces.map(\.critical) == [false, false, false, true])
    }

    @Test func impossibleNumbersAreRefused() {
        func message(_ dimensions: Int, _ base: Double, _ window: Int) -> String? {
            let context = RotaryContext(dimensions: dimensions, base: base, trainedWindow: window, tokens: 1)
            do throws(MethodError) { _ = try RopeTable(in: context) } catch { return error.description }
            return nil
        }
        #expect(message(1, 1e4, 256) == "head dimensions is 1: it takes even numbers 2 to 65,536")
        #expect(message(7, 1e4, 256) == "head dimensions is 7: it takes even numbers 2 to 65,536")
        #expect(message(.max - 1, 1e4, 256)?.hasPrefix("head dimensions") == true)
        #expect(message(8, .nan, 256) == "base is nan: it takes numbers above 1, up to 1e15")
        #expect(message(8, 1, 256)?.hasPrefix("base is 1.0") == true)
        #expect(message(8, 1e4, .max)?.hasSuffix("it takes 1 to 1,073,741,824 tokens") == true)
        #expect(message(2, 1e4, 1) == nil)
    }
}
