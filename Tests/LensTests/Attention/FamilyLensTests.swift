import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

/// What a lens says of models of every family and kind of attention agrees with its own rows, which the references check.
struct FamilyLensTests {
    static let names = [
        "bart", "bert", "big_bird_full", "bloom", "gemma2", "gemma3", "gpt2_inverse_layer", "gpt_neox", "mistral",
        "mixtral", "mpt", "phi3_longrope", "qwen2_sliding", "qwen3_bias_yarn", "t5", "t5_v11", "cohere2", "glm4",
        "gpt_oss",
        "olmo3", "modernbert", "switch_transformers", "deepseek_v3", "llama4", "smollm3",
        "llama_d80_tied", "gemma3_d96", "qwen3_d112_tied", "xlnet", "xlnet_uni",
    ]

    static func recordings(_ name: String) throws -> [Recording] {
        let fixture = try GoldenFixture(name)
        let model = try Model(contentsOf: fixture.folder, needsTokenizer: false)
        let recordings = try GoldenAttentionTests.recordings(fixture, model: model)
        return recordings.kinds.compactMap { recordings[$0] }
    }

    /// [query][key], 0 where a causal query has no key.
    static func full(_ lens: Lens, layer: Int, head: Int) throws -> [[Float]] {
        let keys = lens.recording.keyIDs.count
        return try (0..<lens.recording.tokens).map { query in
            let weights = try #require(lens.row(layer: layer, head: head, query: query)).weights
            return weights + Array(repeating: 0, count: keys - weights.count)
        }
    }

    @Test(arguments: names) func columnsAreThoseOfTheRows(name: String) throws {
        for recording in try Self.recordings(name) {
            let lens = Lens(recording: recording, threads: 2)
            for layer in 0..<recording.shape.layers {
                for head in 0..<recording.shape.heads {
                    let full = try Self.full(lens, layer: layer, head: head)
                    for key in recording.keyIDs.indices {
                        let top = lens.topQueries(layer: layer, head: head, key: key, count: 1000)
                        let seen = full.indices.filter { full[$0][key] > 0 }
                        #expect(top.map(\.token).sorted() == seen, "\(name) \(recording.kind) key \(key)")
                        for item in top { #expect(agree(item.weight, full[item.token][key], 1e-5)) }
                    }
                }
            }
        }
    }

    @Test(arguments: names) func scoresAreMeansOverRows(name: String) throws {
        for recording in try Self.recordings(name) {
            let lens = Lens(recording: recording, threads: 2)
            let scores = lens.headScores()
            #expect(scores.count == recording.shape.layers * recording.shape.heads)
            for score in scores {
                let rows = try Self.full(lens, layer: score.layer, head: score.head).map { $0.map(Double.init) }
                let queries = Double(rows.count)
                let entropy = rows.reduce(0) { $0 + $1.reduce(0) { $1 > 0 ? $0 - $1 * log2($1) : $0 } } / queries
                let distance = rows.enumerated().reduce(0) { sum, row in
                    sum + row.element.enumerated().reduce(0) { $0 + $1.element * Double(row.offset - $1.offset) }
                }
                let tops = rows.map(HeadScoreTests.strongest)
                let sinks = HeadScoreTests.sinks(tops)
                let sink =
                    rows.reduce(0) { sum, row in sinks.reduce(sum) { $1 < row.count ? $0 + row[$1] : $0 } } / queries
                let previous = rows.indices.reduce(0) {
                    $1 > 0 && $1 <= rows[$1].count ? $0 + rows[$1][$1 - 1] : $0
                }
                let expected = [entropy, distance / queries, sink, previous / queries]
                for (found, value) in zip(score.values, expected) {
                    #expect(
                        abs(Double(found) - value) <= 2e-4 * max(1, abs(value)), "\(name) \(recording.kind): \(score)")
                }
                let retrieval = HeadScoreTests.retrieval(
                    tops, sinks: sinks, ids: recording.ids, keyIDs: recording.keyIDs)
                #expect(agree(score.retrieval, Float(retrieval), 1e-5))
            }
        }
    }

    @Test(arguments: names) func cellsPoolTheRows(name: String) throws {
        for recording in try Self.recordings(name) {
            let lens = Lens(recording: recording, threads: 2)
            let head = min(2, recording.shape.heads - 1)
            let full = try Self.full(lens, layer: 1, head: head)
            let (queries, keys) = (recording.ids.count, recording.keyIDs.count)
            for (cell, pooling) in [(1, Pooling.mean), (3, .max), (4, .mean), (64, .max), (64, .mean)] {
                let rows = (queries + cell - 1) / cell + 1
                let columns = (keys + cell - 1) / cell + 1
                let request = MapRequest(
                    layer: 1, head: head, cell: cell, rows: rows, columns: columns, pooling: pooling)
                let image = lens.map(request)
                for row in 0..<rows {
                    for column in 0..<columns {
                        let q = (row * cell..<row * cell + cell).clamped(to: 0..<queries)
                        let k = (column * cell..<column * cell + cell).clamped(to: 0..<keys)
                        let isShown = !q.isEmpty && !k.isEmpty && (!recording.isCausal || k.lowerBound < q.upperBound)
                        let values = q.flatMap { full[$0][k] }
                        let expected =
                            pooling == .max
                            ? values.max() ?? 0 : values.reduce(0, +) / Float(max(1, values.count))
                        let found = image[row, column]
                        #expect(
                            isShown ? agree(found, expected, 1e-5) : found.isNaN,
                            "\(name) \(recording.kind) \(cell): \(row), \(column)")
                    }
                }
            }
            let thumbnails = lens.thumbnails(side: 10)
            #expect(thumbnails.count == recording.shape.layers * recording.shape.heads)
            #expect(thumbnails.allSatisfy { $0.values.contains { $0 > 0 } })
        }
    }

    @Test(arguments: names) func masksAreWhatRowsSee(name: String) throws {
        for recording in try Self.recordings(name) {
            let lens = Lens(recording: recording, threads: 2)
            for layer in 0..<recording.shape.layers {
                for query in 0..<recording.tokens {
                    let weights = try #require(lens.row(layer: layer, head: 1, query: query)).weights
                    let row = try #require(lens.maskRow(layer: layer, head: 1, query: query))
                    #expect(Set(row.visible.ranges.flatMap { $0 }) == Set(weights.indices.filter { weights[$0] > 0 }))
                    // Nothing is hidden but what the model itself hides.
                    #expect(agree(row.massKept, 1, 1e-5) && row.outputError == 0)
                    for stretch in row.stretches {
                        for key in stretch.keys {
                            let reason = try #require(lens.reason(layer: layer, head: 1, query: query, key: key))
                            #expect(reason.rule == stretch.rule && reason.isVisible == (weights[key] > 0))
                        }
                    }
                    #expect(row.stretches.flatMap { Array($0.keys) } == Array(weights.indices))
                }
                let survey = try #require(lens.maskSurvey(layer: layer, head: 1))
                #expect(agree(survey.meanMassKept, 1, 1e-5) && survey.density > 0 && survey.density <= 1)
            }
        }
    }

    /// The parts of a pair's score, where no cap or bias comes after them.
    @Test(arguments: names) func pairsHaveTheScoresOfTheirRows(name: String) throws {
        for recording in try Self.recordings(name) {
            let lens = Lens(recording: recording, threads: 2)
            for query in recording.ids.indices {
                let row = try #require(lens.row(layer: 1, head: 1, query: query))
                for key in row.weights.indices {
                    let pair = try #require(lens.pair(layer: 1, head: 1, query: query, key: key))
                    #expect(pair.weight ?? 0 == row.weights[key])
                    if let weight = pair.weight, weight > 0 {
                        #expect(agree(logf(weight) + row.logSumExp, pair.score, 2e-5 * max(1, abs(pair.score))))
                    }
                    guard lens.setup.rules[1].isPlain else { continue }
                    let sum = pair.shares.reduce(pair.unturned) { $0 + $1.contribution }
                    let size = pair.shares.reduce(abs(pair.unturned)) { $0 + $1.amplitude }
                    #expect(agree(sum, pair.score, 1e-5 * max(1, size)), "\(name) \(query), \(key)")
                }
            }
        }
    }

    /// The first layer reads the embeddings, whatever the scenario: there a preview is what the exact run finds.
    @Test(arguments: names) func aPreviewOfTheFirstLayerIsExact(name: String) throws {
        let fixture = try GoldenFixture(name)
        let model = try Model(contentsOf: fixture.folder, needsTokenizer: false)
        guard model.kinds == [.decoder] else { return }
        let plain = try GoldenAttentionTests.recordings(fixture, model: model)
        let own = model.defaultScenario.specs
        var scenarios = [
            own + ["window:size=7"], own + ["topk:k=3,window=2,sink=1"],
            own + ["lambda:sink=2,window=5", "topk:k=2,window=1,sink=1"],
        ]
        if model.traits.isRotary {
            scenarios += [
                ["pi:factor=3"], ["rerope:window=6"], ["self-extend:group=3,window=5"],
                ["dual-chunk:chunk=8,window=16"], ["log-n:window=4"], ["alibi"],
                ["transformer-xl"], ["xpos"], ["nope"], ["rerope:window=6", "topk:k=3,window=2,sink=1"],
                ["alibi:limit=4", "topk:k=3,window=2,sink=1"],
            ]
        }
        for specs in scenarios {
            let scenario = try Scenario(parsing: specs)
            let preview = Lens(recording: try #require(plain.main), scenario: scenario, threads: 2)
            let exact = Lens(
                recording: try Recorder(model: model, scenario: scenario, threads: 2).record(try fixture.ids()),
                threads: 2)
            for head in 0..<model.shape.heads {
                for query in 0..<exact.recording.tokens {
                    let a = try #require(preview.row(layer: 0, head: head, query: query))
                    let b = try #require(exact.row(layer: 0, head: head, query: query))
                    let recorded = exact.recording.measure(\.logSumExp, layer: 0, head: head, query: query)
                    #expect(agree(b.logSumExp, try #require(recorded), 1e-5), "\(name) \(specs) \(head) \(query)")
                    #expect(zip(a.weights, b.weights).allSatisfy { agree($0, $1, 1e-5) }, "\(name) \(specs) \(head)")
                }
            }
        }
    }

    /// The recording's own scenario is no preview.
    @Test(arguments: names) func theOwnScenarioIsExact(name: String) throws {
        for recording in try Self.recordings(name) {
            let own = Lens(recording: recording, threads: 2)
            let said = Lens(
                recording: recording, scenario: try Scenario(parsing: recording.scenario.specs), threads: 1)
            #expect(own.basis == .exact && said.basis == .exact)
            let last = recording.tokens - 1
            #expect(own.row(layer: 1, head: 0, query: last) == said.row(layer: 1, head: 0, query: last))
            #expect(own.headScores() == said.headScores())
        }
    }
}
