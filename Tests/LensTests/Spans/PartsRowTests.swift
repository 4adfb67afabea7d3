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

    /// The map by sentences is the map of tokens, summed by sentence: by its cells, and by softmax in float64.
    @Test(arguments: [[], ["window:size=40"], ["topk:k=7,window=16,sink=2"]]) func theMapOfTokensIsSummed(
        _ specs: [String]
    ) throws {
        let tokens = 150
        let lens = Lens(try Sample.recording(tokens, specs))
        let reference = LayerReference(lens.recording, specs, layer: 0, head: 3)
        let map = lens.map(
            MapRequest(layer: 0, head: 3, cell: 1, rows: tokens, columns: tokens, pooling: .max))
        let parts = [1..<24, 24..<25, 25..<99, 99..<150]
        for queries in parts {
            let row = lens.partsRow(layer: 0, head: 3, queries: queries, parts: parts).weights
            for (index, keys) in parts.enumerated() {
                var (shown, plain) = (0.0, 0.0)
                for query in queries {
                    let weights = reference.row(query).weights
                    for key in keys where key <= query {
                        let cell = map.values[query * tokens + key]
                        shown += cell.isNaN ? 0 : Double(cell)
                        plain += weights[key]
                    }
                }
                // float32 of weights that add up to 1 in every row.
                #expect(abs(Double(row[index]) - shown / Double(queries.count)) < 1e-5)
                #expect(abs(Double(row[index]) - plain / Double(queries.count)) < 1e-4)
            }
        }
    }
}
