import Foundation
import RopewalkLens
import RopewalkModels
import TestSupport
import Testing

/// What routers chose: against worked examples, and counted once more on small models of every family with experts.
struct ExpertLoadTests {
    private static let file = "experts-and-distances"

    private func reading(_ rule: RoutingRule) throws -> RouterReading {
        let rows = try TileVectors(Self.file).numbers("switch_top1_8x4", "inputs", "router_logits")
        var routed: [Int] = []
        let choice = RouterChoice(logits: rows.flatMap { $0 }, experts: 4, rule: rule, routed: &routed)
        return try #require(RouterReading(layer: 0, choices: [choice], chunkSize: 8))
    }

    @Test func theSwitchOfOneExpertIsThatOfTheExample() throws {
        let vectors = try TileVectors(Self.file)
        let id = "switch_top1_8x4"
        func values<T>(_ name: String, as type: T.Type = T.self) throws -> T {
            try vectors.value("numeric", id, "outputs", name)
        }
        let reading = try reading(RoutingRule(chosen: 1, normalises: false))
        let loads = ExpertLoads(reading)
        let tolerance: Double = try vectors.value("numeric", id, "tol")
        let probabilities: [[Double]] = try values("probs")
        for (token, row) in probabilities.enumerated() {
            #expect(zip(reading.probabilities(token), row).allSatisfy { abs($0 - $1) < tolerance })
        }
        #expect(loads.experts.map { Int($0) } == (try values("expert", as: [Int].self)))
        #expect(loads.positions.map { Int($0) } == (try values("position_in_expert", as: [Int].self)))
        let capacity = loads.capacity(factor: 1.25)
        #expect(capacity == (try values("capacity", as: Int.self)))
        #expect(loads.dropped(capacity: capacity).map { !$0 } == (try values("kept", as: [Bool].self)))
        #expect(loads.droppedShare(capacity: capacity) == (try values("dropped_fraction", as: Double.self)))
        #expect(loads.lostTokens(capacity: capacity) == 3)
        #expect(loads.shares == (try values("f", as: [Double].self)))
        let means: [Double] = try values("P")
        #expect(zip(loads.meanProbabilities, means).allSatisfy { abs($0 - $1) < tolerance })
        #expect(abs(loads.auxiliaryLoss - (try values("aux_loss_without_alpha", as: Double.self))) < tolerance)
        #expect(abs(0.01 * loads.auxiliaryLoss - (try values("aux_loss_alpha_0.01", as: Double.self))) < tolerance)
        #expect(abs(loads.zLoss - (try values("z_loss", as: Double.self))) < tolerance)
    }

    @Test func twoExpertsAreThoseOfTheExample() throws {
        let vectors = try TileVectors(Self.file)
        let reading = try reading(RoutingRule(chosen: 2))
        let gates: [[Double]] = try vectors.value("numeric", "moe_top2_8x4", "outputs", "gates")
        let experts: [[Int]] = try vectors.value("numeric", "moe_top2_8x4", "outputs", "experts")
        for token in 0..<8 {
            #expect(reading.experts(token) == experts[token])
            #expect(zip(reading.gates(token), gates[token]).allSatisfy { abs($0 - $1) < 1e-6 })
            #expect(zip(reading.weights(token), gates[token]).allSatisfy { abs(Double($0) - $1) < 1e-6 })
        }
        // Without renormalising a gate is the probability itself.
        let plain = try self.reading(RoutingRule(chosen: 2, normalises: false))
        #expect(abs(plain.gates(0)[0] - plain.probabilities(0)[0]) < 1e-12)
        #expect(abs(plain.gates(0)[0] - 0.710099923) < 1e-6)
    }

    @Test func capacityIsRoundedDownAndBounded() {
        #expect(ExpertLoads.capacity(tokens: 8, factor: 1.25, experts: 4) == 2)
        #expect(ExpertLoads.capacity(tokens: 8, factor: 0, experts: 4) == 0)
        #expect(ExpertLoads.capacity(tokens: 8, factor: -1, experts: 4) == 0)
        #expect(ExpertLoads.capacity(tokens: 8, factor: .greatestFiniteMagnitude, experts: 1) == Int(Int32.max))
        #expect(ExpertLoads.capacity(tokens: 3, factor: 1, experts: 0) == 3)
    }

    @Test(arguments: ["mixtral", "qwen2_moe", "granitemoe", "deepseek_v3", "gpt_oss", "qwen3_moe", "llama4"])
    func aRunIsCountedOnceMore(name: String) throws {
        let model = try Sample.model(name)
        let ids = Sample.ids(600).map { $0 % 50 }
        let recording = try Recorder(model: model, threads: 2, chunkSize: 256).record(ids)
        let layers = RouterReading.layers(of: recording)
        #expect(!layers.isEmpty)
        for layer in layers {
            let reading = try #require(Lens(recording: recording).router(layer: layer))
            let loads = ExpertLoads(reading)
            #expect(reading.tokens == 600 && loads.tokens == 600)
            #expect(loads.loads.reduce(0, +) == 600 * reading.chosen && loads.ownCapacity == nil)
            let all = recording.chunks.flatMap { $0.layers[layer].router?.experts ?? [] }
            #expect(all == loads.experts)
            for expert in 0..<reading.count {
                #expect(loads.loads[expert] == all.count { $0 == Int32(expert) })
                let mean = (0..<600).reduce(0.0) { $0 + reading.probabilities($1)[expert] } / 600
                #expect(abs(loads.meanProbabilities[expert] - mean) < 1e-12)
            }
            for token in 0..<600 {
                // The run's are float32.
                #expect(zip(reading.gates(token), reading.weights(token)).allSatisfy { abs($0 - Double($1)) < 2e-6 })
                let entropy = reading.probabilities(token).reduce(0) { $0 - ($1 > 0 ? $1 * log2($1) : 0) }
                #expect(abs(Double(loads.entropies[token]) - entropy) < 1e-6)
                #expect(entropy <= log2(Double(reading.count)) + 1e-9)
                #expect((reading.sharedWeight(token) != nil) == reading.hasShared)
            }
            #expect(reading.hasShared == ["qwen2_moe", "deepseek_v3", "llama4"].contains(name))
        }
    }

    /// What Switch drops is what its capacity says; another capacity is a question, not a run.
    @Test func aSwitchDropsByItsCapacity() throws {
        let model = try Sample.model("switch_transformers")
        let ids = Sample.ids(40).map { $0 % 50 }
        let run = try Recorder(model: model, threads: 1).record(ModelInputs(ids: ids))
        let recording = try #require(run.encoder)
        let layers = RouterReading.layers(of: recording)
        #expect(layers == [1])
        let reading = try #require(RouterReading(recording, layer: 1))
        let loads = ExpertLoads(reading)
        let capacity = try #require(loads.ownCapacity)
        #expect(capacity == 6)
        let dropped = loads.dropped(capacity: capacity)
        #expect(dropped.contains(true))
        #expect((0..<40).map { reading.weights($0)[0] == 0 } == dropped)
        #expect(loads.dropped(capacity: 40).allSatisfy { !$0 })
        #expect(RouterReading(recording, layer: 0) == nil && RouterReading(recording, layer: 7) == nil)
        #expect(run.cross.map { RouterReading.layers(of: $0) } == [])
    }
}
