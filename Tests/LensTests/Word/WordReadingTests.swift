import Foundation
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkLens

/// Step by step, the numbers of one word are those that a trace writes.
@Suite struct WordReadingTests {
    private static func tensor(_ trace: Trace, _ kind: TraceKind, _ layer: Int, of stack: AttentionKind) throws
        -> [Float]
    {
        let tensor = try #require(
            trace.tensors.first { $0.kind == kind && $0.index == layer && $0.stack == stack })
        var numbers: [Float] = []
        trace.forEachPart(of: tensor) { numbers += $0 }
        return numbers
    }

    private static func trace(_ model: Model, _ recordings: Recordings) -> Trace {
        let shape = model.shape
        return Trace(
            model: model, recordings: recordings,
            selection: TraceSelection(
                kinds: [.attentions, .queries, .keys, .values, .hiddenStates], layers: Array(0..<shape.layers),
                heads: Array(0..<shape.heads), rows: nil), threads: 2)
    }

    /// Every number of every key against the tensors of the trace.
    private static func check(
        _ reading: WordReading, _ lens: Lens, _ trace: Trace, name: String, turnsOnce: Bool = true
    ) throws {
        let (recording, shape) = (lens.recording, lens.recording.shape)
        let (layer, head, query, d) = (reading.layer, reading.head, reading.query, lens.recording.shape.headDimension)
        let (tokens, keys) = (recording.tokens, recording.keyTokens)
        let kind = recording.kind
        let attentions = try tensor(trace, .attentions, layer, of: kind)
        let queries = try tensor(trace, .queries, layer, of: kind)
        let states = try tensor(trace, .keys, layer, of: kind)
        let values = try tensor(trace, .values, layer, of: kind)
        let keyHead = head / shape.groupSize
        #expect(reading.keys.count + reading.later == keys)
        var output = [Float](repeating: 0, count: d)
        for key in reading.keys {
            let expected = attentions[(head * tokens + query) * keys + key.token]
            #expect(agree(key.weight, expected, 1e-6), "\(name) \(key.token)")
            let q = queries[(head * tokens + query) * d..<(head * tokens + query + 1) * d]
            let k = states[(keyHead * keys + key.token) * d..<(keyHead * keys + key.token + 1) * d]
            let v = values[(keyHead * keys + key.token) * d..<(keyHead * keys + key.token + 1) * d]
            let product = zip(q, k).reduce(0) { $0 + $1.0 * $1.1 } * reading.scale
            if turnsOnce { #expect(agree(key.scaled, product, 1e-4 * max(1, abs(product))), "\(name) \(key.token)") }
            let capped = reading.softcap.map { $0 * tanhf(key.scaled / $0) } ?? key.scaled
            #expect(agree(key.score, capped + (key.bias ?? 0), 1e-4 * max(1, abs(capped))), "\(name) \(key.token)")
            #expect((key.capped == nil) == (reading.softcap == nil) && (key.bias != nil) == reading.hasBias)
            #expect(agree(key.exponential, key.isSeen ? expf(key.score - reading.highest) : 0, 1e-6))
            #expect(agree(key.weight, key.isSeen ? key.exponential / reading.sum : 0, 2e-6), "\(name) \(key.token)")
            #expect(agree(key.valueLength, v.reduce(0) { $0 + $1 * $1 }.squareRoot(), 1e-5))
            for (i, x) in v.enumerated() { output[i] += key.weight * x }
        }
        let all = reading.keys.reduce(reading.sink?.exponential ?? 0) { $0 + $1.exponential }
        #expect(agree(all, reading.sum, 1e-5 * max(1, reading.sum)), "\(name)")
        let weights = reading.keys.reduce(reading.sink?.weight ?? 0) { $0 + $1.weight }
        #expect(agree(weights, 1, 1e-5), "\(name)")
        for (found, expected) in zip(reading.output, output) { #expect(agree(found, expected, 1e-5), "\(name)") }
        #expect(agree(reading.keys.reduce(0) { $0 + $1.share }, 1, 1e-4), "\(name)")
    }

    /// Grouped keys, caps, learned sinks, slopes, buckets, latent attention, encoders and what joins them.
    @Test(arguments: [
        "llama_default", "llama_mqa", "qwen3", "gemma2", "gpt_oss", "bloom", "mpt", "gpt2", "granite", "deepseek_v3",
        "bert", "modernbert", "t5", "bart", "llama4", "olmo2", "xlnet",
    ]) func numbersAreThoseOfTheTrace(name: String) throws {
        let fixture = try GoldenFixture(name)
        let model = try Model(contentsOf: fixture.folder, needsTokenizer: false)
        let recordings = try GoldenAttentionTests.recordings(fixture, model: model)
        let trace = Self.trace(model, recordings)
        for kind in recordings.kinds {
            guard let recording = recordings[kind] else { continue }
            let lens = Lens(recording: recording, threads: 2)
            for layer in 0..<recording.shape.layers {
                for query in [0, recording.tokens / 2, recording.tokens - 1] {
                    let head = (layer + query) % recording.shape.heads
                    let reading = try #require(
                        lens.wordReading(layer: layer, head: head, query: query, count: 10_000))
                    try Self.check(reading, lens, trace, name: "\(name) \(kind) L\(layer) H\(head) q\(query)")
                }
            }
        }
    }

    @Test func capsBiasesAndSinksAreNamed() throws {
        func reading(_ name: String) throws -> WordReading {
            let recorder = Recorder(model: try Sample.model(name), threads: 2)
            let recording = try recorder.record(Sample.ids(40).map { $0 % 60 })
            return try #require(Lens(recording).wordReading(layer: 0, head: 1, query: 30, count: 100))
        }
        #expect(try reading("gemma2").softcap != nil && reading("bloom").hasBias && reading("gpt_oss").sink != nil)
        let plain = try reading("llama_default")
        #expect(plain.softcap == nil && !plain.hasBias && plain.sink == nil && plain.later == 9)
        #expect(agree(plain.scale, 1 / Float(plain.dimension).squareRoot(), 1e-7))
        // Gemma states a scale of its own.
        let gemma = try reading("gemma2")
        #expect(!agree(gemma.scale, 1 / Float(gemma.dimension).squareRoot(), 1e-7))
    }

    /// The shipped model, under plain attention and under masks, selections, other positions and compressed caches.
    @Test(arguments: [
        [], ["window:size=16"], ["lambda:sink=2,window=8"], ["topk:k=5"], ["yarn:factor=4"], ["kivi"],
    ]) func scenariosAreThoseOfTheRun(specs: [String]) throws {
        let model = try Sample.books()
        let ids = try Sample.text("alice", characters: 400, model: model)
        let recorder = Recorder(model: model, scenario: try Scenario(parsing: specs), threads: 2)
        let recordings = try recorder.record(ModelInputs(ids: ids))
        let lens = Lens(try #require(recordings.main))
        let reading = try #require(lens.wordReading(layer: 3, head: 7, query: ids.count - 1, count: 10_000))
        let row = try #require(lens.row(layer: 3, head: 7, query: ids.count - 1))
        for key in reading.keys {
            #expect(key.weight == row.weights[key.token])
            #expect(key.isSeen || (key.weight == 0 && key.exponential == 0))
            let reason = try #require(lens.reason(layer: 3, head: 7, query: ids.count - 1, key: key.token))
            #expect(key.rule == reason.rule, "\(specs) \(key.token)")
        }
        if specs.isEmpty {
            try Self.check(reading, lens, Self.trace(model, recordings), name: "books-4m")
        }
        #expect(agree(reading.keys.reduce(0) { $0 + $1.share }, 1, 1e-4))
        #expect(agree(reading.keys.reduce(0) { $0 + $1.exponential }, reading.sum, 1e-4 * reading.sum))
    }

    /// What is not listed is summed, whatever part of the list is on the screen.
    @Test func whatIsLeftOutIsSummed() throws {
        let lens = Lens(try Sample.recording(300))
        let all = try #require(lens.wordReading(layer: 1, head: 2, query: 290, count: 1_000))
        let few = try #require(lens.wordReading(layer: 1, head: 2, query: 290, count: 20))
        #expect(few.keys == Array(all.keys.prefix(20)) && few.others?.count == 271 && all.others == nil)
        let expected = all.rest(without: 0..<20)
        let found = few.rest(without: 0..<20)
        #expect(found.count == expected.count && agree(found.weight, expected.weight, 1e-6))
        #expect(agree(found.exponential, expected.exponential, 1e-4) && agree(found.added, expected.added, 1e-5))
        #expect(agree(found.share, expected.share, 1e-5))
        let page = few.rest(without: 5..<10)
        let weights = few.keys[5..<10].reduce(page.weight) { $0 + $1.weight }
        #expect(page.count == 286 && agree(weights, 1, 1e-5))
        #expect(lens.wordReading(layer: 1, head: 2, query: 300, count: 20) == nil)
        #expect(lens.wordReading(layer: 9, head: 2, query: 30, count: 20) == nil)
    }

    /// Heads' projections and the bias add up to what attention gives; states before and after are those of the trace.
    @Test(arguments: ["llama_default", "gemma2", "gpt2", "gpt_neox", "deepseek_v3", "cohere"])
    func blocksAreThoseOfTheTrace(name: String) throws {
        let model = try Sample.model(name)
        let recorder = Recorder(model: model, threads: 2, keepsStates: true)
        let recordings = try recorder.record(ModelInputs(ids: Sample.ids(30).map { $0 % 60 }))
        let recording = try #require(recordings.main)
        let lens = Lens(recording)
        let trace = Self.trace(model, recordings)
        var logits = try #require(lens.logitLens(of: model, token: 20, count: 1))
        while !logits.isComplete { lens.extend(&logits) }
        #expect(logits.problem == nil)
        for layer in 0..<recording.shape.layers {
            var sum = [Float](repeating: 0, count: recording.shape.hidden)
            for head in 0..<recording.shape.heads {
                let reading = try #require(lens.wordReading(layer: layer, head: head, query: 20, count: 10))
                let block = try #require(lens.wordBlock(reading, of: model, logitLens: logits))
                for (i, x) in block.vector.enumerated() { sum[i] += x }
                let hidden = recording.shape.hidden
                let state = try Self.tensor(trace, .hiddenStates, layer, of: .decoder)[20 * hidden..<21 * hidden]
                let length = state.reduce(0) { $0 + $1 * $1 }.squareRoot()
                #expect(agree(try #require(block.before), length, 1e-4 * max(1, length)), "\(name) L\(layer)")
                #expect((block.attended == nil) == ["gpt_neox", "cohere"].contains(name))
                #expect(block.share != nil && block.after != nil)
            }
            let all = try #require(logits.replay?.attended[layer].projected)
            // What is left is the bias, the same for every token.
            let bias = zip(all, sum).map { $0 - $1 }
            if name != "gpt2", name != "gpt_neox" { for x in bias { #expect(agree(x, 0, 1e-4)) } }
        }
    }

    @Test func encodersAreProjectedAndTheirBlocksAreNotMadeUp() throws {
        let model = try Sample.model("bert")
        let lens = Lens(try Sample.recording(20, model: "bert"))
        let reading = try #require(lens.wordReading(layer: 0, head: 0, query: 5, count: 100))
        #expect(reading.later == 0 && reading.keys.count == 20)
        let block = try #require(lens.wordBlock(reading, of: model, logitLens: nil))
        #expect(block.projected > 0 && block.allHeads == nil && block.before == nil && block.after == nil)
    }
}
