import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Testing

@Suite struct DistanceProfileTests {
    /// With as many samples as queries the means are those of all pairs, whatever the method.
    @Test(arguments: [[], ["rerope:window=16"], ["window:size=24"], ["alibi"]])
    func meansOverAllQueries(specs: [String]) throws {
        let lens = Lens(recording: try Sample.recording(150), scenario: try Scenario(parsing: specs))
        let profile = try #require(lens.distanceProfile(layer: 1, head: 2, limit: 150))
        #expect(profile.queries == 150 && profile.recorded == 150)
        let rows = lens.rows(layer: 1, head: 2, queries: Array(0..<150))
        var covered = 0
        for bucket in profile.buckets {
            #expect(bucket.distances.lowerBound == covered)
            covered = bucket.distances.upperBound
            var (sum, pairs) = (0.0, 0)
            for row in rows {
                for distance in bucket.distances where distance <= row.query {
                    sum += Double(row.weights[row.query - distance])
                    pairs += 1
                }
            }
            #expect(pairs == bucket.pairs)
            // Sums of at most 150 weights of float32.
            #expect(abs((bucket.meanWeight ?? 0) - sum / Double(max(1, pairs))) < 1e-6)
        }
        #expect(covered == 150)
        let total = profile.buckets.reduce(0) { $0 + ($1.meanWeight ?? 0) * Double($1.pairs) }
        #expect(abs(total - 150) < 1e-3)
        let far = try #require(profile.meanWeight(from: 100))
        let parts = profile.buckets.filter { $0.distances.lowerBound >= 100 }
        #expect(far <= parts.compactMap(\.meanWeight).max() ?? 0)
    }

    @Test func fewQueriesAreSaidToBeSampled() throws {
        let lens = Lens(recording: try Sample.recording(300))
        let profile = try #require(lens.distanceProfile(layer: 0, head: 0, limit: 7))
        #expect(profile.queries == 7 && profile.provenance.sampling == 42 && profile.provenance.basis == .exact)
        #expect(lens.distanceProfile(layer: 9, head: 0) == nil)
    }

    @Test(arguments: ["rope", "pi:factor=4", "rerope:window=16", "self-extend:group=4,window=16"])
    func mapsHoldEffectiveDistances(spec: String) throws {
        let recording = try Sample.recording(90)
        let lens = Lens(recording: recording, scenario: try Scenario(parsing: [spec]))
        let encoding = try #require(lens.setup.encoding(layer: 0))
        for cell in [1, 3] {
            let request = MapRequest(
                layer: 0, head: 0, firstQuery: 12, firstKey: 6, cell: cell, rows: 40, columns: 50)
            let image = try #require(lens.distanceMap(request))
            for row in 0..<40 {
                for column in 0..<50 {
                    let query = min(12 + (row + 1) * cell, 90) - 1
                    let key = 6 + column * cell
                    let value = image[row, column]
                    if query < 12 + row * cell || key > query {
                        #expect(value.isNaN)
                    } else {
                        #expect(value == Float(max(0.5, encoding.effectiveDistance(query: query, key: key))))
                    }
                }
            }
        }
    }
}
