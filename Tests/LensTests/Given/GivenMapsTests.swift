import Foundation
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkKernels
@testable import RopewalkLens
@testable import RopewalkModels

/// Questions about maps that are given: answered with the numbers of the file, or said not to be known.
struct GivenMapsTests {
    /// [layer][head][query][key], by a reader of its own.
    private static func maps(_ name: String, _ shape: [Int]) throws -> [[[[Float]]]] {
        let data = try Fixture.data("attention/\(name)")
        let start = 10 + Int(data[8]) + 256 * Int(data[9])
        let numbers = data[start...].withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        }
        return (0..<shape[0]).map { layer in
            (0..<shape[1]).map { head in
                (0..<shape[2]).map { query in
                    let first = ((layer * shape[1] + head) * shape[2] + query) * shape[3]
                    return Array(numbers[first..<first + shape[3]])
                }
            }
        }
    }

    private static func given(_ name: String) throws -> GivenAttention {
        let tokens = try GivenText.tokens(contentsOf: Fixture.path("attention/tokens.json"))
        return try GivenAttention(contentsOf: Fixture.path("attention/\(name)"), text: GivenText(tokens), threads: 2)
    }

    private static func lens(_ name: String) throws -> (lens: Lens, model: Model) {
        let given = try given(name)
        let model = Model(given)
        let recording = try Recorder(model: model, threads: 2).record(given.text.encoding.ids)
        return (Lens(recording, threads: 2), model)
    }

    @Test func rowsColumnsAndMapsAreTheFilesOwn() throws {
        let (lens, _) = try Self.lens("gpt2.npy")
        let maps = try Self.maps("gpt2.npy", [2, 3, 12, 12])
        #expect(lens.provenance.words == "given maps")
        for layer in 0..<2 {
            for head in 0..<3 {
                let map = maps[layer][head]
                for query in 0..<12 {
                    let row = try #require(lens.row(layer: layer, head: head, query: query))
                    // To the bit: nothing is divided, and no logarithm taken.
                    #expect(row.weights == Array(map[query][...query]))
                    #expect(row.logSumExp.isNaN && row.provenance.words == "given maps")
                    let column = try #require(lens.attentionColumn(layer: layer, head: head, key: query))
                    #expect(column.first == query && column.weights == (query..<12).map { map[$0][query] })
                    #expect(lens.placeWeights(query: 11, keys: query..<query + 1)?[layer * 3 + head] == map[11][query])
                }
                for pooling in Pooling.allCases {
                    let request = MapRequest(layer: layer, head: head, cell: 4, rows: 3, columns: 3, pooling: pooling)
                    let image = lens.map(request)
                    #expect(image.provenance.words == "given maps")
                    for (row, column) in [(1, 0), (2, 0), (2, 1)] {
                        let block = (4 * row..<4 * row + 4).flatMap { map[$0][4 * column..<4 * column + 4] }
                        let expected = pooling == .max ? block.max() ?? 0 : block.reduce(0, +) / 16
                        #expect(abs(image[row, column] - expected) < 1e-6)
                    }
                    let whole = lens.map(
                        MapRequest(layer: layer, head: head, cell: 64, rows: 1, columns: 1, pooling: pooling))
                    #expect(whole.provenance.words == "given maps" && whole[0, 0] > 0)
                }
            }
        }
    }

    /// Entropies, distances and strongest keys as NumPy has them in float64.
    @Test func measuresAreThoseOfNumPy() throws {
        struct Head: Decodable {
            let entropy: [Double]
            let distance: [Double]
            let top: [Int]
        }
        let expected = try JSONDecoder().decode([[Head]].self, from: Fixture.data("attention/expected.json"))
        let recording = try Self.lens("gpt2.npy").lens.recording
        for (layer, heads) in expected.enumerated() {
            for (head, values) in heads.enumerated() {
                for query in 0..<12 {
                    let entropy = try #require(recording.measure(\.entropy, layer: layer, head: head, query: query))
                    #expect(abs(Double(entropy) - values.entropy[query]) < 5e-7)
                    let distance = try #require(recording.measure(\.distance, layer: layer, head: head, query: query))
                    #expect(abs(Double(distance) - values.distance[query]) < 1e-6)
                    #expect(
                        Int(recording.chunks[0].layers[layer].attention.topKey[head * 12 + query]) == values.top[query])
                }
            }
        }
        let scores = try Self.lens("gpt2.npy").lens.headScores()
        let mean = expected[1][2].entropy.reduce(0, +) / 12
        #expect(abs(Double(scores[5].entropy) - mean) < 1e-6)
    }

    /// A window and the keys of highest weight share what is left: w / Σ w of the keys that are seen.
    @Test(arguments: ["window:size=4", "topk:k=2,window=1,sink=1"]) func masksAreTriedOnGivenMaps(spec: String) throws {
        let (lens, model) = try Self.lens("gpt2.npy")
        let scenario = try Scenario(parsing: [spec])
        #expect(!model.canRun(scenario))
        let preview = try lens.preview(scenario)
        #expect(preview.provenance.words == "preview of given maps")
        let map = try Self.maps("gpt2.npy", [2, 3, 12, 12])[1][0]
        for query in 0..<12 {
            let row = try #require(preview.row(layer: 1, head: 0, query: query)).weights
            let seen = row.indices.filter { row[$0] > 0 }
            let sum = seen.reduce(0) { $0 + Double(map[query][$1]) }
            for key in row.indices where row[key] > 0 {
                #expect(abs(Double(row[key]) - Double(map[query][key]) / sum) < 2e-6)
            }
            if spec.hasPrefix("window") { #expect(seen.allSatisfy { query - $0 < 4 }) }
            let mask = try #require(preview.maskRow(layer: 1, head: 0, query: query))
            #expect(abs(Double(mask.massKept) - sum) < 2e-6)
        }
        #expect(throws: ModelError.self) { try Recorder(model: model, scenario: scenario).record(lens.recording.ids) }
    }

    @Test(arguments: ["yarn:factor=4", "pi:factor=2", "lsh", "linear", "ablate:layers=0"])
    func whatNeedsMoreThanWeightsIsRefused(spec: String) throws {
        let (lens, _) = try Self.lens("gpt2.npy")
        let scenario = try Scenario(parsing: [spec])
        #expect(throws: ModelError.self) { try lens.preview(scenario) }
    }

    @Test func nothingIsSaidOfStates() throws {
        let (lens, model) = try Self.lens("gpt2.npy")
        let recording = lens.recording
        #expect(recording.query(layer: 0, head: 0, token: 3) == nil)
        #expect(recording.key(layer: 0, keyValueHead: 0, token: 3) == nil)
        #expect(recording.value(layer: 0, keyValueHead: 0, token: 3) == nil)
        #expect(recording.lastHidden(of: 3) == nil && recording.negativeLogLikelihood(after: 3) == nil)
        #expect(lens.pair(layer: 0, head: 0, query: 5, key: 3) == nil)
        #expect(lens.wordReading(layer: 0, head: 0, query: 5, count: 4) == nil)
        #expect(lens.tileRow(layer: 0, head: 0, query: 5, sizes: TileSizes(rows: 4, columns: 4)) == nil)
        #expect(lens.valueShares(layer: 0, head: 0, query: 5).allSatisfy { $0.isNaN })
        #expect(lens.rollout(query: 5, tokens: 0..<12, top: 1, byValue: true) == nil)
        #expect(model.probabilities(after: 3, in: recording) == nil && !model.hasWeights)
        #expect(throws: ModelError.self) { try model.requireWeights(for: "x") }
        #expect(throws: ModelError.self) { try Recorder(model: model).record([1, 2, 3]) }
    }

    @Test func rolloutStandsOnTheMaps() throws {
        let lens = try Self.lens("gpt2.npy").lens
        let maps = try Self.maps("gpt2.npy", [2, 3, 12, 12])
        var rollout = try #require(lens.rollout(query: 11, tokens: 0..<12, top: 1, byValue: false))
        while !rollout.isComplete { lens.extend(&rollout) }
        var state = (0..<12).map { $0 == 11 ? 1.0 : 0 }
        for layer in [1, 0] {
            state = (0..<12).map { key in
                (0..<12).reduce(0) { sum, query in
                    let mean = (0..<3).reduce(0) { $0 + Double(maps[layer][$1][query][key]) } / 3
                    return sum + state[query] * 0.5 * (mean + (query == key ? 1 : 0))
                }
            }
        }
        #expect(zip(rollout.shares, state).allSatisfy { abs(Double($0) - $1) < 1e-5 })
    }

    @Test func bothSidesAndPadding() throws {
        let lens = try Self.lens("padded.npy").lens
        let maps = try Self.maps("padded.npy", [2, 3, 12, 12])
        #expect(!lens.recording.isCausal)
        #expect(lens.row(layer: 1, head: 2, query: 3)?.weights == maps[1][2][3])
        #expect(lens.row(layer: 1, head: 2, query: 11)?.weights == Array(repeating: 0, count: 12))
        #expect(lens.attentionColumn(layer: 0, head: 1, key: 2)?.weights == maps[0][1].map { $0[2] })
    }

    @Test func betweenTwoTexts() throws {
        func text(_ name: String) throws -> GivenText {
            GivenText(try GivenText.tokens(contentsOf: Fixture.path("attention/\(name)")))
        }
        let given = try GivenAttention(
            contentsOf: Fixture.path("attention/cross.npy"), text: try text("left.json"),
            keyText: try text("right.json"), threads: 2)
        let lens = Lens(try #require(given.recordings.main), threads: 2)
        let maps = try Self.maps("cross.npy", [2, 3, 7, 12])
        #expect(lens.row(layer: 1, head: 0, query: 6)?.weights == maps[1][0][6])
        #expect(lens.attentionColumn(layer: 1, head: 0, key: 11)?.weights == maps[1][0].map { $0[11] })
    }

    /// A tenth of a row is missing: it is shown so, and said once.
    @Test func rowsAreNotMadeWhole() throws {
        let place = NSTemporaryDirectory() + "given-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: place) }
        try Data("[[[1, 0], [0.25, 0.65]]]".utf8).write(to: URL(fileURLWithPath: place))
        let given = try GivenAttention(contentsOf: place, text: GivenText(["a", "b"]), threads: 1)
        #expect(given.notes.last?.hasPrefix("1 of 2 rows do not sum to 1") == true, "\(given.notes)")
        let lens = Lens(try #require(given.recordings.main))
        #expect(lens.row(layer: 0, head: 0, query: 1)?.weights == [0.25, 0.65])
    }
}
