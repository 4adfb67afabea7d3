import Foundation
import RopewalkKernels
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

/// Attention by products of features: its weights, its runs, and what a decoder keeps in place of keys and values.
struct KernelRunTests {
    static let specs = [
        "linear", "performer:features=24", "performer:features=24,kind=hyperbolic", "performer:features=24,kind=relu",
        "performer:features=7,orthogonal=0,seed=3",
    ]

    /// A run's outputs and weights are those of the recurrence in plain words, which keeps Σ φ(k)·vᵀ and Σ φ(k).
    @Test(arguments: specs, ["llama_default", "llama_mqa"]) func theRunIsTheRecurrence(
        spec: String, model: String
    ) throws {
        let recording = try Sample.recording(300, [spec], model: model, chunkSize: 256)
        let kernel = try #require(try Scenario(parsing: [spec]).kernel)
        let lens = Lens(recording: recording, threads: 2)
        for (layer, states) in PlainLayer.layers(recording, []).enumerated() {
            let head = recording.shape.heads - 1
            let directions = kernel.directions(layer: layer, dimension: states.dimension)
            let scale = 1 / Double(states.dimension).squareRoot()
            func features(_ x: [Float]) -> [Double] {
                KernelVectors.features(x, kernel.form, directions, scale: scale)
            }
            var sums = [Double](repeating: 0, count: features(states.queries[0][0]).count)
            var products = sums.map { _ in [Double](repeating: 0, count: states.dimension) }
            for query in 0..<300 {
                let key = features(states.keyRows[states.keyHead(head)][query])
                let value = states.valueRows[states.keyHead(head)][query]
                for (index, feature) in key.enumerated() {
                    sums[index] += feature
                    for i in value.indices { products[index][i] += feature * Double(value[i]) }
                }
                guard query % 37 == 0 || query == 299 else { continue }
                let q = features(states.queries[head][query])
                let sum = zip(q, sums).reduce(0) { $0 + $1.0 * $1.1 }
                let row = try #require(lens.row(layer: layer, head: head, query: query))
                #expect(row.provenance == .exact && agree(row.weights.reduce(0, +), 1, 1e-4))
                for i in 0..<states.dimension {
                    let expected = zip(q, products).reduce(0) { $0 + $1.0 * $1.1[i] } / sum
                    let found = row.weights.enumerated().reduce(0.0) {
                        $0 + Double($1.element * states.valueRows[states.keyHead(head)][$1.offset][i])
                    }
                    #expect(abs(found - expected) < 1e-4, "\(spec) \(layer) \(query) \(i)")
                }
                let measured = try #require(recording.measure(\.logSumExp, layer: layer, head: head, query: query))
                #expect(agree(measured, row.logSumExp, 1e-4), "\(measured), not \(row.logSumExp)")
            }
        }
    }

    /// What the recurrence measures on its way is what the materialised rows say, and the map's blocks add up to 1.
    @Test(arguments: specs) func measuresAreThoseOfTheRows(spec: String) throws {
        let recording = try Sample.recording(400, [spec], chunkSize: 256)
        let lens = Lens(recording: recording, threads: 2)
        for query in [0, 1, 63, 64, 65, 127, 128, 200, 255, 256, 257, 320, 399] {
            let row = try #require(lens.row(layer: 1, head: 1, query: query))
            func measure(_ path: KeyPath<AttentionSummary, KeptNumbers<Float>>) -> Float {
                recording.measure(path, layer: 1, head: 1, query: query) ?? .nan
            }
            #expect(agree(measure(\.sink), row.weights[0], 1e-5), "\(spec) \(query)")
            #expect(agree(measure(\.previous), query > 0 ? row.weights[query - 1] : 0, 1e-5), "\(spec) \(query)")
            let distance = row.weights.enumerated().reduce(Float(0)) { $0 + $1.element * Float(query - $1.offset) }
            #expect(agree(measure(\.distance), distance, 1e-2 + 1e-4 * distance), "\(spec) \(query)")
            #expect(measure(\.entropy).isNaN && measure(\.induction).isNaN)
        }
        let block = recording.poolBlock
        let rows = (400 + block - 1) / block
        let means = lens.map(
            MapRequest(layer: 1, head: 1, cell: block, rows: rows, columns: rows, pooling: .mean))
        for row in 0..<rows {
            let queries = row * block..<min(400, (row + 1) * block)
            for column in 0...row {
                let keys = column * block..<min(400, (column + 1) * block)
                let sum = queries.reduce(Float(0)) { sum, query in
                    let weights = lens.row(layer: 1, head: 1, query: query)?.weights ?? []
                    return sum + keys.filter { $0 <= query }.reduce(0) { $0 + weights[$1] }
                }
                let found = means.values[row * rows + column] * Float(queries.count * keys.count)
                #expect(agree(found, sum, 1e-2), "\(spec) \(row) \(column): \(found), not \(sum)")
            }
        }
        // Highest weights were not looked at by the run: some rows are, and that is said.
        let highest = lens.map(MapRequest(layer: 1, head: 1, cell: block, rows: rows, columns: rows, pooling: .max))
        #expect(highest.provenance.basis == .exact && highest.values.contains { $0 > 0 })
        #expect(lens.headScores().allSatisfy { $0.entropy.isNaN && $0.induction.isNaN && $0.meanDistance > 0 })
        #expect(Entropies(recording, layers: [0], heads: [0]) == nil)
    }

    /// The first layer reads the embeddings, whatever the scenario.
    @Test(arguments: specs) func thePreviewOfTheFirstLayerIsExact(spec: String) throws {
        let preview = Lens(recording: try Sample.recording(300), scenario: try Scenario(parsing: [spec]), threads: 2)
        let exact = Lens(recording: try Sample.recording(300, [spec]), threads: 2)
        for query in stride(from: 299, through: 0, by: -31) {
            let a = try #require(preview.row(layer: 0, head: 1, query: query))
            let b = try #require(exact.row(layer: 0, head: 1, query: query))
            #expect(a.provenance.basis == .preview && zip(a.weights, b.weights).allSatisfy { agree($0, $1, 1e-5) })
            let pair = try #require(exact.pair(layer: 0, head: 1, query: query, key: query / 2))
            #expect(agree(expf(pair.score - b.logSumExp), b.weights[query / 2], 1e-5))
        }
        let readers = exact.topQueries(layer: 0, head: 1, key: 40, count: 3)
        let best = try #require(readers.first)
        let row = try #require(exact.row(layer: 0, head: 1, query: best.token))
        #expect(readers.count == 3 && agree(row.weights[40], best.weight, 1e-5))
    }

    /// In pieces, as a whole, and where it goes on after it was stopped; beside other positions and windows too, where it
    /// is no recurrence.
    @Test(arguments: [
        ["linear"], ["performer:features=9"], ["performer:features=9", "rerope:window=40"],
        ["linear", "window:size=30"],
    ])
    func piecesDoNotMatter(specs: [String]) throws {
        let pieces = try Sample.recording(600, specs, chunkSize: 256)
        let whole = try Sample.recording(600, specs, chunkSize: 2048)
        for token in stride(from: 0, to: 600, by: 7) {
            let (a, b) = (try #require(pieces.lastHidden(of: token)), try #require(whole.lastHidden(of: token)))
            #expect(zip(a, b).allSatisfy { agree($0, $1, 2e-4) }, "\(specs) \(token)")
        }
        let stopped = try Sample.stopped(600, after: 256, specs)
        let recorder = Recorder(
            model: try Sample.model(), scenario: try Scenario(parsing: specs), threads: 2, chunkSize: 256)
        let resumed = try #require(
            try recorder.record(ModelInputs(ids: Sample.ids(600)), after: Recordings(stopped)).main)
        #expect(Array(resumed.lastHidden(of: 599) ?? []) == Array(pieces.lastHidden(of: 599) ?? []))
        // A window makes it no recurrence, and then every pair is looked at.
        #expect(pieces.hasPairs(layer: 0) == (specs.count > 1))
    }

    /// A recurrence and the same attention tile by tile give the same numbers.
    @Test(arguments: specs) func theRecurrenceIsTheMaterialisedAttention(spec: String) throws {
        let recurrent = try Sample.recording(500, [spec])
        let tiled = try Sample.recording(500, [spec, "window:size=500"])
        #expect(!recurrent.hasPairs(layer: 0) && tiled.hasPairs(layer: 0))
        for token in stride(from: 0, to: 500, by: 9) {
            let (a, b) = (try #require(recurrent.lastHidden(of: token)), try #require(tiled.lastHidden(of: token)))
            #expect(zip(a, b).allSatisfy { agree($0, $1, 2e-4) }, "\(spec) \(token)")
        }
    }

    /// How far it is off is measured against the model's own attention on the same states, by all that say it.
    @Test func theErrorIsThatOfTheOutput() throws {
        let recording = try Sample.recording(200)
        let scenario = try Scenario(parsing: ["performer:features=64"])
        let lens = Lens(recording: recording, scenario: scenario, threads: 2)
        let plain = Lens(recording: recording, threads: 2)
        let row = try #require(lens.kernelRow(layer: 1, head: 0, query: 150))
        let (p, q) = (
            try #require(plain.row(layer: 1, head: 0, query: 150)).weights,
            try #require(lens.row(layer: 1, head: 0, query: 150)).weights
        )
        #expect(agree(row.moved, zip(p, q).reduce(0) { $0 + abs($1.0 - $1.1) } / 2, 1e-5) && row.moved > 0)
        let divergence = zip(p, q).reduce(0.0) { $1.0 > 0 ? $0 + Double($1.0) * log(Double($1.0 / $1.1)) : $0 }
        #expect(agree(row.divergence, Float(divergence), 1e-3))
        let error = try #require(lens.maskRow(layer: 1, head: 0, query: 150)).outputError
        #expect(error > 0 && agree(row.outputError, error, 1e-5))
        #expect(row.logErrors.count == 151 && row.logErrors == row.logErrors.sorted())
        let first = try #require(row.keys.first)
        #expect(p[first.token] == first.exact && q[first.token] == first.estimated)
        #expect(plain.kernelRow(layer: 1, head: 0, query: 150) == nil)
        let many = try #require(lens.kernelError(layer: 1, head: 0, features: 512))
        let few = try #require(lens.kernelError(layer: 1, head: 0, features: 4))
        #expect(many.features == 512 && few.rows == 12 && many.moved < few.moved)
        let maps = try #require(lens.kernelMaps(layer: 1, head: 0, side: 20))
        #expect(maps.exact.request == maps.estimated.request && maps.exact.values != maps.estimated.values)
    }

    /// A state fills up as the sums in plain words do.
    @Test(arguments: specs) func theStateFillsUp(spec: String) throws {
        let recording = try Sample.recording(300, [spec], chunkSize: 256)
        let lens = Lens(recording: recording, threads: 2)
        let filling = try #require(lens.kernelFilling(layer: 1, head: 0, points: 8))
        let kernel = try #require(try Scenario(parsing: [spec]).kernel)
        let states = PlainLayer.layers(recording, [])[1]
        let directions = kernel.directions(layer: 1, dimension: states.dimension)
        var sums: [Double] = []
        var norms: [Double] = []
        for key in states.keyRows[0] {
            let scale = 1 / Double(states.dimension).squareRoot()
            let features = KernelVectors.features(key, kernel.form, directions, scale: scale)
            sums = sums.isEmpty ? features : zip(sums, features).map { $0 + $1 }
            norms.append(sums.reduce(0) { $0 + $1 * $1 }.squareRoot())
        }
        #expect(filling.tokens == [64, 128, 192, 256, 300])
        for (place, share) in zip(filling.tokens, filling.sums) {
            #expect(agree(share, Float(norms[place - 1] / norms[299]), 1e-3), "\(spec) \(place)")
        }
        #expect(filling.values.max() == 1 && filling.values.allSatisfy { $0 > 0 })
        let window = Lens(recording: recording, scenario: try Scenario(parsing: [spec, "window:size=9"]), threads: 2)
        #expect(window.kernelFilling(layer: 1, head: 0, points: 8) == nil, "with a window there is no such state")
    }

    /// What products of features cannot do is refused by name.
    @Test func refusals() throws {
        for specs in [["linear", "topk"], ["performer", "moba"], ["linear", "kivi"], ["linear", "performer"]] {
            #expect(throws: MethodError.self) { try Scenario(parsing: specs) }
        }
        #expect(throws: MethodError.weighsOnly("linear")) { try Mask(parsing: ["linear"], tokens: 9) }
        for spec in ["performer:features=0", "performer:features=4097", "performer:kind=4", "performer:kind=cosine"] {
            #expect(throws: MethodError.self) { try Scenario(parsing: [spec]) }
        }
        let scenario = try Scenario(parsing: ["linear", "alibi"])
        let error = #expect(throws: ModelError.self) { try Sample.model().check(scenario, tokens: 20) }
        #expect(error?.description.contains("adds to scores") == true)
        for name in ["gemma2", "bloom", "gpt_oss"] {
            let model = try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
            #expect(throws: ModelError.self) { try model.check(try Scenario(parsing: ["linear"]), tokens: 20) }
        }
    }

    @Test func kindsAreWrittenByName() throws {
        let scenario = try Scenario(parsing: ["performer:kind=2"])
        #expect(scenario.specs == ["performer:features=256,kind=trigonometric,orthogonal=1,seed=0"])
        #expect(try Scenario(parsing: scenario.specs) == scenario)
        let kind = try #require(Performer.description.parameters.first { $0.name == "kind" })
        #expect(kind.rangeText == "positive, hyperbolic, trigonometric, relu" && kind.words(3) == "relu")
    }

    /// Whatever replaces whatever, a lens answers or says that it has none.
    @Test(arguments: specs) func everyQuestionIsAnswered(spec: String) throws {
        let recording = try Sample.recording(260, [spec], chunkSize: 256)
        for scenario in [[], ["topk:k=7,window=16,sink=2"], [spec, "lambda:sink=2,window=20"], ["linear"]] {
            let lens = Lens(recording: recording, scenario: try Scenario(parsing: scenario), threads: 2)
            EveryScenarioTests.ask(lens, queries: [0, 1, 70, 259, 260])
        }
    }
}
