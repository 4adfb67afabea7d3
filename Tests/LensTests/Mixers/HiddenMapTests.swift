import Foundation
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkLens

/// Hidden maps of recurrent mixers: worked examples, what the scan gave, and impulses sent through the recurrence.
struct HiddenMapTests {
    private struct Missing: Error {}

    private static func entry(_ id: String) throws -> (inputs: [String: Any], outputs: [String: Any]) {
        let root = try JSONSerialization.jsonObject(with: try Fixture.data("vectors/mixers.json")) as? [String: Any]
        guard let entry = (root?["numeric"] as? [[String: Any]])?.first(where: { $0["id"] as? String == id }),
            let inputs = entry["inputs"] as? [String: Any], let outputs = entry["outputs"] as? [String: Any]
        else { throw Missing() }
        return (inputs, outputs)
    }

    private static func agree(_ found: [[Float]], _ expected: Any?) throws {
        guard let expected = expected as? [[Double]] else { throw Missing() }
        for (row, numbers) in expected.enumerated() {
            for (column, number) in numbers.enumerated() where column <= row {
                #expect(abs(Double(found[row][column]) - number) < 1e-6, "\(row), \(column)")
            }
        }
    }

    /// The worked example of Mamba: α, its shares, and what they make of the inputs.
    @Test func mambaIsTheWorkedExample() throws {
        let (inputs, outputs) = try Self.entry("mamba_hidden_attention_4")
        guard let steps = inputs["dt"] as? [Double], let rates = inputs["A"] as? [Double],
            let b = inputs["B"] as? [[Double]], let c = inputs["C"] as? [[Double]], let x = inputs["x"] as? [Double],
            let y = outputs["y"] as? [Double]
        else { throw Missing() }
        let unit = HiddenUnit(
            kind: .mamba, states: 2, steps: steps.map { Float($0) }, rates: rates.map { Float($0) })
        let writes = b.flatMap { $0.map { Float($0) } }
        let rows = (0..<4).map { unit.row($0, reads: c[$0].map { Float($0) }, writes: writes).weights }
        try Self.agree(rows, outputs["alpha"])
        try Self.agree(
            rows.map { row in
                let sum = row.reduce(0) { $0 + abs($1) }
                return row.map { abs($0) / sum }
            }, outputs["row_normalised_abs"])
        for (query, row) in rows.enumerated() {
            let found = zip(row, x).reduce(0.0) { $0 + Double($1.0) * $1.1 }
            #expect(abs(found - y[query]) < 1e-6)
        }
    }

    /// Of Mamba-2: what is left, the product with C·B, and their product; every 2 × 2 minor of what is left is 0.
    @Test func mamba2IsTheWorkedExample() throws {
        let inputs = try Self.entry("mamba_hidden_attention_4").inputs
        let (own, outputs) = try Self.entry("ssd_mask_4")
        guard let steps = inputs["dt"] as? [Double], let rate = own["a_scalar_A"] as? Double,
            let b = inputs["B"] as? [[Double]], let c = inputs["C"] as? [[Double]],
            let fades = outputs["a"] as? [Double]
        else { throw Missing() }
        let unit = HiddenUnit(kind: .mamba2, states: 2, steps: steps.map { Float($0) }, rates: [Float(rate)])
        let writes = b.flatMap { $0.map { Float($0) } }
        let rows = (0..<4).map { unit.row($0, reads: c[$0].map { Float($0) }, writes: writes) }
        try Self.agree(rows.map(\.weights), outputs["M"])
        try Self.agree(rows.map(\.fading), outputs["L"])
        for i in 2..<4 {
            for j in 1..<i {
                let (a, b) = (rows[i - 1].fading, rows[i].fading)
                #expect(abs(a[j - 1] * b[j] - a[j] * b[j - 1]) < 1e-7)
            }
        }
        let fading = unit.fading(layer: 0, unit: 0)
        for (token, fade) in fades.enumerated() {
            #expect(abs(Double(fading.halfLives[token]) - log(0.5) / log(fade)) < 1e-5)
        }
        #expect(abs(Double(fading.logarithms[3]) - fades.reduce(0) { $0 + log($1) }) < 1e-5)
    }

    @Test func rwkvIsTheWorkedExample() throws {
        let (inputs, outputs) = try Self.entry("rwkv4_wkv_4")
        guard let keys = inputs["k"] as? [Double], let decay = inputs["w_decay"] as? Double,
            let bonus = inputs["u_bonus"] as? Double
        else { throw Missing() }
        let unit = HiddenUnit(
            kind: .rwkv, states: 0, steps: keys.map { Float($0) }, rates: [Float(-decay)], bonus: Float(bonus))
        let rows = (0..<4).map { unit.row($0, reads: [], writes: []).weights }
        try Self.agree(rows, outputs["A"])
        for row in rows { #expect(abs(row.reduce(0, +) - 1) < 1e-6) }
        guard let values = inputs["v"] as? [Double], let read = outputs["wkv"] as? [Double] else { throw Missing() }
        for (row, expected) in zip(rows, read) {
            #expect(abs(zip(row, values).reduce(0.0) { $0 + Double($1.0) * $1.1 } - expected) < 1e-6)
        }
    }

    /// With a Δ that never changes, B and C that never do, the map is that of S4: one number a distance. What Mamba
    /// multiplies inputs by is Δ, not S4's exact integral.
    @Test func withoutAChoiceItIsAConvolution() throws {
        let kernel = try Self.entry("s4_toeplitz_4")
        let steps = try Self.entry("ssm_discretisation")
        guard let abar = kernel.inputs["Abar"] as? [Double], let bbar = kernel.inputs["Bbar"] as? [Double],
            let c = kernel.inputs["C"] as? [Double], let mamba = steps.outputs["mamba_code"] as? [Double],
            let a = steps.inputs["A"] as? Double, let step = steps.inputs["dt"] as? Double
        else { throw Missing() }
        let unit = HiddenUnit(
            kind: .mamba, states: 2, steps: [1, 1, 1, 1], rates: abar.map { Float(log($0)) })
        let writes = (0..<4).flatMap { _ in bbar.map { Float($0) } }
        let rows = (0..<4).map { unit.row($0, reads: c.map { Float($0) }, writes: writes).weights }
        try Self.agree(rows, kernel.outputs["toeplitz"])
        guard let distances = kernel.outputs["kernel"] as? [Double] else { throw Missing() }
        #expect(zip(rows[3].reversed(), distances).allSatisfy { abs(Double($0) - $1) < 1e-6 })
        let one = HiddenUnit(kind: .mamba, states: 1, steps: [Float(step), Float(step)], rates: [Float(a)])
        let row = one.row(1, reads: [1], writes: [1, 1]).weights
        // What is left of a state is the same in all ways to make steps of a rate but the bilinear one.
        guard let exact = steps.outputs["zoh"] as? [Double] else { throw Missing() }
        #expect(abs(Double(one.left(1, 0)) - mamba[0]) < 1e-7 && abs(Double(one.left(1, 0)) - exact[0]) < 1e-7)
        #expect(abs(Double(row[0]) - mamba[0] * mamba[1]) < 1e-7 && abs(Double(row[1]) - mamba[1]) < 1e-7)
    }

    /// What the run's scan gave is what the map makes of its inputs, with what passes by the state.
    @Test(arguments: GoldenFixture.recurrent) func theMapIsWhatTheScanDid(name: String) throws {
        let model = try Sample.model(name)
        let recording = try Recorder(model: model, threads: 2, keepsStates: true, chunkSize: 256).record(
            Sample.ids(600).map { $0 % 60 })
        let lens = Lens(recording: recording, threads: 2)
        for layer in model.traits.mixerLayers {
            let traits = try #require(lens.mixer(layer: layer))
            let source = try #require(MixerSource(recording: recording, layer: layer, traits: traits))
            let outputs = recording.chunks.flatMap { $0.layers[layer].mixer?.outputs ?? [] }
            let highest = outputs.map { abs($0) }.max() ?? 0
            for unit in [0, traits.units / 2, traits.units - 1] {
                for query in [0, 3, 255, 256, 599] {
                    let row = HiddenUnit(source, unit: unit).row(query, source, unit: unit).weights
                    let channel = unit * traits.unitWidth + traits.unitWidth / 2
                    let inputs = source.inputs(channel)
                    let sum =
                        zip(row, inputs).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
                        + Double(source.through(unit)) * Double(inputs[query])
                    // Sums over 600 tokens in another order, of float32.
                    let found = Double(outputs[query * traits.channels + channel])
                    #expect(abs(sum - found) <= 1e-5 * Double(highest), "\(name) \(layer).\(unit) at \(query)")
                }
            }
        }
    }

    /// Column j of the map is what comes out where 1 goes in at token j alone, by the recurrence itself.
    @Test func impulsesGiveTheSameMap() {
        let (tokens, states) = (40, 3)
        let steps = (0..<tokens).map { 0.05 + 0.4 * Float(($0 * 7) % 11) / 11 }
        let rates: [Float] = [-0.3, -1.7, -0.02]
        func vector(_ token: Int, _ seed: Int) -> [Float] {
            (0..<states).map { sinf(Float(token * 5 + $0 * 3 + seed)) }
        }
        for kind in [MixerTraits.Kind.mamba, .mamba2] {
            let own = kind == .mamba ? rates : [rates[0]]
            let unit = HiddenUnit(kind: kind, states: states, steps: steps, rates: own)
            let writes = (0..<tokens).flatMap { vector($0, 1) }
            for impulse in [0, 1, 17, 39] {
                var state = [Double](repeating: 0, count: states)
                for token in 0..<tokens {
                    for n in 0..<states {
                        let rate = Double(kind == .mamba ? rates[n] : rates[0])
                        let added = token == impulse ? Double(steps[token]) * Double(vector(token, 1)[n]) : 0
                        state[n] = exp(rate * Double(steps[token])) * state[n] + added
                    }
                    let expected = zip(state, vector(token, 2)).reduce(0.0) { $0 + $1.0 * Double($1.1) }
                    let first = unit.firstKey(token)
                    let row = unit.row(
                        token, reads: vector(token, 2), writes: Array(writes[(first * states)...])
                    ).weights
                    if impulse <= token { #expect(abs(Double(row[impulse]) - expected) < 1e-6) }
                }
            }
        }
    }

    @Test(arguments: GoldenFixture.recurrent) func windowsAreRows(name: String) throws {
        let model = try Sample.model(name)
        let recording = try Recorder(model: model, threads: 2).record(Sample.ids(70).map { $0 % 60 })
        let lens = Lens(recording: recording, threads: 2)
        let layer = try #require(model.traits.mixerLayers.last)
        let traits = try #require(lens.mixer(layer: layer))
        func window(_ matrix: MixerMatrix, _ units: Range<Int>, cell: Int = 1) -> MixerWindow? {
            lens.mixerWindow(
                MixerRequest(
                    layer: layer, units: units, matrix: matrix, firstQuery: 50, firstKey: 45, cell: cell, rows: 30,
                    columns: 12))
        }
        let map = try #require(window(.map, 1..<2))
        let shares = try #require(window(.shares, 1..<2))
        for row in 0..<20 {
            let whole = try #require(lens.mixerRow(layer: layer, unit: 1, query: 50 + row, keys: 70))
            #expect(abs(whole.keys.reduce(0) { $0 + $1.share } - 1) < 1e-5)
            for column in 0..<12 {
                let key = whole.keys.first { $0.token == 45 + column }
                guard 45 + column <= 50 + row else {
                    #expect(map[row, column].isNaN && shares[row, column].isNaN)
                    continue
                }
                #expect(map[row, column] == key?.weight)
                #expect(abs(shares[row, column] - (key?.share ?? -1)) < 1e-6)
            }
        }
        // Behind the last token there are no queries.
        #expect((0..<12).allSatisfy { map[20, $0].isNaN } && map.queries == Array(50..<70))
        // The mean over units, and over the keys of a cell at its middle query.
        let all = try #require(window(.map, 0..<traits.units))
        let each = try (0..<traits.units).map { try #require(window(.map, $0..<$0 + 1)) }
        let mean = each.reduce(0) { $0 + $1[3, 2] } / Float(traits.units)
        #expect(abs(all[3, 2] - mean) < 1e-5)
        let coarse = try #require(window(.map, 1..<2, cell: 4))
        #expect(coarse.queries.first == 51 && coarse.provenance.sampling == 4)
        let cell = (0..<4).reduce(0) { $0 + map[1, $1] } / 4
        #expect(abs(coarse[0, 0] - cell) < 1e-6)
        #expect((window(.products, 0..<1) == nil) == (traits.kind != .mamba2))
        #expect((window(.fading, 0..<1) == nil) == (traits.kind == .mamba))
        #expect(window(.map, 0..<traits.units + 1) == nil)
    }

    /// Nothing that is about softmax attention is said of a layer without it.
    @Test(arguments: GoldenFixture.recurrent) func layersWithoutAttentionHaveNoWeights(name: String) throws {
        let model = try Sample.model(name)
        let recording = try Recorder(model: model, threads: 2).record(Sample.ids(70).map { $0 % 60 })
        let lens = Lens(recording: recording, threads: 2)
        let layer = try #require(model.traits.mixerLayers.first)
        #expect(lens.row(layer: layer, head: 0, query: 5) == nil)
        #expect(lens.pair(layer: layer, head: 0, query: 5, key: 1) == nil)
        #expect(lens.maskRow(layer: layer, head: 0, query: 5) == nil)
        #expect(lens.wordReading(layer: layer, head: 0, query: 5, count: 3) == nil)
        #expect(lens.distanceProfile(layer: layer, head: 0) == nil)
        #expect(lens.topQueries(layer: layer, head: 0, key: 1, count: 3).isEmpty)
        #expect(lens.rollout(query: 5, tokens: 0..<20, top: model.shape.layers - 1, byValue: false) == nil)
        #expect(recording.key(layer: layer, keyValueHead: 0, token: 3) == nil)
        #expect(recording.query(layer: layer, head: 0, token: 3) == nil)
        #expect(Entropies(recording, layers: [layer], heads: [0]) == nil)
        #expect(lens.thumbnail(layer: layer, head: 0, side: 8).values.allSatisfy { $0.isNaN })
        let scores = lens.headScores().filter { $0.layer == layer }
        #expect(scores.allSatisfy { $0.entropy.isNaN && $0.meanDistance.isNaN && $0.previousToken.isNaN })
        #expect(scores.allSatisfy { $0.sinks.isEmpty })
        let size = try #require(lens.mixerStateSize(layer: layer))
        #expect(size.hasAttention == (name == "bamba") && size.numbers == lens.mixer(layer: layer)?.stateNumbers)
        for token in [0, size.breakEven - 1] { #expect(size.cachedPerToken * token <= size.numbers) }
        #expect(size.cachedPerToken * size.breakEven > size.numbers)
    }
}
