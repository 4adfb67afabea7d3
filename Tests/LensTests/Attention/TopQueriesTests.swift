import RopewalkLens
import RopewalkModels
import Testing

/// The column of a key against the rows of all queries.
struct TopQueriesTests {
    @Test(arguments: scenarios) func topQueriesAreTheHighestOfTheColumn(specs: [String]) throws {
        let lens = Lens(recording: try Sample.recording(700, specs), threads: 2)
        for (layer, head) in [(0, 1), (1, 2)] {
            let full = try MapTests.full(lens, layer: layer, head: head)
            for key in [0, 1, 100, 255, 256, 500, 699] {
                let column = (key..<700).map { full[$0][key] }
                let seen = column.indices.filter { column[$0] > 0 }
                let all = lens.topQueries(layer: layer, head: head, key: key, count: 1000)
                #expect(all.map(\.token).sorted() == seen.map { $0 + key }, "\(specs) \(layer).\(head) key \(key)")
                for item in all { #expect(agree(item.weight, full[item.token][key], 1e-5)) }
                #expect(zip(all, all.dropFirst()).allSatisfy { $0.weight >= $1.weight })
                #expect(lens.topQueries(layer: layer, head: head, key: key, count: 7) == Array(all.prefix(7)))
            }
        }
    }
}
