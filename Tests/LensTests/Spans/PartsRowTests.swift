import RopewalkMethods
import Testing

@testable import RopewalkLens

@Suite struct PartsRowTests {
    /// A row is the mean over its queries of the sums over the keys of every part, and adds up to what belongs to parts.
    @Test func rowsAreMeansOfSums() throws {
        let lens = Lens(try Sample.recording(300))
        let parts = [1..<40, 40..<41, 41..<180, 180..<290]
        for queries in parts {
            let row = lens.partsRow(layer: 1, head: 2, queries: queries, parts: parts)
            let rows = lens.rows(layer: 1, head: 2, queries: Array(queries))
            for (index, part) in parts.enumerated() {
                let sum = rows.reduce(0.0) { sum, row in
                    sum + part.reduce(0.0) { $0 + ($1 < row.weights.count ? Double(row.weights[$1]) : 0) }
                }
                #expect(abs(Double(row.weights[index]) - sum / Double(queries.count)) < 1e-5)
                if part.lowerBound >= queries.upperBound { #expect(row.weights[index] == 0) }
            }
            #expect(row.weights.reduce(0, +) <= 1.0001)
        }
        #expect(lens.partsRow(layer: 1, head: 2, queries: 290..<310, parts: parts).isMissing)
    }
}
