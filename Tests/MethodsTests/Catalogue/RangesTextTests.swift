import RopewalkMethods
import Testing

struct RangesTextTests {
    @Test(
        arguments: [
            ([], ""), ([3], "3"), ([0, 1, 2], "0-2"), ([0, 2, 4], "0,2,4"), ([0, 1, 3, 4, 5, 9], "0-1,3-5,9"),
        ] as [([Int], String)])
    func runsAreJoined(numbers: [Int], text: String) { #expect(numbers.rangesText == text) }
}
