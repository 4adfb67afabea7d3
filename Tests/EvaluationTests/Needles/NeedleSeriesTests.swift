import RopewalkEvaluation
import Testing

struct NeedleSeriesTests {
    @Test func gridsAreThoseOfTheAuthors() throws {
        let grid = try NeedleVectors("niah_grid_default").outputs
        #expect(NeedleSeries.spread(1000, 16_000, count: 35) == (try grid.integers("lengths")))
        #expect(NeedleSeries.spread(0, 100, count: 35) == (try grid.integers("depths")))
        #expect(NeedleSeries.sigmoid(count: 11) == (try grid.numbers("sigmoid_depths_11")))
        let ruler = try NeedleVectors("ruler_depths").outputs
        #expect(NeedleSeries.spread(0, 100, count: 40) == (try ruler.integers("depths")))
    }

    @Test func listsAreRead() throws {
        #expect(try NeedleSeries.parse("512,1024", in: 1...4096) == [512, 1024])
        #expect(try NeedleSeries.parse("0-4", in: 0...9) == [0, 1, 2, 3, 4])
        #expect(try NeedleSeries.parse("0-100:5", in: 0...100) == [0, 25, 50, 75, 100])
        #expect(try NeedleSeries.parse("9,0-3,2", in: 0...9) == [9, 0, 1, 2, 3])
        #expect(NeedleSeries.spread(0, 100, count: 0).isEmpty && NeedleSeries.spread(7, 9, count: 1) == [7])
    }

    @Test(arguments: [
        "", ",", "1,", "a", "-", "5-", "-5", "5-1", "1-2-3", "1:2", "0-9:", "0-9:0", "0-9:99999", "0-99999", "11",
        "99999999999999999999", "1-2:3:4", "0-9:4.5",
    ])
    func whatIsNoListIsRefused(text: String) {
        #expect(throws: NeedleError.self) { try NeedleSeries.parse(text, in: 0...10) }
    }
}
