import Foundation
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkLens

/// How far heads move: the worked examples, and plain sums over all pairs of small models.
struct HeadGridTests {
    private static let file = "experts-and-distances"

    @Test func distancesAreThoseOfTheExample() throws {
        let vectors = try TileVectors(Self.file)
        func row(_ name: String) throws -> [Float] {
            try vectors.value("numeric", "map_distances", "inputs", name, as: [Double].self).map { Float($0) }
        }
        func number(_ name: String) throws -> Double { try vectors.value("numeric", "map_distances", "outputs", name) }
        let found = RowDistance(try row("p"), try row("q"), strongest: 2)
        #expect(abs(found.divergence - (try number("kl_pq"))) < 1e-6)
        #expect(abs(found.jensenShannon - (try number("js_over_ln2"))) < 1e-6)
        #expect(abs(found.variation - (try number("tv"))) < 1e-6)
        #expect(abs(found.recall - (try number("top2_recall"))) < 1e-6)
        #expect(abs(found.massKept - (try number("mass_of_p_in_top2_of_q"))) < 1e-6)
    }

    /// A mask that leaves the weights outside it out has closed forms in the weight δ that it takes away.
    @Test func whatAMaskTakesAwayHasAClosedForm() throws {
        let vectors = try TileVectors(Self.file)
        func number(_ name: String) throws -> Double {
            try vectors.value("numeric", "masked_fidelity_row3", "outputs", name)
        }
        let rows = try vectors.numbers("sdpa_4x2_causal", "outputs", "probs")
        let keep: [Int] = try vectors.value("numeric", "masked_fidelity_row3", "inputs", "keep")
        let full = rows[3]
        let kept = keep.reduce(Float(0)) { $0 + full[$1] }
        let masked = full.indices.map { keep.contains($0) ? full[$0] / kept : 0 }
        let delta = try number("dropped_mass")
        #expect(abs(Double(1 - kept) - delta) < 1e-6)
        let there = RowDistance(masked, full)
        #expect(abs(there.variation - delta) < 1e-6)
        #expect(abs(there.variation - (try number("tv"))) < 1e-6)
        #expect(abs(there.divergence - (try number("kl_masked_full"))) < 1e-6)
        #expect(abs(there.divergence + log(1 - delta)) < 1e-6)
        #expect(abs(there.jensenShannon * log(2) - (try number("js"))) < 1e-6)
        // The other way round it is infinite: what is left out counts as 1e−12.
        let clipped = full.indices.filter { !keep.contains($0) }.reduce(0.0) {
            $0 + Double(full[$1]) * log(Double(full[$1]) / 1e-12)
        }
        let back = RowDistance(full, masked)
        #expect(abs(back.divergence - (clipped + Double(kept) * log(Double(kept)))) < 1e-5)
        #expect(abs(back.jensenShannon - there.jensenShannon) < 1e-7)
    }

    @Test func rowsThatAreAlikeHaveNotMoved() {
        let row: [Float] = [0.25, 0.5, 0.25]
        #expect(RowDistance(row, row) == RowDistance([0.25, 0.5, 0.25], row))
        let same = RowDistance(row, row)
        #expect(same.divergence == 0 && same.jensenShannon == 0 && same.variation == 0)
        #expect(same.recall == 1 && abs(same.massKept - 1) < 1e-12)
        let apart = RowDistance([1, 0], [0, 1])
        #expect(apart.jensenShannon == 1 && apart.variation == 1 && abs(apart.divergence - log(1e12)) < 1e-9)
        #expect(RowDistance([0.5], [0.25], rest: (0.5, 0.75)).variation == 0.25)
        // Of equal ones the first.
        #expect(RowDistance.highest([1, 3, 3, 2, 3], 2) == [1, 2] && RowDistance.highest([], 8) == [])
    }

    /// Every pair of every head of two runs, in float64 from the recorded states.
    @Test func gridsArePlainSums() throws {
        let specs = ["window:size=9", "ablate:layers=0,heads=1"]
        let model = try Sample.model()
        let plain = try Sample.recording(50)
        let changed = try Sample.recording(50, specs)
        let grid = try #require(
            HeadGrid(
                HeadGrid.Side(model: model, recording: plain), HeadGrid.Side(model: model, recording: changed),
                queries: 50))
        #expect(grid.queries == 50 && grid.layers == 2 && grid.heads == 4)
        let (first, second) = (PlainLayer.layers(plain, []), PlainLayer.layers(changed, []))
        for layer in 0..<2 {
            for head in 0..<4 {
                var moved: [Double] = []
                var outputs: [Double] = []
                for query in 0..<50 {
                    let p = first[layer].attention(query, head: head) { _ in true }
                    let q = second[layer].attention(query, head: head) { query - $0 < 9 }
                    moved.append(zip(p.weights, q.weights).reduce(0) { $0 + abs($1.0 - $1.1) / 2 })
                    let isLeftOut = layer == 0 && head == 1
                    let a = try #require(projected(p.output, model, layer, head))
                    let b = try #require(projected(isLeftOut ? q.output.map { _ in 0 } : q.output, model, layer, head))
                    let difference = zip(a, b).reduce(0) { $0 + pow(Double($1.0 - $1.1), 2) }
                    outputs.append((difference / a.reduce(0) { $0 + pow(Double($1), 2) }).squareRoot())
                }
                let index = layer * 4 + head
                // Means of float32 weights.
                #expect(abs(grid.means(.tv)[index] - moved.reduce(0, +) / 50) < 1e-5)
                #expect(abs(grid.tails(.tv)[index] - moved.sorted()[50 - 1 - 2]) < 1e-5)
                #expect(abs(grid.means(.output)[index] - outputs.reduce(0, +) / 50) < 1e-4)
            }
        }
        #expect(grid.means(.output)[1] == 1 && grid.means(.recall).allSatisfy { $0 < 1 })
    }

    private func projected(_ output: [Double], _ model: Model, _ layer: Int, _ head: Int) -> [Float]? {
        model.projected(output.map { Float($0) }, layer: layer, head: head, of: .decoder, threads: 1)
    }

    /// What a layer reads is the other run's: where only layer 1 is changed, layer 0 has not moved, and the changed one has
    /// moved as in a run of its own, which reads the same of layer 0.
    @Test func aLocalRunReadsTheOthersInputs() throws {
        let model = try Sample.model()
        let ids = Sample.ids(600)
        let base = try Recorder(model: model, threads: 2, keepsStates: true).record(ids)
        func run(_ specs: [String], inputs: Recording?) throws -> Recording {
            var recorder = Recorder(model: model, scenario: try Scenario(parsing: specs), threads: 2)
            recorder.inputsOf = inputs
            return try recorder.record(ids)
        }
        func queries(_ recording: Recording, _ layer: Int) -> [[Float]] {
            (0..<600).map { Array(recording.query(layer: layer, head: 0, token: $0) ?? []) }
        }
        // The same weights on the same inputs: the same queries, to the bit.
        let local = try run(["window:size=5"], inputs: base)
        #expect(queries(local, 0) == queries(base, 0) && queries(local, 1) == queries(base, 1))
        let free = try run(["window:size=5"], inputs: nil)
        #expect(queries(free, 0) == queries(base, 0) && queries(free, 1) != queries(base, 1))
        func grid(_ changed: Recording) throws -> HeadGrid {
            try #require(
                HeadGrid(
                    HeadGrid.Side(model: model, recording: base), HeadGrid.Side(model: model, recording: changed)))
        }
        let (near, far) = (try grid(local), try grid(free))
        #expect(near.means(.tv)[0..<4] == far.means(.tv)[0..<4] && near.means(.tv)[4...] != far.means(.tv)[4...])
        #expect(try grid(base).means(.tv).allSatisfy { $0 == 0 })
        #expect(near.queries == 128)
    }

    @Test func whatCannotBeComparedIsNil() throws {
        let model = try Sample.model()
        let side = HeadGrid.Side(model: model, recording: try Sample.recording(20))
        let others = try Recorder(model: model, threads: 1).record(Sample.ids(20, seed: 9))
        let other = HeadGrid.Side(model: model, recording: others)
        #expect(HeadGrid(side, other) == nil)
        // Of a shorter text the tokens that both have.
        let shorter = HeadGrid.Side(model: model, recording: try Sample.recording(12))
        #expect(HeadGrid(side, shorter)?.queries == 12)
        let stopped = HeadGrid(side, side, progress: { $0 < 3 })
        #expect(stopped == nil)
        // A learned sink has its share of the weight.
        let sinks = try Sample.model("gpt_oss")
        let run = try Recorder(model: sinks, threads: 1).record(Sample.ids(30).map { $0 % 50 })
        let own = HeadGrid.Side(model: sinks, recording: run)
        let grid = try #require(HeadGrid(own, own))
        #expect(grid.means(.js).allSatisfy { $0 == 0 } && grid.means(.recall).allSatisfy { $0 == 1 })
    }
}
