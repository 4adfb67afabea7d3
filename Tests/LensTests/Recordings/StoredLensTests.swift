import Foundation
import RopewalkKernels
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkTokenizers
import TestSupport
import Testing

/// A lens says of a recording in files what it says of the one in memory, to the bit.
struct StoredLensTests {
    static let names = ["llama_default", "llama_d80_tied", "gemma2", "bloom", "gpt_oss", "t5", "bert", "mistral"]

    struct Pair {
        let memory: Recordings
        let stored: Recordings
    }

    static func pair(
        _ name: String, _ specs: [String] = [], count: Int = 600, layers: [Int]? = nil, heads: [Int]? = nil
    ) throws -> Pair {
        let model = try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
        let tokens = min(count, model.traits.limit ?? count)
        let vocabulary = Int32(min(53, model.shape.vocabulary - 4))
        let ids = (0..<tokens).map { Int32($0 * 31) % vocabulary + 2 }
        var methods: [any Method] = []
        for spec in specs { methods.append(try MethodSpec.parse(spec)) }
        if !methods.contains(where: { $0 is any PositionMethod }) { methods.append(model.defaultScenario.position) }
        let scenario = try Scenario(methods)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lens-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var request = RecordingWriter.Request(
            scenario: scenario, inputs: ModelInputs(ids: ids),
            encoding: Encoding(ids: ids, byteLengths: Array(repeating: 1, count: tokens)),
            text: Array(repeating: 97, count: tokens), writer: "test")
        (request.layers, request.heads) = (layers, heads)
        var writer = try RecordingWriter(request, of: model, in: folder)
        let recorder = Recorder(model: model, scenario: scenario, threads: 2, keepsStates: false, chunkSize: 256)
        let memory = try recorder.record(ModelInputs(ids: ids)) { snapshot in
            do { try writer.append(snapshot) } catch { Issue.record("\(error)") }
            return true
        }
        // Files that are open stay where they are when their names are gone.
        let stored = try #require(try Model(contentsOf: folder, needsTokenizer: false).stored)
        return Pair(memory: memory, stored: stored.recordings)
    }

    private static func scores(_ lens: Lens) -> [Float] {
        lens.headScores().flatMap {
            [$0.entropy, $0.meanDistance, $0.sink, $0.previousToken, $0.induction, $0.retrieval, $0.firstToken]
        }
    }

    private static func same(_ a: [Float]?, _ b: [Float]?) -> String? { firstDifference(a, b) }

    @Test(arguments: names) func answersAlike(name: String) throws {
        let pair = try Self.pair(name)
        for kind in pair.memory.kinds {
            let (a, b) = (
                Lens(recording: try #require(pair.stored[kind]), threads: 2),
                Lens(recording: try #require(pair.memory[kind]), threads: 2)
            )
            try compare(a, b, "\(name) \(kind)")
        }
    }

    /// What a scenario changes is measured without weights as with them, but for what is predicted.
    @Test func measuresWithoutWeights() throws {
        let pair = try Self.pair("llama_default", ["window:size=64"])
        let model = try Model(contentsOf: Fixture.path("hf/llama_default"), needsTokenizer: false)
        let stored = ScenarioMeasures(Lens(try #require(pair.stored.decoder), threads: 2), queries: 32)
        let memory = ScenarioMeasures(
            try #require(pair.memory.decoder), reference: nil, model: model, queries: 32, threads: 2)
        #expect(stored == memory)
        #expect(stored.divergence == nil && stored.density < 1 && stored.massKept.mean < 1)
    }

    /// Of heads that are not recorded nothing is known, and never 0.
    @Test func headsThatAreNotRecordedAreNotKnown() throws {
        let pair = try Self.pair("llama_default", count: 300, layers: [1], heads: [2, 3])
        let lens = Lens(try #require(pair.stored.decoder), threads: 2)
        for score in lens.headScores() {
            let isThere = score.layer == 1 && score.head >= 2
            #expect(score.values.allSatisfy(\.isNaN) == !isThere, "\(score)")
        }
        let errors = ScenarioMeasures(lens, queries: 16).outputErrors
        #expect(errors[0].isNaN && errors[1] < 1e-5)
        let weights = try #require(lens.placeWeights(query: 40, keys: 3..<5))
        #expect(weights.count == 8 && weights.indices.allSatisfy { weights[$0].isNaN == ($0 < 6) }, "\(weights)")
        let shares = try #require(lens.placeShares(layer: 1, query: 40, keys: 3..<5))
        #expect(shares.indices.allSatisfy { shares[$0].weight.isNaN == ($0 < 2) })
    }

    /// Previews stand on recorded states, and need no weights.
    @Test(arguments: [
        ["yarn:factor=4"], ["window:size=300"], ["topk:k=20"], ["kivi"], ["rerope:window=64"], ["linear"],
        ["lambda:sink=4,window=64"],
    ]) func previewsAlike(specs: [String]) throws {
        let pair = try Self.pair("llama_default")
        let scenario = try Scenario(parsing: specs)
        let (a, b) = (
            Lens(recording: try #require(pair.stored.main), scenario: scenario, threads: 2),
            Lens(recording: try #require(pair.memory.main), scenario: scenario, threads: 2)
        )
        try compare(a, b, "\(specs)")
    }

    @Test(arguments: [["topk:k=20"], ["h2o:heavy=32,recent=32"], ["window:size=100"], ["yarn:factor=2"], ["kivi"]])
    func answersAlikeUnderMethods(specs: [String]) throws {
        let pair = try Self.pair("llama_default", specs)
        try compare(
            Lens(recording: try #require(pair.stored.main), threads: 2),
            Lens(recording: try #require(pair.memory.main), threads: 2), "\(specs)")
    }

    private func compare(_ a: Lens, _ b: Lens, _ name: String) throws {
        let tokens = b.recording.tokens
        let (last, keys) = (tokens - 1, b.recording.keyTokens)
        for layer in 0..<b.recording.shape.layers {
            for head in 0..<b.recording.shape.heads {
                for query in [0, tokens / 2, last] {
                    let rows = (
                        a.row(layer: layer, head: head, query: query), b.row(layer: layer, head: head, query: query)
                    )
                    #expect(Self.same(rows.0?.weights, rows.1?.weights) == nil, "\(name) row \(query)")
                    #expect(
                        a.maskRow(layer: layer, head: head, query: query)
                            == b.maskRow(layer: layer, head: head, query: query), "\(name) mask \(query)")
                }
                let columns = (
                    a.topQueries(layer: layer, head: head, key: keys / 2, count: 40),
                    b.topQueries(layer: layer, head: head, key: keys / 2, count: 40)
                )
                #expect(columns.0 == columns.1, "\(name) column")
                for (cell, pooling) in [(1, Pooling.max), (64, .max), (64, .mean), (7, .mean)] {
                    let side = min(20, (tokens + cell - 1) / cell)
                    let request = MapRequest(
                        layer: layer, head: head, cell: cell, rows: side, columns: side, pooling: pooling)
                    #expect(Self.same(a.map(request).values, b.map(request).values) == nil, "\(name) map \(cell)")
                }
            }
        }
        #expect(Self.same(Self.scores(a), Self.scores(b)) == nil, "\(name) scores")
        let entropies = [a, b].map { Entropies($0.recording, layers: [0, 1], heads: [0, 1]) }
        #expect(Self.same(entropies[0]?.mean, entropies[1]?.mean) == nil, "\(name) entropies")
    }
}
