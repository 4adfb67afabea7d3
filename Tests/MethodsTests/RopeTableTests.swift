import Foundation
import Methods
import TestSupport
import Testing

@Suite struct RopeTableTests {
    let context = RotaryContext(dimensions: 8, base: 10000, trainedWindow: 256, tokens: 256)

    @Test func jsonHasTheAgreedKeys() throws {
        let table = try RopeTable(method: PositionInterpolation(factor: 4), in: context)
        let data = Data(try table.json().utf8)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(
            Set(object.keys) == ["model", "method", "head_dim", "base", "window", "attention_factor", "subspaces"])
        #expect(object["model"] is NSNull)
        #expect(object["method"] as? String == "pi:factor=4")
        #expect(object["head_dim"] as? Int == 8)
        let subspaces = try #require(object["subspaces"] as? [[String: Any]])
        #expect(subspaces.count == 4)
        let keys: Set = ["index", "inverse_frequency", "wavelength", "turns_in_window", "critical", "angles"]
        #expect(subspaces.allSatisfy { Set($0.keys) == keys })
        #expect(agree(subspaces[1]["angles"] as? [Double] ?? [], [0, 0.025, 6.375, 25.575]))
        #expect(subspaces.map { $0["critical"] as? Bool } == [false, false, true, true])
    }

    @Test func positionsOfOnesOwn() throws {
        let table = try RopeTable(model: "m", in: context, positions: [5])
        #expect(table.subspaces.map(\.angles) == [[5], [0.5], [0.05], [0.005]])
        #expect(table.subspaces[0].turnsInWindow == 256 / (2 * Double.pi))
        #expect(try table.json().contains("\"model\" : \"m\""))
    }

    @Test func textIsAligned() throws {
        let table = try RopeTable(model: "books", method: NTKAware(factor: 4), in: context)
        #expect(Golden.difference(table.text, "rope-ntk") == nil)
    }

    @Test func impossibleNumbersAreRefused() {
        func message(_ dimensions: Int, _ base: Double, _ window: Int) -> String? {
            let context = RotaryContext(dimensions: dimensions, base: base, trainedWindow: window, tokens: 1)
            do throws(MethodError) { _ = try RopeTable(in: context) } catch { return error.description }
            return nil
        }
        #expect(message(7, 1e4, 256) == "head dimensions is 7: it takes even numbers 2 to 65,536")
        #expect(message(.max - 1, 1e4, 256)?.hasPrefix("head dimensions") == true)
        #expect(message(8, .nan, 256) == "base is nan: it takes numbers above 1, up to 1e15")
        #expect(message(8, 1, 256)?.hasPrefix("base is 1.0") == true)
        #expect(message(8, 1e4, .max)?.hasSuffix("it takes 1 to 1,073,741,824 tokens") == true)
        #expect(message(2, 1e4, 1) == nil)
    }
}
