import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkLens
@testable import RopewalkModels

/// Answers of a recording in half precision: near the exact ones, and never said to be exact.
@Suite struct RoundedLensTests {
    private static func lenses(_ specs: [String] = []) throws -> (exact: Lens, near: Lens) {
        let model = try Sample.model()
        let lenses = try [model, model.recorded(in: .half)].map {
            Lens(
                recording: try Recorder(model: $0, threads: 2).record(Sample.ids(300)),
                scenario: try Scenario(parsing: specs), threads: 2)
        }
        return (lenses[0], lenses[1])
    }

    @Test(arguments: [[], ["window:size=64"], ["pi:factor=4"]])
    func rowsAreNear(_ specs: [String]) throws {
        let (exact, near) = try Self.lenses(specs)
        for query in [0, 70, 299] {
            let row = try #require(exact.row(layer: 1, head: 2, query: query))
            let other = try #require(near.row(layer: 1, head: 2, query: query))
            #expect(zip(row.weights, other.weights).allSatisfy { abs($0 - $1) < 2e-3 })
            #expect(!row.provenance.isRounded && other.provenance.isRounded)
            #expect(other.provenance.words == (specs.isEmpty ? "f16 recording" : "preview of f16"))
            #expect(row.provenance.words == (specs.isEmpty ? "exact" : "preview"))
        }
    }

    /// Columns, scores of pairs, shares of values and the states between layers.
    @Test func otherAnswersAreNear() throws {
        let (exact, near) = try Self.lenses()
        let columns = try [exact, near].map { try #require($0.attentionColumn(layer: 0, head: 1, key: 5)) }
        #expect(zip(columns[0].weights, columns[1].weights).allSatisfy { abs($0 - $1) < 2e-3 })
        let pairs = try [exact, near].map { try #require($0.pair(layer: 1, head: 0, query: 200, key: 30)) }
        #expect(abs(pairs[0].score - pairs[1].score) < 1e-2 && pairs[1].provenance.isRounded)
        let shares = try [exact, near].map { try #require($0.placeShares(layer: 1, query: 211, keys: 110..<114)) }
        #expect(zip(shares[0], shares[1]).allSatisfy { abs($0.byValue - $1.byValue) < 2e-3 })
        #expect(near.headScores().map(\.meanDistance) == exact.headScores().map(\.meanDistance))
    }

    /// Cells that the run recorded are its own numbers; others are made of rounded ones.
    @Test func mapsSayWhatTheyAreMadeOf() throws {
        let (_, near) = try Self.lenses()
        func image(_ cell: Int) -> MapImage {
            near.map(
                MapRequest(
                    layer: 0, head: 0, firstQuery: 0, firstKey: 0, cell: cell, rows: 2, columns: 2, pooling: .max))
        }
        #expect(!image(64).provenance.isRounded && image(8).provenance.isRounded)
    }
}
