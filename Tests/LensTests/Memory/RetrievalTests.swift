import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Testing

/// A memory of keys, written out in float64.
struct RetrievalTests {
    private static let tokens = 300

    private struct Plain {
        let recording: Recording
        let layer: Int
        let head: Int
        var group: Int { recording.shape.heads / recording.shape.keyValueHeads }

        func query(_ token: Int) -> [Double] {
            (recording.query(layer: layer, head: head, token: token) ?? []).map(Double.init)
        }
        func key(_ token: Int) -> [Double] {
            (recording.key(layer: layer, keyValueHead: head / group, token: token) ?? []).map(Double.init)
        }
        func value(_ token: Int) -> [Double] {
            (recording.value(layer: layer, keyValueHead: head / group, token: token) ?? []).map(Double.init)
        }
        func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        func cosine(_ a: [Double], _ b: [Double]) -> Double {
            dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
        }
    }

    /// The nearest keys of two texts, both softmaxes, and what their outputs come to.
    @Test(arguments: [(0, 0), (1, 3)]) func isWhatItsDefinitionSays(layer: Int, head: Int) throws {
        let own = try Sample.recording(Self.tokens)
        let model = try Sample.model()
        let other = try Recorder(model: model, threads: 2).record(Sample.ids(200, seed: 9))
        let plain = Plain(recording: own, layer: layer, head: head)
        let there = Plain(recording: other, layer: layer, head: head)
        let settings = RetrievalSettings(count: 6, window: 40, gate: 0.3)
        for query in [60, 299] {
            let found = try #require(
                Lens(own).retrieval(layer: layer, head: head, query: query, settings: settings, other: other))
            let q = plain.query(query)
            let first = query - 39
            let candidates =
                (0..<first).map { (false, $0, plain.key($0), plain.value($0)) }
                + (0..<200).map { (true, $0, there.key($0), there.value($0)) }
            // Equal tokens have equal keys in the first layer, but for the last bits: any of them may come first.
            let nearest = candidates.map { plain.cosine(q, $0.2) }.sorted(by: >).prefix(6)
            for (entry, cosine) in zip(found.entries, nearest) { #expect(abs(Double(entry.cosine) - cosine) < 1e-6) }
            let best = found.entries.compactMap { entry in
                candidates.first { $0.0 == entry.isOther && $0.1 == entry.token }
            }
            #expect(best.count == 6)
            #expect(found.candidates == first + 200 && found.window == first..<query + 1)
            let scale = Double(own.shape.headDimension).squareRoot()
            let exponentials = best.map { exp(plain.dot(q, $0.2) / scale) }
            let sum = exponentials.reduce(0, +)
            let local = LayerReference(own, [], layer: layer, head: head)
            let scores = local.scores(query)
            let near = (first...query).map { exp(scores[$0]) }
            let (nearSum, allSum) = (near.reduce(0, +), scores.reduce(0) { $0 + exp($1) })
            func mean(_ weights: [Double], _ values: [[Double]]) -> [Double] {
                (0..<own.shape.headDimension).map { i in zip(weights, values).reduce(0) { $0 + $1.0 * $1.1[i] } }
            }
            let ofMemory = mean(exponentials.map { $0 / sum }, best.map(\.3))
            let ofWindow = mean(near.map { $0 / nearSum }, (first...query).map(plain.value))
            let whole = mean(scores.map { exp($0) / allSum }, (0...query).map(plain.value))
            func distance(_ share: Double) -> Double {
                let mixed = zip(ofMemory, ofWindow).map { share * $0 + (1 - share) * $1 }
                let gap = zip(mixed, whole).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
                return (gap / plain.dot(whole, whole)).squareRoot()
            }
            let share = sum / (sum + nearSum)
            // Float32 against float64: sums of some hundred products.
            #expect(abs(Double(found.jointShare) - share) < 1e-5)
            #expect(abs(Double(found.gatedError) - distance(0.3)) < 1e-4)
            #expect(abs(Double(found.jointError) - distance(share)) < 1e-4)
            #expect(abs(Double(found.localError) - distance(0)) < 1e-4)
            for (entry, weight) in zip(found.entries, exponentials) {
                #expect(abs(Double(entry.weight) - weight / sum) < 1e-5)
                #expect(abs(Double(entry.joint) - weight / sum * share) < 1e-5)
                #expect(abs(found.mixed(entry) - 0.3 * entry.weight) < 1e-7)
            }
        }
    }

    /// Nothing to read leaves the last keys alone, whatever the gate; another model's text is refused.
    @Test func nothingToReadIsNothing() throws {
        let own = try Sample.recording(Self.tokens)
        let found = try #require(
            Lens(own).retrieval(layer: 0, head: 0, query: 20, settings: RetrievalSettings(window: 64, gate: 0.9)))
        #expect(found.entries.isEmpty && found.gate == 0 && found.jointShare == 0 && found.candidates == 0)
        #expect(found.gatedError < 1e-5 && found.localError < 1e-5)
        let other = try Sample.recording(100, model: "llama_mqa")
        #expect(
            Lens(own).retrieval(layer: 0, head: 0, query: 20, settings: RetrievalSettings(), other: other) == nil)
        #expect(Lens(own).chunkRetrieval(layer: 0, head: 0, query: 20, chunk: 8, neighbours: 2, other: other) == nil)
        let settings = RetrievalSettings(try Scenario(parsing: ["memorizing:k=5,window=33"]))
        #expect(settings.count == 5 && settings.window == 33 && settings.gate == 0.5)
    }

    /// Chunks by the nearest means of last states, whole and before the chunk; the schedule of the paper's cross-attention.
    @Test(arguments: [false, true]) func chunksReadTheirNeighbours(hasOther: Bool) throws {
        let own = try Sample.recording(Self.tokens)
        let other = hasOther ? try Recorder(model: try Sample.model(), threads: 2).record(Sample.ids(70, seed: 5)) : nil
        let source = other ?? own
        func means(_ recording: Recording) -> [[Double]] {
            (0..<recording.tokens / 16).map { chunk in
                (0..<recording.shape.hidden).map { i in
                    (chunk * 16..<chunk * 16 + 16).reduce(0) { sum, token in
                        let state = recording.lastHidden(of: token) ?? []
                        return sum + Double(state[state.startIndex + i]) / 16
                    }
                }
            }
        }
        let (all, candidates) = (means(own), means(source))
        let plain = Plain(recording: own, layer: 1, head: 2)
        let there = Plain(recording: source, layer: 1, head: 2)
        for query in [14, 15, 130, 299] {
            let found = try #require(
                Lens(own).chunkRetrieval(layer: 1, head: 2, query: query, chunk: 16, neighbours: 3, other: other))
            #expect(found.neighbours.count == 18)
            for (chunk, neighbours) in found.neighbours.enumerated() {
                let allowed = hasOther ? Array(candidates.indices) : Array(0..<max(0, chunk - 1))
                func gap(_ a: Int) -> Double {
                    zip(candidates[a], all[chunk]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
                }
                let best = allowed.sorted { gap($0) < gap($1) }.prefix(3)
                #expect(neighbours.map(\.tokens.lowerBound) == best.map { $0 * 16 })
                #expect(neighbours.allSatisfy { $0.isOther == hasOther && $0.tokens.upperBound <= source.tokens })
                for (neighbour, place) in zip(neighbours, best) {
                    #expect(abs(Double(neighbour.distance) - gap(place)) < 1e-4)
                }
            }
            // The last token of a chunk is the first that reads its neighbours.
            #expect(found.readChunk == (query < 15 ? nil : (query - 15) / 16))
            let q = plain.query(query)
            let sums = found.readings.map { reading in
                reading.neighbour.tokens.reduce(0) {
                    $0 + exp(plain.dot(q, there.key($1)) / Double(own.shape.headDimension).squareRoot())
                }
            }
            for (reading, sum) in zip(found.readings, sums) {
                #expect(abs(Double(reading.weight) - sum / sums.reduce(0, +)) < 1e-5)
                #expect(reading.neighbour.tokens.contains(reading.token))
            }
        }
    }
}
