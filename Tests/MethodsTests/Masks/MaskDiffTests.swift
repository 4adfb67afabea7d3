import RopewalkMethods
import Testing

@Suite struct MaskDiffTests {
    @Test func differencesByDirection() throws {
        let a = try ListedMask(text: "1000\n1100\n0111\n1111")
        let b = try ListedMask(text: "1000\n1100\n1110\n1110")
        let diff = try MaskDiff(a, b)
        #expect((diff.onlyInFirst, diff.onlyInSecond) == (2, 1))
        #expect(diff.first?.query == 2 && diff.first?.key == 0 && diff.first?.isAllowedInFirst == false)
        #expect(
            diff.summary("a", "b")
                == "3 differences: 2 only in a, 1 only in b; the first at query 2, key 0, which b allows")
    }

    @Test func theSameMasks() throws {
        let window = try Mask(parsing: ["window:size=3"], tokens: 50)
        let lambda = try Mask(parsing: ["lambda:sink=0,window=3"], tokens: 50)
        let diff = try MaskDiff(window, lambda)
        #expect(diff.isEmpty && diff.first == nil)
        #expect(diff.summary("window", "lambda") == "window and lambda are the same over 50 tokens")
    }

    @Test func countsAgreeWithEveryPair() throws {
        let a = try Mask(parsing: ["lambda:sink=3,window=4"], tokens: 40)
        let b = try Mask(parsing: ["window:size=9"], tokens: 40)
        let pairs = (0..<40).flatMap { q in (0..<40).map { (q, $0) } }
        let differing = pairs.filter { a.allows(query: $0, key: $1) != b.allows(query: $0, key: $1) }
        let diff = try MaskDiff(a, b)
        #expect(diff.count == differing.count)
        #expect(diff.first?.query == differing.first?.0 && diff.first?.key == differing.first?.1)
    }

    @Test func masksOverOtherTokensAreRefused() throws {
        let (a, b) = (try Mask(parsing: ["causal"], tokens: 4), try Mask(parsing: ["causal"], tokens: 5))
        #expect(throws: MethodError.tokensDiffer(4, 5)) { try MaskDiff(a, b) }
    }
}
