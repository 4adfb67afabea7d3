import RopewalkLens
import RopewalkModels
import Testing

/// What a run has recorded so far answers like the complete recording.
struct SnapshotTests {
    @Test(arguments: [[], ["window:size=40"], ["ntk:factor=4", "topk:k=7,window=16,sink=2"]])
    func answersStayTheSame(specs: [String]) throws {
        let part = try Sample.stopped(1300, after: 512, specs)
        let complete = try Sample.recording(1300, specs, chunkSize: 256)
        #expect(part.tokens == 512 && !part.isComplete && complete.isComplete)
        let lenses = [Lens(recording: part, threads: 2), Lens(recording: complete, threads: 2)]
        for query in [0, 1, 255, 256, 300, 511] {
            #expect(lenses[0].row(layer: 1, head: 2, query: query) == lenses[1].row(layer: 1, head: 2, query: query))
            #expect(
                lenses[0].maskRow(layer: 1, head: 2, query: query) == lenses[1].maskRow(layer: 1, head: 2, query: query)
            )
            #expect(
                lenses[0].pair(layer: 1, head: 2, query: query, key: query / 2)
                    == lenses[1].pair(layer: 1, head: 2, query: query, key: query / 2))
            #expect(
                lenses[0].reason(layer: 1, head: 2, query: query, key: query / 2)
                    == lenses[1].reason(layer: 1, head: 2, query: query, key: query / 2))
        }
        for cell in [1, 4, 16, 64, 128] {
            let request = MapRequest(
                layer: 1, head: 2, firstQuery: 256, firstKey: 128, cell: cell, rows: 256 / cell, columns: 256 / cell)
            #expect(agree(lenses[0].map(request), lenses[1].map(request)))
        }
        let top = lenses[0].topQueries(layer: 1, head: 2, key: 100, count: 600)
        let all = lenses[1].topQueries(layer: 1, head: 2, key: 100, count: 1300)
        #expect(top == all.filter { $0.token < 512 })
        let losses = part.negativeLogLikelihood
        #expect(losses == Array(complete.negativeLogLikelihood.prefix(losses.count)))
    }

    private func agree(_ a: MapImage, _ b: MapImage) -> Bool {
        a.values.count == b.values.count
            && zip(a.values, b.values).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
    }

    @Test func nothingIsKnownBeyond() throws {
        let part = try Sample.stopped(1300, after: 512)
        let lens = Lens(recording: part, threads: 2)
        #expect(lens.row(layer: 0, head: 0, query: 512) == nil)
        #expect(lens.maskRow(layer: 0, head: 0, query: 512) == nil)
        #expect(lens.pair(layer: 0, head: 0, query: 512, key: 0) == nil)
        #expect(lens.reason(layer: 0, head: 0, query: 512, key: 0) == nil)
        #expect(lens.topQueries(layer: 0, head: 0, key: 512, count: 9).isEmpty)
        #expect(part.query(layer: 0, head: 0, token: 512) == nil)
        #expect(part.key(layer: 0, keyValueHead: 0, token: 512) == nil)
        #expect(part.value(layer: 0, keyValueHead: 0, token: 512) == nil)
        #expect(part.lastHidden(of: 512) == nil)
        #expect(part.measure(\.entropy, layer: 0, head: 0, query: 512) == nil)
        #expect(try Sample.model().probabilities(after: 512, in: part) == nil)
        for cell in [1, 16, 256] {
            let beyond = lens.map(MapRequest(layer: 0, head: 0, firstQuery: 512, cell: cell, rows: 3, columns: 3))
            #expect(beyond.values.allSatisfy { $0.isNaN })
        }
        #expect(lens.maskSurvey(layer: 0, head: 0)?.tokens == 512)
        #expect(lens.thumbnails(side: 20).allSatisfy { $0.request.rows * $0.request.cell >= 512 })
    }

    @Test func aLensFollowsItsRun() throws {
        let scenario = try Sample.recording(24, ["window:size=40"]).scenario
        let lens = Lens(recording: try Sample.stopped(1300, after: 512), scenario: scenario, threads: 2)
        let complete = try Sample.recording(1300, chunkSize: 256)
        let following = lens.following(complete)
        #expect(following.basis == .preview)
        #expect(
            following.row(layer: 1, head: 0, query: 1299)
                == Lens(recording: complete, scenario: scenario, threads: 2).row(layer: 1, head: 0, query: 1299))
    }
}
