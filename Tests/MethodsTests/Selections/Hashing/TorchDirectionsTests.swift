import RopewalkMethods
import Testing

/// Normal numbers as torch 2.13 draws them on a processor: `torch.manual_seed(7); torch.randn(n)`.
struct TorchDirectionsTests {
    @Test func sixteenAndMoreAreDrawnInBlocks() {
        let sixteen: [Float] = [
            -0.8201345, 0.39563116, 0.8989085, -1.3884039, -0.16699602, 0.28515, -0.6410915, -0.8936554, 0.926543,
            -0.5355122, -1.1597203, -0.46015716, 0.70853907, 1.0127554, 0.23039687, 1.0901651,
        ]
        // The last block is drawn anew where 16 do not divide them.
        let last: [Float] = [
            -0.8489086, -1.2169294, -0.081021585, 1.3614851, -1.3032167, 0.08747838, -1.3849614, 0.5035639, -0.8667016,
            -0.5640067, -2.0564625, -0.35672253, 1.0955805, 0.48235416, 1.3989184, 1.4058529,
        ]
        expect(TorchDirections.normal(16, seed: 7), sixteen)
        expect(TorchDirections.normal(24, seed: 7), Array(sixteen.prefix(8)) + last)
        expect(Array(TorchDirections.normal(40, seed: 7).prefix(16)), sixteen)
    }

    /// Its logarithm and cosine are other approximations: some units of the last place.
    private func expect(_ made: [Float], _ expected: [Float]) {
        #expect(made.count == expected.count)
        for (a, b) in zip(made, expected) { #expect(abs(a - b) < 2e-6, "\(a) \(b)") }
    }
}
