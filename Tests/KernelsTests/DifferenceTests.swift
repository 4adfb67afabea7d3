import TestSupport
import Testing

/// What a failing comparison of numbers says.
struct DifferenceTests {
    @Test func equalsHaveNone() {
        #expect(firstDifference([1, 2], [1, 2]) == nil)
        #expect(firstDifference([Float](), []) == nil)
        #expect(firstDifference([1, Float.nan], [1, Float.nan]) == nil)
        #expect(firstDifference([Int]?.none, [Int]?.none) == nil)
        // The kind of collection does not matter.
        #expect(firstDifference([5, 6, 7][1...], ContiguousArray([6, 7])) == nil)
    }

    @Test func theFirstIsNamedAndAllAreCounted() {
        #expect(firstDifference([1, 2, 3, 4], [1, 5, 3, 6]) == "[1] is 2, not 5; 2 of 4 differ")
        #expect(firstDifference([1, Float.nan], [1, 2]) == "[1] is nan, not 2.0; 1 of 2 differ")
        #expect(firstDifference([1, 2, 3], [1, 2]) == "3 elements, not 2")
        #expect(firstDifference([9, 2], [1, 2, 3]) == "2 elements, not 3; the first that differs: [0] is 9, not 1")
        #expect(firstDifference([Int]?.none, [1]) == "the first is missing")
        #expect(firstDifference([1], [Int]?.none) == "the second is missing")
    }

    /// In time that grows with the number of elements alone; what Swift Testing does would take minutes.
    @Test func manyDifferencesTakeNoTime() {
        let count = 1_000_000
        #expect(firstDifference(0..<count, 1..<count + 1) == "[0] is 0, not 1; 1000000 of 1000000 differ")
    }
}
