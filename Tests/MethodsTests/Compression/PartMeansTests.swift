import RopewalkMethods
import Testing

/// Means of finished parts.
@Suite struct PartMeansTests {
    let rows: [Float] = [1, 10, 3, 30, 5, 50, 7, 70, 9, 90]

    @Test func finishedPartsAreTheirMeans() throws {
        let method = PartMeans(unit: .paragraph, lengths: [2, 1, 4])
        let means: [Float] = [2, 20, 2, 20, 5, 50, 7, 70, 9, 90]
        #expect(method.compressedKeys(rows, dimension: 2) == means)
        #expect(method.compressedValues(rows, dimension: 2) == means)
        #expect((0..<9).map { method.firstExactKey(cached: $0) } == [0, 0, 2, 3, 3, 3, 3, 7, 7])
        // From the first exact key on it is the same as from the beginning.
        #expect(method.compressedKeys(Array(rows[4...]), from: 2, dimension: 2) == Array(means[4...]))
        #expect(
            method.compressedKeys(rows + [11, 110, 13, 130], dimension: 2).suffix(8) == [
                10, 100, 10, 100, 10, 100, 10, 100,
            ])
    }

    @Test func partsOfSoManyTokens() {
        let method = PartMeans(unit: nil, size: 2)
        #expect(method.compressedKeys(rows, dimension: 2) == [2, 20, 2, 20, 6, 60, 6, 60, 9, 90])
        #expect((0..<5).map { method.firstExactValue(cached: $0) } == [0, 0, 2, 2, 4])
        // Two means and one exact token, keys and values of 2 numbers each.
        #expect(method.cacheBytes(tokens: 5, dimension: 2, exactBytes: 4) == 2 * 3 * 2 * 4)
    }

    @Test func numbersOfAnyKind() {
        let method = PartMeans(unit: nil, size: 1)
        #expect(method.compressedKeys(rows, dimension: 2) == rows, "parts of one token are what they were")
        #expect(method.compressedKeys([], dimension: 2) == [] && method.compressedKeys(rows, dimension: 0) == rows)
        #expect(method.cacheBytes(tokens: 0, dimension: 2, exactBytes: 4) == 0)
    }
}
