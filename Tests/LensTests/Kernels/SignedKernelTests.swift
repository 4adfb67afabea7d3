import Foundation
import RopewalkKernels
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

/// Kernels whose weights may be below 0: retention, and Performer's trigonometric features.
struct SignedKernelTests {
    static let specs = [
        "retnet", "retnet:norm=plain", "retnet:norm=torchscale", "retnet:gamma=0.8,norm=plain", "retnet:gamma=1",
        "performer:features=24,kind=trigonometric", "performer:features=5,kind=trigonometric,orthogonal=0,seed=3",
    ]

    static func retention(_ normaliser: SignedFeatures.Normaliser) throws -> (rows: SignedRows, map: SignedFeatures) {
        let vectors = try KernelVectors()
        let map = SignedFeatures(
            form: .plain, normaliser: normaliser, dimension: 2, scale: 1 / Float(2).squareRoot(), decays: [0.96875])
        let q = try vectors.floats("retnet_4", "inputs", "q")
        let k = try vectors.floats("retnet_4", "inputs", "k")
        let rows = SignedRows(
            map, keyHead: 0, tiles: KeyTile.packed(k.flatMap { $0 }, dimension: 2), states: q.flatMap { $0 },
            places: [0, 1, 2, 3], scale: 1 / Float(2).squareRoot(), positions: .unturned(tokens: 4),
            workers: Workers(count: 1))
        return (rows, map)
    }

    @Test func retentionIsThatOfTheExample() throws {
        let vectors = try KernelVectors()
        let expected = try vectors.floats("retnet_4", "outputs", "retention")
        let (rows, _) = try Self.retention(.none)
        for query in 0..<4 {
            let found = rows.products.copy(row: query, columns: 0..<4)
            #expect(zip(found, expected[query]).allSatisfy { agree($0, $1, 1e-6) }, "\(found), not \(expected[query])")
        }
        let values = try vectors.floats("retnet_4", "inputs", "v")
        for (query, output) in try vectors.floats("retnet_4", "outputs", "out_before_group_norm").enumerated() {
            let weights = rows.products.copy(row: query, columns: 0..<4)
            for i in 0..<2 {
                #expect(agree(zip(weights, values).reduce(Float(0)) { $0 + $1.0 * $1.1[i] }, output[i], 2e-6))
            }
        }
        // Of states that are all alike the products are what is left of each.
        let even = SignedRows(
            SignedFeatures(form: .plain, normaliser: .none, dimension: 2, scale: 1, decays: [0.96875]), keyHead: 0,
            tiles: KeyTile.packed(Array(repeating: [1, 0], count: 4).flatMap { $0 }, dimension: 2),
            states: Array(repeating: [1, 0], count: 4).flatMap { $0 }, places: [0, 1, 2, 3], scale: 1,
            positions: .unturned(tokens: 4), workers: Workers(count: 1))
        for (query, row) in try vectors.floats("retnet_4", "outputs", "D").enumerated() {
            let found = even.products.copy(row: query, columns: 0..<4)
            #expect(zip(found, row).prefix(query + 1).allSatisfy { agree($0, $1, 1e-6) }, "\(found), not \(row)")
        }
        let gammas = try vectors.row("retnet_4", "outputs", "first_8_head_gammas")
        #expect(zip(RetNet().decays(keyHeads: 8), gammas).allSatisfy { abs($0 - $1) < 1e-9 })
    }

    /// torchscale divides D by √ of its row's sum and the row by its sum where that is above 1.
    @Test func rowsAreDividedAsTorchscaleDoes() throws {
        let (rows, map) = try Self.retention(.rows)
        for query in 0..<4 {
            let decayed = (0...query).reduce(0.0) { $0 + pow(0.96875, Double($1)) }
            let scores = rows.products.copy(row: query, columns: 0..<4).map { Double($0) / decayed.squareRoot() }
            let sum = abs(scores.reduce(0, +))
            let divisor = map.divisor(
                sum: rows.products.signedSum(row: query), square: 0, decayed: map.decayed(keyHead: 0, query: query))
            #expect(abs(divisor - max(1, sum) * decayed.squareRoot()) < 1e-6, "\(query)")
        }
    }

    /// A row in plain words, in float64. [key]
    static func weights(
        _ kernel: any KernelMethod, _ query: [Float], _ keys: [[Float]], _ values: [[Float]], layer: Int, decay: Double
    ) -> [Double] {
        let dimension = query.count
        let directions = kernel.directions(layer: layer, dimension: dimension)
        let scale = 1 / Double(dimension).squareRoot()
        func features(_ x: [Float]) -> [Double] { KernelVectors.features(x, kernel.form, directions, scale: scale) }
        let q = features(query)
        let row = keys.enumerated().map { index, key in
            zip(q, features(key)).reduce(0) { $0 + $1.0 * $1.1 } * pow(decay, Double(keys.count - 1 - index))
        }
        let output = (0..<dimension).map { i in zip(row, values).reduce(0) { $0 + $1.0 * Double($1.1[i]) } }
        let sum = row.reduce(0, +)
        var divisor = 1.0
        switch kernel.normaliser {
        case .none: break
        case .sum: divisor = sum
        case .rows:
            let root = keys.indices.reduce(0) { $0 + pow(decay, Double($1)) }.squareRoot()
            divisor = root * max(1, abs(sum) / root)
        case .rootMeanSquare: divisor = (output.reduce(0) { $0 + $1 * $1 } / Double(dimension) + 1e-6).squareRoot()
        }
        return row.map { $0 / divisor }
    }

    static func decay(_ kernel: any KernelMethod, keyHead: Int, of keyHeads: Int) -> Double {
        let decays = kernel.decays(keyHeads: keyHeads)
        return decays.isEmpty ? 1 : decays[keyHead]
    }

    /// Rows are those of the formulas, their shares are sizes over the sum of all, and nothing is said of what only shares
    /// have. A sum of products may be next to 0, and then weights are as large as that is small: so errors are measured by
    /// the largest of the row, against 1e-3 of it, which float32 leaves where a sum is a hundredth of what is added up.
    @Test(arguments: specs, ["llama_default", "llama_mqa"]) func rowsAreThoseOfTheFormula(
        spec: String, model: String
    ) throws {
        let recording = try Sample.recording(300, [spec], model: model, chunkSize: 256)
        let kernel = try #require(try Scenario(parsing: [spec]).kernel)
        let lens = Lens(recording: recording, threads: 2)
        let head = recording.shape.heads - 1
        for (layer, states) in PlainLayer.layers(recording, []).enumerated() {
            #expect(lens.isSigned(layer: layer) && !recording.hasPairs(layer: layer))
            for query in [0, 1, 63, 64, 127, 200, 255, 256, 299] {
                let row = try #require(lens.row(layer: layer, head: head, query: query))
                let signed = try #require(row.signedWeights)
                let keyHead = states.keyHead(head)
                let expected = Self.weights(
                    kernel, states.queries[head][query], Array(states.keyRows[keyHead][...query]),
                    Array(states.valueRows[keyHead][...query]), layer: layer,
                    decay: Self.decay(kernel, keyHead: keyHead, of: states.keyHeads))
                let largest = expected.reduce(0) { max($0, abs($1)) }
                #expect(
                    zip(signed, expected).allSatisfy { abs(Double($0) - $1) <= 1e-3 * largest },
                    "\(spec) \(layer) \(query)")
                let sizes = expected.reduce(0) { $0 + abs($1) }
                #expect(
                    zip(row.weights, expected).allSatisfy { agree($0, Float(abs($1) / sizes), 1e-3) },
                    "\(spec) \(layer) \(query)")
                #expect(agree(row.weights.reduce(0, +), sizes > 0 ? 1 : 0, 1e-4) && row.entropy.isNaN)
                #expect(row.provenance == .exact && row.logSumExp.isNaN)
            }
        }
    }

    /// What the recurrence hands on is what those rows weigh, in chunks and in blocks of the state.
    @Test(arguments: specs) func theRecurrenceIsTheMaterialisedAttention(spec: String) throws {
        let (dimension, tokens, heads, keyHeads) = (16, 300, 4, 2)
        let kernel = try #require(try Scenario(parsing: [spec]).kernel)
        let shape = ModelShape(
            layers: 1, heads: heads, keyValueHeads: keyHeads, headDimension: dimension, hidden: 64, intermediate: 64,
            vocabulary: 9, trainedWindow: 64, normEpsilon: 1e-5)
        let map = try #require(SignedFeatures(kernel, layer: 0, shape: shape, scale: 0.25))
        var noise = KernelVectors.Noise(seed: 11)
        func states(_ heads: Int, times factor: Float) -> [[Float]] {
            (0..<tokens).map { _ in noise.row(heads * dimension, times: factor) }
        }
        func matrix(_ rows: [[Float]]) -> Matrix {
            let result = Matrix(rows: rows.count, columns: rows[0].count)
            for (row, values) in rows.enumerated() { result.setRow(row, to: values[...]) }
            return result
        }
        let (queries, keys, values) = (states(heads, times: 2), states(keyHeads, times: 2), states(keyHeads, times: 1))
        let (positions, workers) = (PositionTables.unturned(tokens: tokens), Workers(count: 2))
        let cache = KeyValueCache(heads: keyHeads, dimension: dimension, tokens: tokens)
        let attention = SignedAttention(map: map, cache: cache, positions: positions, heads: heads, scale: 0.25)
        var context: [[Float]] = []
        for chunk in [0..<256, 256..<tokens] {
            let packedKeys = HeadPacking.tiles(
                matrix(Array(keys[chunk])), count: chunk.count, heads: keyHeads, workers: workers)
            let packedValues = HeadPacking.rows(
                matrix(Array(values[chunk])), count: chunk.count, heads: keyHeads, width: dimension, workers: workers)
            cache.store(
                keys: packedKeys, values: packedValues, firstToken: chunk.lowerBound, count: chunk.count,
                tables: positions.keys, workers: workers)
            let output = Matrix(rows: chunk.count, columns: heads * dimension)
            let summary = attention.run(
                chunk, queries: matrix(Array(queries[chunk])), context: output, workers: workers)
            #expect(summary.entropy.allSatisfy(\.isNaN) && summary.topKey.allSatisfy { $0 == -1 })
            context += (0..<chunk.count).map { output.copy(rows: $0..<$0 + 1) }
        }
        for query in [0, 1, 63, 64, 65, 128, 255, 256, 299] {
            for head in 0..<heads {
                let keyHead = head / 2
                func part(_ row: [Float], _ head: Int) -> [Float] {
                    Array(row[head * dimension..<(head + 1) * dimension])
                }
                let read = values[...query].map { part($0, keyHead) }
                let weights = Self.weights(
                    kernel, part(queries[query], head), keys[...query].map { part($0, keyHead) }, read, layer: 0,
                    decay: Self.decay(kernel, keyHead: keyHead, of: keyHeads))
                // Float32 keeps some seven digits of what was added up, which is as much as the sizes of all weights.
                let bound = 2e-5 * max(1, weights.reduce(0) { $0 + abs($1) })
                for (i, found) in part(context[query], head).enumerated() {
                    let expected = zip(weights, read).reduce(0) { $0 + $1.0 * Double($1.1[i]) }
                    #expect(abs(Double(found) - expected) < bound, "\(spec) \(query) \(head) \(i)")
                }
            }
        }
    }

    /// A run that stops goes on with the state that it had.
    @Test(arguments: ["retnet", "performer:features=9,kind=trigonometric"]) func piecesDoNotMatter(spec: String) throws
    {
        let pieces = try Sample.recording(600, [spec], chunkSize: 256)
        let stopped = try Sample.stopped(600, after: 256, [spec])
        let recorder = Recorder(
            model: try Sample.model(), scenario: try Scenario(parsing: [spec]), threads: 2, chunkSize: 256)
        let resumed = try #require(
            try recorder.record(ModelInputs(ids: Sample.ids(600)), after: Recordings(stopped)).main)
        #expect(Array(resumed.lastHidden(of: 599) ?? []) == Array(pieces.lastHidden(of: 599) ?? []))
    }

    /// The first layer reads the embeddings, whatever the scenario; what only sums know is not answered.
    @Test(arguments: specs) func previewsAndQuestions(spec: String) throws {
        let scenario = try Scenario(parsing: [spec])
        let preview = Lens(recording: try Sample.recording(300), scenario: scenario, threads: 2)
        let recording = try Sample.recording(300, [spec])
        let exact = Lens(recording: recording, threads: 2)
        for query in [0, 70, 299] {
            let a = try #require(preview.row(layer: 0, head: 1, query: query))
            let b = try #require(exact.row(layer: 0, head: 1, query: query))
            #expect(a.provenance.basis == .preview && zip(a.weights, b.weights).allSatisfy { agree($0, $1, 1e-5) })
        }
        #expect(exact.topQueries(layer: 0, head: 1, key: 40, count: 3).isEmpty)
        #expect(exact.placeWeights(query: 60, keys: 3..<9) == nil)
        #expect(exact.wordReading(layer: 0, head: 1, query: 60, count: 9) == nil)
        #expect(exact.tileRow(layer: 0, head: 1, query: 60, sizes: TileSizes(rows: 16, columns: 16)) == nil)
        #expect(exact.headScores().allSatisfy { $0.entropy.isNaN && $0.meanDistance.isNaN && $0.previousToken.isNaN })
        for lens in [exact, preview] { EveryScenarioTests.ask(lens, queries: [0, 1, 70, 259, 260]) }
        let image = exact.map(
            MapRequest(layer: 1, head: 0, cell: recording.poolBlock, rows: 5, columns: 5, pooling: .mean))
        #expect(image.values.contains { $0 > 0 } && image.values.allSatisfy { !($0 < 0) })
        let filling = try #require(exact.kernelFilling(layer: 1, head: 0, points: 8))
        #expect(filling.tokens == [64, 128, 192, 256, 300] && filling.values.max() == 1)
    }

    /// What the page of a kernel says of signs, beside the error of the output, which is that of every other question.
    @Test(arguments: specs) func signsAreSaid(spec: String) throws {
        let lens = Lens(recording: try Sample.recording(200), scenario: try Scenario(parsing: [spec]), threads: 2)
        let row = try #require(lens.kernelRow(layer: 1, head: 0, query: 150))
        let signed = try #require(lens.row(layer: 1, head: 0, query: 150)?.signedWeights)
        let sizes = signed.reduce(0) { $0 + abs($1) }
        let negative = signed.reduce(0) { $1 < 0 ? $0 - $1 : $0 } / sizes
        let signs = try #require(row.signs)
        #expect(row.moved.isNaN && row.divergence.isNaN && agree(signs.negative, negative, 1e-4))
        #expect((signs.sum == nil) == spec.hasPrefix("retnet") && row.logErrors.isEmpty == spec.hasPrefix("retnet"))
        #expect(agree(row.outputError, try #require(lens.maskRow(layer: 1, head: 0, query: 150)).outputError, 1e-5))
        #expect(row.keys.allSatisfy { signed[$0.token] == $0.estimated })
        let maps = try #require(lens.kernelMaps(layer: 1, head: 0, side: 20))
        let signedMap = try #require(maps.signed)
        #expect(signedMap.request == maps.exact.request && signedMap.values.contains { $0 < 0 })
        #expect(try #require(lens.kernelError(layer: 1, head: 0)).moved.isNaN)
    }

    @Test func refusals() throws {
        for specs in [["retnet", "window:size=20"], ["performer:kind=trigonometric", "rerope:window=40"]] {
            let scenario = try Scenario(parsing: specs)
            let error = #expect(throws: ModelError.self) { try Sample.model().check(scenario, tokens: 60) }
            #expect(error?.description.contains("leave") == true, "\(specs)")
        }
        let encoder = try Model(contentsOf: Fixture.path("hf/bert"), needsTokenizer: false)
        #expect(throws: ModelError.self) { try encoder.check(try Scenario(parsing: ["retnet"]), tokens: 20) }
        for spec in ["retnet:gamma=1.5", "retnet:gamma=-1", "retnet:norm=max"] {
            #expect(throws: MethodError.self) { try Scenario(parsing: [spec]) }
        }
        #expect(throws: MethodError.weighsOnly("retnet:gamma=0,norm=rms")) { try Mask(parsing: ["retnet"], tokens: 9) }
    }
}
