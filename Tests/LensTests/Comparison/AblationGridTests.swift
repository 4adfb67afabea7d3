import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Testing

/// What leaving out each part costs: runs of their own, one by one.
struct AblationGridTests {
    @Test func everyPartIsARun() throws {
        let model = try Sample.model()
        let texts = [Sample.ids(60), Sample.ids(60, seed: 9)]
        let own = Comparison.Contender(model: model, scenario: try Scenario(parsing: ["window:size=30"]))
        var seen: [Int] = []
        let grid = try Comparison(texts: texts, threads: 2).ablations(of: own) { seen.append($0.losses.count) }
        #expect(grid.isComplete && grid.places.count == 2 * (4 + 2) && seen == Array(0...12))
        #expect(grid.tokens == 60 && grid.texts == 2)
        func loss(_ spec: String?) throws -> Double {
            let scenario = try Scenario(parsing: ["window:size=30"] + (spec.map { [$0] } ?? []))
            let recorder = Recorder(model: model, scenario: scenario, threads: 2)
            let losses = try texts.map { try recorder.record($0).negativeLogLikelihood.map { Double($0) } }
            return losses.joined().reduce(0, +) / Double(2 * 59)
        }
        let whole = try loss(nil)
        #expect(abs(grid.loss - whole) < 1e-9)
        for layer in 0..<2 {
            for head in 0..<4 {
                let without = try loss("ablate:layers=\(layer),heads=\(head)")
                let change = try #require(grid.change(.head(head), layer: layer))
                #expect(abs(change - (without - whole)) < 1e-9)
                #expect(grid.headChanges[layer * 4 + head] == change && change != 0)
            }
            let parts: [(AblationGrid.Part, String)] = [
                (.attention, "ablate:layers=\(layer)"), (.feedForward, "ablate:feed-forward=\(layer)"),
            ]
            for (part, spec) in parts {
                let without = try loss(spec)
                let change = try #require(grid.change(part, layer: layer))
                #expect(abs(change - (without - whole)) < 1e-9)
            }
        }
        #expect(grid.change(.head(4), layer: 0) == nil && grid.change(.head(0), layer: 2) == nil)
    }

    /// Layers below what is left out are not run again: what is recorded is that of a whole run, to the bit.
    @Test func layersBelowAreTakenOver() throws {
        let model = try Sample.model()
        let ids = Sample.ids(600)
        let base = try Recorder(model: model, threads: 2, keepsStates: true, chunkSize: 256).record(ids)
        var recorder = Recorder(
            model: model, scenario: try Scenario(parsing: ["ablate:layers=1,heads=2"]), threads: 2, chunkSize: 256)
        let whole = try recorder.record(ids)
        recorder.sharedBelow = SharedLayers(below: 1, of: base)
        let part = try recorder.record(ids)
        #expect(part.negativeLogLikelihood == whole.negativeLogLikelihood)
        for token in [0, 255, 256, 599] {
            for layer in 0..<2 {
                #expect(
                    part.query(layer: layer, head: 1, token: token) == whole.query(layer: layer, head: 1, token: token))
            }
            #expect(part.lastHidden(of: token) == whole.lastHidden(of: token))
        }
        // Of other tokens nothing is taken over.
        let others = Sample.ids(600, seed: 5)
        let plain = try Recorder(
            model: model, scenario: try Scenario(parsing: ["ablate:layers=1,heads=2"]), threads: 2, chunkSize: 256
        )
        .record(others)
        #expect(try recorder.record(others).negativeLogLikelihood == plain.negativeLogLikelihood)
    }

    @Test func itEndsWhenItIsCancelled() throws {
        let model = try Sample.model()
        var comparison = Comparison(texts: [Sample.ids(20)])
        comparison.isCancelled = { true }
        let own = Comparison.Contender(model: model, scenario: model.defaultScenario)
        #expect(throws: ModelError.cancelled) { try comparison.ablations(of: own) }
    }
}
