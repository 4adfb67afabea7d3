import RopewalkMethods
import Testing

@Suite struct MaskLintTests {
    func findings(_ rows: String..., expecting: MaskExpectation = MaskExpectation()) throws -> [String] {
        let mask = try ListedMask(text: rows.joined(separator: "\n"))
        return MaskLint.findings(in: mask, expecting: expecting).map { "\($0.kind.rawValue): \($0.message)" }
    }

    @Test func soundMasksHaveNoFindings() throws {
        for spec in ["causal", "window:size=4", "lambda:sink=2,window=4", "lambda:sink=9,window=40"] {
            for tokens in 1...20 {
                let mask = try Mask(parsing: [spec], tokens: tokens)
                let findings = MaskLint.findings(in: mask, expecting: mask.expectation)
                #expect(findings.isEmpty, "\(spec) of \(tokens): \(findings.map(\.message))")
            }
        }
    }

    @Test func fullLeaksTheFutureToADecoderOnly() throws {
        let mask = try Mask(parsing: ["full"], tokens: 4)
        #expect(
            MaskLint.findings(in: mask, expecting: mask.expectation) == [
                Finding(
                    kind: .future, count: 6, message: "pairs that leak the future: 6, first: query 0 sees key 1",
                    query: 0, key: 1)
            ])
        let encoder = MaskExpectation(isCausal: false, isSymmetric: true)
        #expect(MaskLint.findings(in: mask, expecting: encoder).isEmpty)
    }

    @Test func emptyQueriesAndUnreachableKeys() throws {
        #expect(
            try findings("1000", "1100", "0000", "1101") == [
                "empty-query: queries that see no key: 1, first: query 2",
                "unreachable-key: keys that no other query sees: 1, first: key 2",
            ])
        let single = try Mask(parsing: ["window:size=1"], tokens: 5)
        #expect(MaskLint.findings(in: single, expecting: single.expectation).map(\.count) == [4])
    }

    @Test func windowsOffByOne() throws {
        let wide = try Mask(parsing: ["window:size=5"], tokens: 9)
        #expect(
            MaskLint.findings(in: wide, expecting: MaskExpectation(window: 4)).map(\.message) == [
                "queries whose window is not the stated 4: 5, first: query 4 sees key 0, 4 before it"
            ])
        let narrow = try Mask(parsing: ["lambda:sink=1,window=3"], tokens: 9)
        #expect(
            MaskLint.findings(in: narrow, expecting: MaskExpectation(window: 4, sinks: 1)).map(\.message) == [
                "queries whose window is not the stated 4: 5, first: query 4 misses key 1, 3 before it"
            ])
    }

    @Test func asymmetryOfTwoSidedMasks() throws {
        let encoder = MaskExpectation(isCausal: false, isSymmetric: true)
        #expect(try findings("110", "111", "011", expecting: encoder).isEmpty)
        #expect(
            try findings("1101", "1111", "0111", "0111", expecting: encoder) == [
                "asymmetry: tokens with a pair in one direction only: 2, first: query 0 sees key 3, "
                    + "but query 3 does not see key 0"
            ])
    }

    @Test func brokenMaskTexts() {
        func error(_ text: String) -> String? {
            do throws(MethodError) { _ = try ListedMask(text: text) } catch { return error.description }
            return nil
        }
        #expect(error("10\n11\n") == nil)
        #expect(error("") == "the mask has no rows: give N lines of N characters 0 or 1")
        #expect(error("10\n1x\n")?.hasPrefix("mask line 2, column 2: neither 0 nor 1") == true)
        #expect(error("10\n111\n") == "mask line 2 has 3 characters, not 2: give as many as there are lines")
    }

    /// What a screen goes to is what the sentence names.
    @Test func firstPlacesAreNamed() throws {
        let mask = try ListedMask(text: "1000\n0000\n0111\n0001")
        let places = Dictionary(
            uniqueKeysWithValues: MaskLint.findings(in: mask, expecting: MaskExpectation(window: 1)).map {
                ($0.kind, [$0.query, $0.key])
            })
        #expect(places[.emptyQuery] == [1, nil])
        #expect(places[.future] == [2, 3])
        #expect(places[.unreachableKey] == [nil, 0])
        #expect(places[.window] == [1, 1])
        let hidden = try #require(MaskLint.hiddenSelves(mask))
        #expect(hidden.query == 1 && hidden.key == 1)
    }
}
