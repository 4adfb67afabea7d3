import Testing

@testable import RopewalkMethods

@Suite struct MaskCompositionTests {
    func message(_ text: String) -> String {
        do throws(MethodError) { return "parsed " + (try MethodSpec.parse(text)).spec } catch {
            return error.description
        }
    }

    @Test func unionsAndScopesRoundTrip() throws {
        let texts = [
            "window:size=4+lambda:sink=2,window=3", "window:size=4@layers=0-3/5", "window:size=4@layers=1@heads=0-1",
            "causal+dilated:size=3,dilation=2@heads=2", "expr:k <= q + 1@layers=0", "window:size=4+expr:k + 1 < n",
        ]
        for text in texts {
            #expect(message(text) == "parsed \(text)")
            #expect(message(message(text).replacing("parsed ", with: "")) == "parsed \(text)")
        }
        #expect(message(" causal + window : size = 4 @ layers = 1 - 2 ") == "parsed causal+window:size=4@layers=1-2")
        #expect(message("window:size=1e+3") == "parsed window:size=1000")
        #expect(message("window:size=4@heads=0@layers=3") == "parsed window:size=4@layers=3@heads=0")
    }

    @Test func errorsNameThePart() {
        let expected = [
            "causal+": "empty method: write a name such as lambda:sink=4,window=512",
            "pi+causal": "'pi': it is no mask: only join masks with +",
            "topk@layers=0": "'topk': it is no mask: only give layers and heads to masks",
            "causal@layer=0": "'@layer=0': it takes @layers=0-3/5, @heads=0-1 and @items=0 after a mask",
            "causal@layers=": "'@layers=': it takes indices 0 to 65,535 and ranges joined by /, such as 0-3/5",
            "causal@layers=3-1": "'@layers=3-1': it takes indices 0 to 65,535 and ranges joined by /, such as 0-3/5",
            "causal@heads=99999": "'@heads=99999': it takes indices 0 to 65,535 and ranges joined by /, such as 0-3/5",
            "causal@heads=1@heads=2": "'@heads=1': heads is given twice: give it once",
            "expr:k <": "rule, column 4: the rule ends where a number, a name or '(' is wanted",
            "file:m.npy": "m.npy: mask files are not read here", "file:": "no path: write file:PATH",
        ]
        for (text, error) in expected { #expect(message(text) == error) }
    }

    /// a+b is a or b, pair by pair, and so are its zones.
    @Test func unionsOfAnyTwo() throws {
        let tokens = 31
        for first in MaskPropertyTests.cases {
            for second in MaskPropertyTests.cases where second.spec != first.spec {
                let mask = try Mask(parsing: [first.spec + "+" + second.spec], tokens: tokens)
                let rows = (0..<tokens).map { q in
                    KeyRanges(
                        (0..<tokens).filter { first.allows(q, $0, tokens) || second.allows(q, $0, tokens) }
                            .map { $0..<$0 + 1 })
                }
                #expect((0..<tokens).allSatisfy { mask.row($0) == rows[$0] }, "\(mask.spec)")
                #expect(
                    mask.overview(rows: 4, columns: 5) == ListedMask(rows: rows).overview(rows: 4, columns: 5),
                    "\(mask.spec)")
                let q = 17
                #expect(
                    (0..<tokens).filter { mask.reason(query: q, key: $0).isVisible }
                        == rows[q].ranges.flatMap { Array($0) })
            }
        }
    }

    @Test func scopesRestrictTheirHeadsOnly() throws {
        let scenario = try Scenario(parsing: ["window:size=2@layers=1-2@heads=0", "lambda:sink=1,window=4@layers=2"])
        func row(_ layer: Int, _ head: Int) -> Int {
            let place = HeadPlace(layer: layer, head: head, layers: 4, heads: 2)
            return Scenario(windows: scenario.windows(in: place)).visibleKeys(query: 9, tokens: 10).count
        }
        #expect([row(0, 0), row(1, 0), row(1, 1), row(2, 0), row(2, 1), row(3, 0)] == [10, 2, 10, 2, 5, 10])
        #expect(scenario.specs == ["window:size=2@layers=1-2@heads=0", "lambda:sink=1,window=4@layers=2"])
    }

    /// In a layer that a model lacks a mask would hold nowhere.
    @Test func scopesThatAreNotThereAreRefused() throws {
        func problem(_ spec: String) throws -> String? {
            try Scenario(parsing: [spec]).problem(tokens: 8, layers: 2, heads: 4)
        }
        #expect(
            try problem("window:size=4@layers=9") == "'@layers=9': there are layers 0 to 1: name what is there")
        #expect(try problem("causal+window:size=4@heads=3-4")?.contains("heads 0 to 3") == true)
        #expect(try problem("window:size=4@items=1")?.contains("item 0 only") == true)
        #expect(try problem("window:size=4@items=0@layers=0-1@heads=3") == nil)
    }

    @Test func maskFilesByLayerAndHead() throws {
        let causal = try ListedMask(text: "100\n110\n111")
        let own = try ListedMask(text: "100\n010\n001")
        let loader = MaskLoader { _ in MaskStack([[causal, own], [own, causal]]) }
        let window = try #require(try MethodSpec.parse("file:m", loader: loader) as? FileWindow)
        #expect(window.spec == "file:m")
        func count(_ layer: Int, _ head: Int) throws -> Int? {
            let place = HeadPlace(layer: layer, head: head, layers: 2, heads: 4)
            return window.window(in: place)?.visibleKeys(query: 2, tokens: 3).count
        }
        // Two neighbouring heads share a mask, as they share keys.
        #expect(try [count(0, 0), count(0, 1), count(0, 2), count(1, 0), count(1, 3)] == [3, 3, 1, 1, 3])
        let odd = HeadPlace(layer: 0, head: 0, layers: 2, heads: 3)
        #expect(window.window(in: odd)?.problem(tokens: 3)?.contains("masks of 2 heads for 3") == true)
        let deep = HeadPlace(layer: 0, head: 0, layers: 3, heads: 2)
        #expect(window.window(in: deep)?.problem(tokens: 3)?.contains("masks of 2 layers for 3") == true)
        // Of a larger mask the leading part counts; a smaller one is refused with both sizes.
        #expect(try Mask(parsing: ["file:m"], tokens: 2, loader: loader).allowedCount == 3)
        let error = MethodError.unfit("m: the mask spans 3 tokens, the text has 4: give a larger mask")
        #expect(throws: error) { try Mask(parsing: ["file:m"], tokens: 4, loader: loader) }
        #expect(throws: error) { try Mask(parsing: ["causal+file:m@layers=1"], tokens: 4, loader: loader) }
    }
}
