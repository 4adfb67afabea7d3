import Foundation
import RopewalkFormats
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkGeneration
@testable import RopewalkModels

/// The highest logit, token by token, against transformers (Tests/Fixtures/make/make_generation.py).
struct GreedyTests {
    private struct Case {
        let prompt: [Int32]
        let ids: [Int32]
    }

    private static let cases: [String: Case] = {
        let ids = { (value: JSONValue?) in (value?.array ?? []).compactMap { $0.integer.map { Int32($0) } } }
        let members = (try? JSONDocument(contentsOf: Fixture.path("greedy.json")).members()) ?? []
        return Dictionary(
            uniqueKeysWithValues: members.map {
                ($0.key, Case(prompt: ids($0.value["prompt"]), ids: ids($0.value["ids"])))
            })
    }()

    private static func generator(
        _ name: String, _ request: GenerationRequest, prompt: [Int32]? = nil, defaults: GenerationDefaults? = nil
    ) throws -> Generator {
        let model = try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
        let ids = try prompt ?? #require(cases[name]).prompt
        let isPair = model.kinds.contains(.cross)
        let inputs = ModelInputs(ids: ids, decoderIDs: isPair ? [model.traits.decoderStart ?? 0] : nil)
        return try Generator(
            try Continuation(Recorder(model: model, threads: 2), inputs: inputs, room: request.count), request: request,
            model: model, tokenizer: nil,
            defaults: defaults ?? GenerationDefaults(contentsOf: Fixture.path("hf/\(name)")))
    }

    /// But for `reformer_learned`, whose file does not say how many buckets there are: transformers counts them by the first
    /// text that a model reads and keeps that number for longer ones; here every text has its own, as a model read anew has.
    @Test(arguments: cases.keys.filter { $0 != "reformer_learned" }.sorted()) func isWhatTransformersContinuesWith(
        name: String
    ) throws {
        let expected = try #require(Self.cases[name])
        // Those that end a text are among the tokens of the fixture.
        let generator = try Self.generator(
            name, GenerationRequest(count: expected.ids.count, endsAtEndTokens: false),
            defaults: GenerationDefaults(contentsOf: Fixture.path("hf/llama_default")))
        while try generator.next() != nil {}
        #expect(generator.steps.map(\.id) == expected.ids)
        #expect(generator.ending == .count)
        let recorded = try #require(generator.continuation.recordings.decoder)
        #expect(recorded.isComplete && recorded.tokens == generator.continuation.ids.count)
    }

    @Test func allDecodersAreTried() {
        #expect(Self.cases.count >= 92)
    }

    @Test func endsWithATokenThatEndsATextWithoutReadingIt() throws {
        let expected = try #require(Self.cases["llama_default"])
        let end = expected.ids[3]
        let first = try #require(expected.ids.firstIndex(of: end))
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ends-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("{\"eos_token_id\": [\(end), 1]}".utf8)
            .write(to: folder.appendingPathComponent("generation_config.json"))
        try Data("{\"eos_token_id\": 5, \"forced_bos_token_id\": 9}".utf8)
            .write(to: folder.appendingPathComponent("config.json"))
        let defaults = try GenerationDefaults(contentsOf: folder.path)
        #expect(defaults.endTokens == [end, 1] && defaults.forcedFirst == 9 && defaults.template == nil)
        let generator = try Self.generator("llama_default", GenerationRequest(count: 16), defaults: defaults)
        while try generator.next() != nil {}
        #expect(generator.ending == .endToken(end))
        #expect(generator.steps.map(\.id) == Array(expected.ids.prefix(first)))
        #expect(generator.continuation.ids.count == expected.prompt.count + first)
        #expect(try generator.next() == nil)
    }

    /// Learned places come to an end.
    @Test func endsWhereTheModelHasNoPlaceForMore() throws {
        let generator = try Self.generator(
            "gpt2", GenerationRequest(count: 100, endsAtEndTokens: false), prompt: Array(2..<37))
        while try generator.next() != nil {}
        #expect(generator.steps.count == 5 && generator.ending == .window(40))
        let whole = try Self.generator("gpt2", GenerationRequest(count: 3), prompt: Array(0..<40))
        #expect(try whole.next() == nil)
        #expect(whole.ending == .window(40))
        #expect(throws: ModelError.tooLong(tokens: 41, limit: 40)) {
            try Self.generator("gpt2", GenerationRequest(count: 3), prompt: Array(0..<41))
        }
    }

    @Test func modelsThatPredictNoNextTokenSaySo() throws {
        for name in ["bert", "modernbert", "longformer"] {
            #expect(throws: ModelError.self) { try Self.generator(name, GenerationRequest(count: 1), prompt: [4, 5]) }
        }
        do {
            _ = try Self.generator("bert", GenerationRequest(count: 1), prompt: [4, 5])
        } catch let error as ModelError {
            #expect(error.description.hasPrefix("bert reads a text from both sides and has no decoder"))
        }
    }

    @Test func aSeedGivesTheSameText() throws {
        func ids(_ seed: UInt64) throws -> [Int32] {
            let sampling = SamplingSettings(temperature: 1.5, topK: 20, seed: seed)
            let generator = try Self.generator(
                "llama_default", GenerationRequest(count: 12, sampling: sampling, endsAtEndTokens: false))
            while try generator.next() != nil {}
            return generator.steps.map(\.id)
        }
        #expect(try ids(3) == ids(3))
        #expect(try ids(3) != ids(4))
    }

    /// ln p of every token is the loss that the recording has of it.
    @Test func logProbabilitiesAreTheLosses() throws {
        let generator = try Self.generator("mistral", GenerationRequest(count: 8, endsAtEndTokens: false))
        while let step = try generator.next() {
            let loss = generator.continuation.recordings.decoder?.negativeLogLikelihood(after: step.place - 1)
            #expect(abs((loss ?? .nan) + step.logProbability) < 1e-5)
        }
    }

    @Test func whatIsAskedForIsChecked() throws {
        #expect(throws: GenerationError.self) { try Self.generator("llama_default", GenerationRequest(count: 0)) }
        #expect(throws: GenerationError.self) {
            try Self.generator("llama_default", GenerationRequest(count: 1, stops: [""]))
        }
    }
}
