import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkModels

/// A run that is continued token by token has to leave behind what a run over all tokens leaves behind.
struct ContinuationTests {
    static let ids = (0..<600).map { Int32($0 * 31 % 53 + 2) }

    static func recorder(_ name: String, _ specs: [String] = []) throws -> Recorder {
        let model = try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
        return Recorder(model: model, scenario: specs.isEmpty ? nil : try Scenario(parsing: specs), threads: 2)
    }

    static func inputs(_ recorder: Recorder, _ ids: [Int32]) -> ModelInputs {
        recorder.model.architecture.encoder == nil
            ? ModelInputs(ids: ids)
            : ModelInputs(ids: Array(Self.ids.prefix(30)), decoderIDs: [recorder.model.traits.decoderStart ?? 0] + ids)
    }

    /// All numbers of a recording with their names.
    static func numbers(_ recording: Recording) -> [(String, [Float])] {
        var all: [(String, [Float])] = []
        for (number, chunk) in recording.chunks.enumerated() {
            func add(_ name: String, _ values: [Float]) { all.append(("chunk \(number) \(name)", values)) }
            add("hidden", chunk.lastHidden.array)
            add("losses", chunk.negativeLogLikelihood.array)
            for (index, layer) in chunk.layers.enumerated() {
                func add(_ name: String, _ values: [Float]) {
                    all.append(("chunk \(number) layer \(index) \(name)", values))
                }
                let attention = layer.attention
                add("keys", layer.keys?.keys.floats ?? [])
                add("values", layer.keys?.values.floats ?? [])
                add("queries", layer.queries.floats)
                add("ln sum", attention.logSumExp.array)
                add("entropy", attention.entropy.array)
                add("distance", attention.distance.array)
                add("sink", attention.sink.array)
                add("previous", attention.previous.array)
                add("induction", attention.induction.array)
                add("threshold", attention.threshold.array)
                add("mass", attention.pooledMass.array)
                add("maximum", attention.pooledMaximum.array)
                add("top", attention.topKey.map { Float($0) })
                add("router", layer.router?.weights ?? [])
                add("experts", layer.router?.experts.map { Float($0) } ?? [])
                for (head, choices) in (layer.choices ?? []).enumerated() {
                    add(
                        "choices \(head)",
                        chunk.tokens.indices.flatMap { place in
                            choices.keys(place - chunk.tokens.lowerBound).ranges.flatMap {
                                [Float($0.lowerBound), Float($0.upperBound)]
                            }
                        })
                }
                if let mixer = layer.mixer {
                    add("steps", mixer.steps.floats)
                    add("inputs", mixer.inputs.floats)
                    add("writes", mixer.writes.floats)
                    add("reads", mixer.reads.floats)
                    add("state", mixer.end.state)
                    add("earlier", mixer.end.earlier)
                    add("feed-forward", mixer.end.feedForward)
                }
                add("slot keys", layer.slots?.keys ?? [])
                add("slot values", layer.slots?.values ?? [])
                add("slot sums", layer.slots?.logSumExp ?? [])
            }
        }
        return all
    }

    /// Numbers of sums are rounded in another order: a sum of n products of float32 may be off by √n · 2⁻²⁴ of its terms, and a
    /// few dozen of them follow on each other in these models.
    static let tolerance: Float = 3e-5

    /// What differs by more than rounding; nil for nothing.
    static func difference(
        _ found: Recording?, _ expected: Recording?, _ tolerance: Float = tolerance
    ) -> String? {
        guard let found, let expected else { return found == nil && expected == nil ? nil : "one is missing" }
        guard found.chunks.map(\.tokens) == expected.chunks.map(\.tokens) else {
            return "chunks \(found.chunks.map(\.tokens)), not \(expected.chunks.map(\.tokens))"
        }
        guard found.ids == expected.ids, found.setup.keys == expected.setup.keys,
            found.setup.queries == expected.setup.queries, found.isComplete
        else { return "other tokens" }
        for ((name, a), (_, b)) in zip(numbers(found), numbers(expected)) {
            guard a.count == b.count else { return "\(name): \(a.count) numbers, not \(b.count)" }
            // A mean distance has terms of some dozens of tokens.
            let least: Float = name.hasSuffix("distance") ? 64 : 1
            let scale = b.reduce(least) { $1.isFinite ? max($0, abs($1)) : $0 }
            let isPlace = name.hasSuffix("top")
            for (place, (x, y)) in zip(a, b).enumerated() where x != y && (x == x || y == y) {
                // Where nothing tells equal tokens apart, rounding says which of them is the highest.
                if isPlace, x >= 0, y >= 0, Self.areAlike(Int(x), Int(y), in: found) { continue }
                if !(abs(x - y) <= tolerance * scale) { return "\(name)[\(place)]: \(x), not \(y)" }
            }
        }
        return nil
    }

    private static func areAlike(_ a: Int, _ b: Int, in recording: Recording) -> Bool {
        let keys = recording.kind == .cross ? [] : recording.ids
        return keys.indices.contains(a) && keys.indices.contains(b) && keys[a] == keys[b]
    }

    /// Reads `prompt` tokens, then others in parts of these sizes; the last size goes on.
    static func continued(
        _ recorder: Recorder, prompt: Int, total: Int, parts: [Int] = [1], room: Int? = nil
    ) throws -> Continuation {
        let continuation = try Continuation(
            recorder, inputs: inputs(recorder, Array(ids.prefix(prompt))), room: room ?? total - prompt)
        var place = prompt
        var part = 0
        while place < total {
            let count = min(total - place, parts[min(part, parts.count - 1)])
            try continuation.append(Array(ids[place..<place + count]))
            (place, part) = (place + count, part + 1)
        }
        return continuation
    }

    private static func expectSame(
        _ name: String, _ specs: [String], prompt: Int, total: Int, parts: [Int] = [1], recomputes: Bool = false,
        tolerance: Float = tolerance
    ) throws {
        let recorder = try recorder(name, specs)
        let continuation = try continued(recorder, prompt: prompt, total: total, parts: parts)
        #expect((continuation.recomputes != nil) == recomputes, "\(continuation.recomputes ?? "goes on")")
        let found = continuation.recordings
        let expected = try recorder.record(inputs(recorder, Array(ids.prefix(total))))
        for kind in expected.kinds { #expect(difference(found[kind], expected[kind], tolerance) == nil) }
        let last = (expected.decoder?.tokens ?? 0) - 1
        let decoder = try #require(expected.decoder)
        let logits = try #require(recorder.model.logits(after: last, in: decoder))
        #expect(logits.count == continuation.logits.count)
        let scale = logits.reduce(1) { max($0, abs($1)) }
        #expect(zip(logits, continuation.logits).allSatisfy { abs($0 - $1) <= tolerance * scale })
    }

    /// Grouped queries, shared keys, sliding windows and caps, latent attention, experts, learned sinks, chunks, ALiBi, buckets
    /// beside an encoder, states of mixers; across the border of a chunk.
    @Test(arguments: [
        "llama_default", "llama_mqa", "bloom", "mpt", "gemma2", "gemma3", "gemma3n", "mistral", "qwen3_moe",
        "deepseek_v2",
        "gpt_oss", "llama4", "phi3_longrope", "olmo3", "t5", "switch_transformers", "mamba", "mamba2", "bamba", "rwkv",
        "gptj", "falcon", "cohere2", "llama_yarn",
    ])
    func tokenByTokenIsAsAtOnce(name: String) throws {
        try Self.expectSame(name, [], prompt: 500, total: 530)
    }

    @Test(arguments: ["gpt2", "opt", "bart", "mbart", "pegasus"])
    func placesAreLearned(name: String) throws {
        try Self.expectSame(name, [], prompt: 3, total: 35)
    }

    /// Whatever is added at a time, over several borders of tiles, blocks and chunks.
    @Test(arguments: ["llama_default", "bamba", "gemma2"])
    func inPartsIsAsAtOnce(name: String) throws {
        try Self.expectSame(name, [], prompt: 1, total: 600, parts: [1, 2, 62, 100, 1, 200, 3])
    }

    @Test(arguments: [
        "window:size=40", "streaming:sink=4,recent=40", "rerope:window=64", "self-extend:window=64,group=4",
        "lambda:sink=4,window=40", "cache-positions:sink=4,window=60", "topk:k=20", "h2o:heavy=32,recent=32",
        "tova:capacity=40", "quest:page=16,budget=64", "moba:block=32,topk=2", "memorizing:k=20,window=64", "fot:k=20",
        "unlimiformer:k=40", "infllm:init=4,local=64", "landmark:block=25,topk=2", "nsa",
        "longheads:chunk=32,budget=96",
        "retro:chunk=32", "scissorhands:buffer=80,drop=20", "snapkv:prompt=260,capacity=64", "pqcache:prompt=100",
        "lazyllm", "kivi:bits=2,group=32", "linear", "retnet", "performer:features=16",
        "longformer:window=40", "strided:stride=16", "fixed:stride=16", "dilated:size=40", "chunked:size=64", "longnet",
        "document:length=100", "transformer-xl:segment=64,memory=64", "compressive:segment=64,memory=32,slots=mean",
        "compressive:segment=64,memory=64,slots=max", "alibi", "nope", "log-n", "leaky-rerope:window=64", "sinusoidal",
        "transformer-xl-relative", "hat:segment=32", "dynamic-heads", "p-rope",
        "longlora",
    ])
    func underAScenarioIsAsAtOnce(spec: String) throws {
        try Self.expectSame("llama_default", [spec], prompt: 250, total: 270, parts: [1])
        try Self.expectSame("llama_default", [spec], prompt: 500, total: 516, parts: [1, 3])
    }

    /// Weights that may be below 0 are divided by what may be near 0, which makes rounding that much larger.
    @Test func featuresWithSignsAreAsAtOnce() throws {
        try Self.expectSame(
            "llama_default", ["performer:kind=trigonometric"], prompt: 250, total: 270, tolerance: 3e-3)
    }

    /// What of earlier tokens would change as the text grows is run anew.
    @Test(arguments: [
        ("llama_default", "dynamic-ntk"), ("llama_default", "bigbird:block=16"),
        ("llama_default", "lsh:buckets=8,chunk=16"),
        ("llama_default", "xpos"),
    ])
    func whatDependsOnTheLengthIsRunAnew(name: String, spec: String) throws {
        try Self.expectSame(name, [spec], prompt: 200, total: 204, recomputes: true)
    }

    @Test func modelsOfTheirOwnThatDependOnTheLengthAreRunAnew() throws {
        try Self.expectSame("llama_dynamic", [], prompt: 200, total: 203, recomputes: true)
        try Self.expectSame("reformer", [], prompt: 30, total: 33, recomputes: true)
    }
}
