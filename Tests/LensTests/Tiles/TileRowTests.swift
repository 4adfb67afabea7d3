import Foundation
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkLens

/// Tile by tile a row gives what the run gives.
@Suite struct TileRowTests {
    private static let sizes = [
        TileSizes(rows: 4, columns: 5), TileSizes(rows: 1, columns: 64), .init(rows: 2, columns: 1),
    ]

    private static func check(_ lens: Lens, _ name: String) throws {
        let recording = lens.recording
        for layer in 0..<recording.shape.layers {
            for query in [0, recording.tokens / 2, recording.tokens - 1] {
                let head = (layer + query) % recording.shape.heads
                let row = try #require(lens.row(layer: layer, head: head, query: query))
                for sizes in sizes {
                    let tiled = try #require(lens.tileRow(layer: layer, head: head, query: query, sizes: sizes))
                    let scale = tiled.plain.reduce(1) { max($0, abs($1)) }
                    #expect(tiled.difference <= 2e-5 * scale, "\(name) L\(layer) H\(head) q\(query)")
                    #expect(agree(tiled.end.logSumExp, row.logSumExp, 2e-5), "\(name) L\(layer) H\(head) q\(query)")
                    #expect(tiled.plainLogSumExp == row.logSumExp)
                    let seen = tiled.steps.reduce(0) { $0 + $1.seen }
                    #expect(seen >= row.weights.count { $0 > 0 })
                    #expect(
                        zip(tiled.steps, tiled.steps.dropFirst()).allSatisfy { $0.state.highest <= $1.state.highest })
                }
                let split = try #require(lens.splitDecoding(layer: layer, head: head, query: query, splits: 3))
                #expect(split.difference <= 2e-5 * split.plain.reduce(1) { max($0, abs($1)) }, "\(name)")
                #expect(agree(split.merged.logSumExp, row.logSumExp, 2e-5), "\(name)")
                #expect(split.parts.map(\.keys.count).reduce(0, +) == row.weights.count)
            }
        }
    }

    /// Grouped keys, caps, learned sinks, slopes, latent attention, encoders and what joins them.
    @Test(arguments: ["llama_mqa", "gemma2", "gpt_oss", "bloom", "deepseek_v3", "bert", "t5", "xlnet"])
    func rowsAreThoseOfTheRun(name: String) throws {
        let fixture = try GoldenFixture(name)
        let model = try Model(contentsOf: fixture.folder, needsTokenizer: false)
        let recordings = try GoldenAttentionTests.recordings(fixture, model: model)
        for kind in recordings.kinds {
            guard let recording = recordings[kind] else { continue }
            try Self.check(Lens(recording: recording, threads: 2), "\(name) \(kind)")
        }
    }

    @Test(arguments: [
        ["window:size=6"], ["lambda:sink=2,window=4"], ["topk:k=3"], ["h2o:heavy=4,recent=4"], ["kivi"],
        ["rerope:window=8"],
    ])
    func scenariosAreThoseOfTheRun(specs: [String]) throws {
        let lens = Lens(try Sample.recording(40, specs))
        try Self.check(lens, specs.joined())
        let grid = try lens.tileGrid(layer: 0, head: 1, sizes: TileSizes(rows: 8, columns: 8))
        for row in 0..<grid.rows {
            for column in 0..<grid.columns {
                let keys = grid.sizes.keys(ofColumn: column, of: 40)
                let seen = grid.sizes.queries(ofRow: row, of: 40).reduce(0) {
                    $0 + lens.visibleKeys($1, layer: 0, head: 1).count(in: keys)
                }
                #expect((grid.kind(row: row, column: column) == .empty) == (seen == 0))
            }
        }
    }

    /// What a mask hides of whole tiles is not gone through.
    @Test func hiddenTilesAreLeftOut() throws {
        let lens = Lens(try Sample.recording(40, ["window:size=6"]))
        let row = try #require(lens.tileRow(layer: 0, head: 0, query: 39, sizes: TileSizes(rows: 4, columns: 4)))
        #expect(row.steps.map(\.column) == [8, 9] && row.steps.map(\.seen) == [2, 4])
    }

    @Test func unrecordedPlacesHaveNoRow() throws {
        let lens = Lens(try Sample.recording(10))
        let sizes = TileSizes(rows: 4, columns: 4)
        for (layer, head, query) in [(9, 0, 0), (0, 99, 0), (0, 0, 10), (-1, 0, 0), (0, 0, -1)] {
            #expect(lens.tileRow(layer: layer, head: head, query: query, sizes: sizes) == nil)
            #expect(lens.splitDecoding(layer: layer, head: head, query: query, splits: 2) == nil)
        }
    }
}
