import RopewalkFormats
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkKernels
@testable import RopewalkModels

/// What families add to scores, against tables of the reference implementation.
struct BiasTableTests {
    static func tables() throws -> JSONValue {
        try JSONDocument(contentsOf: Fixture.path("tables/bias_tables.json")).root
    }

    @Test func bucketsAreThoseOfTheReference() throws {
        let cases = try #require(try Self.tables()["t5_buckets"]?["cases"]?.array)
        #expect(cases.count == 6 && cases.count { $0["bidirectional"]?.bool == true } == 3)
        for table in cases {
            let buckets = RelativeBuckets(
                values: [], heads: 1, buckets: try #require(table["num_buckets"]?.integer),
                maximumDistance: try #require(table["max_distance"]?.integer),
                isBidirectional: table["bidirectional"]?.bool == true)
            let runs = try #require(table["runs"]?.array)
            let expected = runs.flatMap { run in
                Array(repeating: run.array?.first?.integer ?? -1, count: run.array?.last?.integer ?? 0)
            }
            #expect(expected.count == 601)
            #expect(firstDifference((-300...300).map(buckets.bucket), expected) == nil)
        }
    }

    @Test func everyBucketIsWithinTheTable() {
        for (count, distance) in [(4, 3), (5, 3), (6, 100), (7, 4), (32, 128), (33, 20), (1024, 1_000_000)] {
            for isBidirectional in [true, false] {
                let buckets = RelativeBuckets(
                    values: [], heads: 1, buckets: count, maximumDistance: distance, isBidirectional: isBidirectional)
                for offset in Array(-3000...3000) + [-1 << 30, 1 << 30] {
                    #expect((0..<count).contains(buckets.bucket(offset: offset)), "\(count) \(distance) \(offset)")
                }
            }
        }
    }

    @Test func valuesAreThoseOfTheirBucketAndHead() {
        let buckets = RelativeBuckets(
            values: (0..<64).map { Float($0) }, heads: 4, buckets: 16, maximumDistance: 24, isBidirectional: true)
        for head in 0..<4 {
            for offset in [-30, -3, 0, 3, 30] {
                #expect(buckets.value(head: head, offset: offset) == Float(buckets.bucket(offset: offset) * 4 + head))
            }
        }
    }

    @Test func slopesAreThoseOfTheReference() throws {
        let slopes = try #require(try Self.tables()["alibi_slopes"]?.members)
        #expect(slopes.count >= 6)
        for entry in slopes {
            let expected = (entry.value.array ?? []).compactMap(\.number)
            #expect(!expected.isEmpty)
            let found = ALiBi.slopes(heads: expected.count)
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-7 * $1 }, "\(expected.count) heads")
        }
    }

    /// Distances beyond a limit count as the limit.
    @Test func slopesEndAtTheirLimit() throws {
        let model = try Model(contentsOf: Fixture.path("hf/llama_default"), needsTokenizer: false)
        for (spec, limit) in [("alibi", Int.max), ("alibi:limit=8", 8)] {
            let scenario = try Scenario(parsing: [spec])
            let rules = model.traits.rules(
                scenario, layers: model.traits.decoder, heads: 4, queries: 40, keys: 40)
            #expect(rules.count == model.shape.layers)
            for rule in rules {
                let bias = try #require(rule.bias)
                for (head, query, key) in [(0, 5, 5), (1, 9, 2), (2, 39, 0), (3, 20, 13)] {
                    let expected = Float(-ALiBi.slopes(heads: 4)[head] * Double(min(query - key, limit)))
                    #expect(bias.adding(to: 0, head: head, query: query, key: key) == expected)
                }
            }
        }
    }
}
