import RopewalkLens
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

/// What is computed for a token, counted once more from the sizes that configurations state.
struct ComputedLayerTests {
    private func computed(_ name: String, _ specs: [String] = [], token: Int) throws -> [ComputedLayer] {
        let model = try Sample.model(name)
        let recording = try Recorder(model: model, scenario: try Scenario(parsing: specs), threads: 1)
            .record(Sample.ids(40).map { $0 % 50 })
        return Lens(recording: recording).computed(for: token, work: model.layerWork(.decoder))
    }

    @Test func aDenseModelReadsAllKeys() throws {
        let shape = try Sample.model().shape
        let layers = try computed("llama_default", token: 30)
        #expect(layers.count == shape.layers)
        let inner = shape.heads * shape.headDimension
        let keyInner = shape.keyValueHeads * shape.headDimension
        for (index, layer) in layers.enumerated() {
            #expect(layer.layer == index && layer.fewestKeys == 31 && layer.mostKeys == 31 && layer.reachable == 31)
            #expect(layer.windows.isEmpty && layer.experts.isEmpty && !layer.isRecurrent)
            #expect(layer.attentionFLOPs == Double(4 * 31 * shape.headDimension * shape.heads))
            #expect(layer.projectionFLOPs == Double(2 * shape.hidden * (2 * inner + 2 * keyInner)))
            #expect(layer.feedForwardFLOPs == Double(2 * 3 * shape.hidden * shape.intermediate))
        }
    }

    /// GPT-3's alternation: dense layers and layers with a band take turns.
    @Test func layersWithABandReadTheBand() throws {
        let layers = try computed("llama_default", ["window:size=8@layers=1"], token: 30)
        #expect(layers.map(\.mostKeys) == [31, 8] && layers.map(\.pairs) == [31 * 4, 8 * 4])
        #expect(layers.map(\.windows) == [[], ["window:size=8"]])
        #expect(layers[1].attentionFLOPs * 31 == layers[0].attentionFLOPs * 8)
        let chosen = try computed("llama_default", ["topk:k=3,window=2,sink=1"], token: 30)
        #expect(chosen.allSatisfy { $0.mostKeys == 6 })
    }

    /// A state in place of keys: what a token costs does not grow with its place.
    @Test func aRecurrenceReadsItsState() throws {
        let early = try computed("llama_default", ["linear"], token: 3)
        let late = try computed("llama_default", ["linear"], token: 39)
        #expect(late.allSatisfy { $0.isRecurrent && $0.mostKeys == 40 })
        #expect(early.map(\.attentionFLOPs) == late.map(\.attentionFLOPs))
        #expect(late.allSatisfy { $0.attentionFLOPs > 0 })
    }

    @Test func onlyTheChosenExpertsWork() throws {
        let model = try Sample.model("mixtral")
        let work = try #require(model.layerWork(.decoder).first)
        #expect(work.feedForward == 0 && work.shared == 0 && work.router == 4 * model.shape.hidden)
        let layers = try computed("mixtral", token: 12)
        for layer in layers {
            #expect(layer.experts.count == 2 && layer.expertCount == 4 && layer.sharedWeight == nil)
            #expect(layer.experts.allSatisfy { !$0.isDropped })
            #expect(layer.feedForwardFLOPs == Double(2 * (work.router + 2 * work.expert)))
        }
        // Qwen2-MoE has a dense layer between, and an expert that works for every token.
        let mixed = try computed("qwen2_moe", token: 12)
        #expect(mixed.map(\.experts.count) == [2, 0, 2])
        #expect(mixed.map { $0.sharedWeight != nil } == [true, false, true])
    }

    @Test func whatHasNoRoomIsNotComputed() throws {
        let model = try Sample.model("switch_transformers")
        let run = try Recorder(model: model, threads: 1).record(ModelInputs(ids: Sample.ids(40).map { $0 % 50 }))
        let recording = try #require(run.encoder)
        let work = model.layerWork(.encoder)
        let reading = try #require(RouterReading(recording, layer: 1))
        let dropped = try #require((0..<40).first { reading.weights($0)[0] == 0 })
        let kept = try #require((0..<40).first { reading.weights($0)[0] != 0 })
        let lens = Lens(recording: recording)
        let (a, b) = (lens.computed(for: dropped, work: work)[1], lens.computed(for: kept, work: work)[1])
        #expect(a.experts.map(\.isDropped) == [true] && b.experts.map(\.isDropped) == [false])
        #expect(a.feedForwardFLOPs == Double(2 * work[1].router))
        #expect(b.feedForwardFLOPs == Double(2 * (work[1].router + work[1].expert)))
        #expect(lens.computed(for: 40, work: work).isEmpty && lens.computed(for: -1, work: work).isEmpty)
        let cross = try #require(run.cross)
        let across = Lens(recording: cross).computed(for: 0, work: model.layerWork(.cross))
        #expect(across.allSatisfy { $0.mostKeys == 40 && $0.feedForwardFLOPs == 0 && $0.projectionFLOPs > 0 })
    }
}
