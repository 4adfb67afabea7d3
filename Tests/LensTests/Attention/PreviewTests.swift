import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Testing

/// Layer 0 reads the embeddings, whatever the scenario: there a preview must be what the exact run finds.
struct PreviewTests {
    @Test(arguments: scenarios.dropFirst()) func thePreviewOfTheFirstLayerIsExact(specs: [String]) throws {
        let scenario = try Scenario(parsing: specs)
        let preview = Lens(recording: try Sample.recording(700), scenario: scenario, threads: 2)
        let exact = Lens(recording: try Sample.recording(700, specs), threads: 2)
        #expect(preview.basis == .preview && exact.basis == .exact)
        for head in 0..<4 {
            for query in stride(from: 699, through: 0, by: -41) {
                let a = try #require(preview.row(layer: 0, head: head, query: query))
                let b = try #require(exact.row(layer: 0, head: head, query: query))
                #expect(a.provenance.basis == .preview)
                #expect(agree(a.logSumExp, b.logSumExp, 1e-5))
                #expect(zip(a.weights, b.weights).allSatisfy { agree($0, $1, 1e-5) }, "\(specs) \(head) \(query)")
                let x = try #require(preview.maskRow(layer: 0, head: head, query: query))
                let y = try #require(exact.maskRow(layer: 0, head: head, query: query))
                #expect(x.visible == y.visible && x.stretches == y.stretches)
                #expect(agree(x.massKept, y.massKept, 1e-5) && agree(x.outputError, y.outputError, 1e-4))
            }
            #expect(
                preview.pair(layer: 0, head: head, query: 600, key: 590)?.shares
                    == exact.pair(layer: 0, head: head, query: 600, key: 590)?.shares)
        }
    }

    @Test(arguments: scenarios.dropFirst()) func mapsOfTheFirstLayerAgree(specs: [String]) throws {
        let preview = Lens(recording: try Sample.recording(700), scenario: try Scenario(parsing: specs), threads: 2)
        let exact = Lens(recording: try Sample.recording(700, specs), threads: 2)
        for cell in [1, 4, 16, 64] {
            for pooling in Pooling.allCases {
                let request = MapRequest(
                    layer: 0, head: 1, firstQuery: 64 * 3, firstKey: 64, cell: cell, rows: 12, columns: 14,
                    pooling: pooling)
                let a = preview.map(request)
                #expect(a.provenance == Provenance(basis: .preview, sampling: 1))
                #expect(zip(a.values, exact.map(request).values).allSatisfy { agree($0, $1, 1e-5) }, "\(request)")
            }
        }
    }

    /// Later layers read other states than the plain run left: a preview is an approximation there.
    @Test func thePreviewOfALaterLayerIsNot() throws {
        let specs = ["window:size=8"]
        let preview = Lens(recording: try Sample.recording(300), scenario: try Scenario(parsing: specs), threads: 2)
        let exact = Lens(recording: try Sample.recording(300, specs), threads: 2)
        let a = try #require(preview.row(layer: 1, head: 0, query: 290))
        let b = try #require(exact.row(layer: 1, head: 0, query: 290))
        #expect(zip(a.weights, b.weights).contains { !agree($0, $1, 1e-3) })
    }

    @Test func aPreviewKnowsNoOtherQueries() throws {
        let preview = Lens(
            recording: try Sample.recording(300), scenario: try Scenario(parsing: ["pi:factor=4"]), threads: 2)
        #expect(preview.topQueries(layer: 0, head: 0, key: 5, count: 3).isEmpty)
    }
}
