import RopewalkLens
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

/// Rows of attention against float64, and against themselves under other ways to run.
struct RowTests {
    /// float32 scores of order 10 are off by some 1e-6 each, and a weight by that relative to itself.
    static let tolerance: Float = 1e-5

    @Test(arguments: scenarios, [1, 24, 255, 256, 257, 700]) func rowsAreSoftmaxOfTheVisible(
        specs: [String], tokens: Int
    ) throws {
        let recording = try Sample.recording(tokens, specs)
        let lens = Lens(recording: recording, threads: 2)
        for (layer, head) in [(0, 0), (1, 3)] {
            let reference = LayerReference(recording, specs, layer: layer, head: head)
            for query in stride(from: tokens - 1, through: 0, by: -23) {
                let row = try #require(lens.row(layer: layer, head: head, query: query))
                let expected = reference.row(query)
                #expect(row.weights.count == query + 1)
                #expect(row.provenance == .exact)
                #expect(abs(row.weights.reduce(0, +) - 1) < Self.tolerance)
                #expect(agree(row.logSumExp, Float(expected.logSumExp), Self.tolerance))
                let recorded = recording.measure(\.logSumExp, layer: layer, head: head, query: query)
                #expect(agree(row.logSumExp, try #require(recorded), Self.tolerance))
                let wrong = (0...query).filter { key in
                    !agree(row.weights[key], Float(expected.weights[key]), Self.tolerance)
                        || (!expected.visible.contains(key) && row.weights[key] != 0)
                }
                #expect(wrong.isEmpty, "\(specs) \(layer).\(head): \(query)")
            }
        }
    }

    @Test func nothingFallsOnTheFuture() throws {
        let lens = Lens(recording: try Sample.recording(700), threads: 2)
        let map = lens.map(MapRequest(layer: 1, head: 1, firstQuery: 300, cell: 1, rows: 20, columns: 700))
        for row in 0..<20 {
            for key in 0..<700 { #expect(map[row, key].isNaN == (key > 300 + row)) }
        }
    }

    /// The pieces only change the order in which float32 sums are made: tiles of a chunk always start at multiples of
    /// 256, but the matrix products may take other kernels.
    @Test(arguments: [[], ["lambda:sink=4,window=300"]], [700, 1300]) func piecesDoNotMatter(
        specs: [String], tokens: Int
    ) throws {
        let pieces = try Sample.recording(tokens, specs, chunkSize: 256)
        let whole = try Sample.recording(tokens, specs, chunkSize: 2048)
        #expect(pieces.chunks.count == (tokens + 255) / 256 && whole.chunks.count == 1)
        for token in 0..<tokens {
            let a = try #require(pieces.lastHidden(of: token))
            let b = try #require(whole.lastHidden(of: token))
            #expect(zip(a, b).allSatisfy { agree($0, $1, 2e-5) }, "\(token)")
        }
        let losses = zip(pieces.negativeLogLikelihood, whole.negativeLogLikelihood)
        #expect(losses.allSatisfy { agree($0, $1, 2e-5) })
        let (a, b) = (Lens(recording: pieces, threads: 2), Lens(recording: whole, threads: 2))
        for query in stride(from: 0, to: tokens, by: 97) {
            let x = try #require(a.row(layer: 1, head: 2, query: query))
            let y = try #require(b.row(layer: 1, head: 2, query: query))
            #expect(zip(x.weights, y.weights).allSatisfy { agree($0, $1, Self.tolerance) })
        }
        for cell in [1, 8, 32] {
            let request = MapRequest(layer: 1, head: 0, cell: cell, rows: 50, columns: 50, pooling: .mean)
            #expect(zip(a.map(request).values, b.map(request).values).allSatisfy { agree($0, $1, Self.tolerance) })
        }
        #expect(
            zip(a.headScores(), b.headScores()).allSatisfy {
                zip($0.values, $1.values).allSatisfy { agree($0, $1, 1e-3) }
            })
    }

    @Test(arguments: [[], ["topk:k=7,window=16,sink=2"]]) func threadsDoNotMatter(specs: [String]) throws {
        let model = try Sample.books()
        let ids = try Array(Sample.text("alice", characters: 9000, model: model).prefix(700))
        try compare([1, 2, 3, 5], specs, model, ids)
    }

    /// The fixtures' matrices are so small that a library may take other kernels for some numbers of rows.
    @Test(arguments: [97, 700]) func threadsDoNotMatterForSmallMatrices(tokens: Int) throws {
        try compare([1, 2, 3, 5], [], try Sample.model(), Sample.ids(tokens))
    }

    private func compare(_ threads: [Int], _ specs: [String], _ model: Model, _ ids: [Int32]) throws {
        let recordings = try threads.map {
            try Recorder(model: model, scenario: Scenario(parsing: specs), threads: $0).record(ids)
        }
        for other in recordings.dropFirst() { compare(recordings[0], other) }
    }

    private func compare(_ one: Recording, _ two: Recording) {
        for (a, b) in zip(one.chunks, two.chunks) {
            #expect(firstDifference(a.lastHidden, b.lastHidden) == nil, "last states")
            #expect(firstDifference(a.negativeLogLikelihood, b.negativeLogLikelihood) == nil, "losses")
            for (x, y) in zip(a.layers, b.layers) {
                #expect(firstDifference(x.keys?.keys.floats, y.keys?.keys.floats) == nil, "keys")
                #expect(firstDifference(x.keys?.values.floats, y.keys?.values.floats) == nil, "values")
                #expect(firstDifference(x.queries.floats, y.queries.floats) == nil, "queries")
                #expect(firstDifference(x.attention.logSumExp, y.attention.logSumExp) == nil, "log-sum-exp")
                #expect(firstDifference(x.attention.pooledMass, y.attention.pooledMass) == nil, "mass of blocks")
                #expect(
                    firstDifference(x.attention.pooledMaximum, y.attention.pooledMaximum) == nil, "highest of blocks")
                #expect(firstDifference(x.attention.threshold, y.attention.threshold) == nil, "thresholds")
            }
        }
        let (a, b) = (Lens(recording: one, threads: 1), Lens(recording: two, threads: 2))
        let last = one.tokens - 1
        let side = (one.tokens + 3) / 4
        let request = MapRequest(layer: 1, head: 0, cell: 4, rows: side, columns: side, pooling: .mean)
        #expect(firstDifference(a.map(request).values, b.map(request).values) == nil, "map")
        #expect(
            firstDifference(
                a.row(layer: 1, head: 1, query: last)?.weights, b.row(layer: 1, head: 1, query: last)?.weights) == nil,
            "row")
        #expect(a.headScores() == b.headScores())
    }

    @Test func topKeysAreTheHighest() throws {
        let row = try #require(
            Lens(recording: try Sample.recording(300), threads: 2).row(layer: 1, head: 0, query: 280))
        let sorted = row.weights.indices.sorted { (row.weights[$0], $1) > (row.weights[$1], $0) }
        for count in [0, 1, 10, 281, 400] {
            let top = row.topKeys(count)
            #expect(top.map(\.token) == Array(sorted.prefix(count)))
            #expect(top.allSatisfy { row.weights[$0.token] == $0.weight })
        }
    }

    @Test func ofEqualKeysTheEarlierComesFirst() {
        let row = AttentionRow(layer: 0, head: 0, query: 5, weights: [0.1, 0.3, 0.1, 0.3, 0, 0.2], logSumExp: 0)
        #expect(row.topKeys(4).map(\.token) == [1, 3, 5, 0])
        #expect(row.topKeys(9).map(\.token) == [1, 3, 5, 0, 2])
        let even = AttentionRow(layer: 0, head: 0, query: 3, weights: [0.25, 0.25, 0.25, 0.25], logSumExp: 0)
        #expect(even.entropy == 2)
    }

    @Test func whatIsNotThereHasNoAnswer() throws {
        let lens = Lens(recording: try Sample.recording(24), threads: 1)
        #expect(lens.row(layer: 2, head: 0, query: 0) == nil)
        #expect(lens.row(layer: -1, head: 0, query: 0) == nil)
        #expect(lens.row(layer: 0, head: 4, query: 0) == nil)
        #expect(lens.row(layer: 0, head: 0, query: 24) == nil)
        #expect(lens.row(layer: 0, head: 0, query: -1) == nil)
        #expect(lens.pair(layer: 0, head: 0, query: 3, key: 4) == nil)
        #expect(lens.pair(layer: 0, head: 0, query: 3, key: -1) == nil)
        #expect(lens.reason(layer: 0, head: 0, query: 3, key: 24) == nil)
        #expect(lens.maskRow(layer: 0, head: 0, query: 24) == nil)
        #expect(lens.maskSurvey(layer: 0, head: 9) == nil)
        #expect(lens.topQueries(layer: 0, head: 0, key: 24, count: 3).isEmpty)
    }
}
