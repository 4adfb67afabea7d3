import Testing

@testable import RopewalkViews

@Suite struct FiguresTests {
    @Test func numbersReadAsPeopleWriteThem() {
        #expect(
            [0, 999, 1_000, 40_655, -1_234_567, .min].map(\.grouped).prefix(5) == [
                "0", "999", "1,000", "40,655", "−1,234,567",
            ])
        #expect(Figures.fixed(35_333.018, 2) == "35,333.02")
        #expect(Figures.fixed(-0.001, 2) == "0.00")
        #expect(Figures.fixed(.nan, 2) == "—")
        #expect(Figures.fixed(-.infinity, 0) == "−∞")
        #expect(Figures.signed(0.0712, 2) == "+0.07")
        // Neither more nor less than nothing.
        #expect([0.001, -0.001, 0].map { Figures.signed($0, 2) } == ["0.00", "0.00", "0.00"])
        #expect([0, 0.31, 0.0042, 0.00001].map { Figures.weight($0) } == ["0", "0.31", "0.0042", "<0.0001"])
        #expect([640, 12_288, 123_456, 4_000_000].map(Figures.short) == ["640", "12.3k", "123k", "4.0M"])
    }
}
