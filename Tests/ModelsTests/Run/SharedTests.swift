import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkModels

/// A run over a text that was changed has to leave behind what a run leaves behind that nothing was kept for.
struct SharedTests {
    private static let ids = (0..<1300).map { Int32($0 * 31 % 53 + 2) }

    private static func changed(at place: Int) -> [Int32] {
        var changed = ids
        changed[place] = changed[place] == 9 ? 10 : 9
        return changed
    }

    private static func recorder(_ name: String, _ specs: [String] = []) throws -> Recorder {
        let model = try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
        return Recorder(model: model, scenario: specs.isEmpty ? nil : try Scenario(parsing: specs), threads: 2)
    }

    @Test(arguments: ["llama_default", "gemma2", "qwen3_moe", "gemma3n", "deepseek_v2"])
    func isToTheBitWhatAFreshRunRecords(name: String) throws {
        let recorder = try Self.recorder(name)
        let before = try recorder.record(ModelInputs(ids: Array(Self.ids.prefix(1200))))
        for (ids, kept) in [(Self.changed(at: 1100), 1024), (Array(Self.ids.prefix(1100)), 1024)] {
            let part = try #require(recorder.shared(of: before, with: ModelInputs(ids: ids)))
            #expect(part.decoder?.tokens == kept && part.decoder?.run != before.decoder?.run)
            let resumed = try recorder.record(ModelInputs(ids: ids), after: part)
            let fresh = try recorder.record(ModelInputs(ids: ids))
            #expect(ResumingTests.bits(resumed.decoder) == ResumingTests.bits(fresh.decoder))
            #expect(resumed.decoder?.ids == ids)
        }
    }

    /// The loss of the last token of a chunk is that of the token behind it.
    @Test(arguments: [(511, 0), (512, 0), (513, 512), (1023, 512), (1024, 512), (1025, 1024), (3, 0)])
    func wholeChunksAreKeptWithTheTokenThatFollows(place: Int, kept: Int) throws {
        let recorder = try Self.recorder("llama_default")
        let before = try recorder.record(ModelInputs(ids: Self.ids))
        let part = recorder.shared(of: before, with: ModelInputs(ids: Self.changed(at: place)))
        #expect(part?.decoder?.tokens ?? 0 == kept)
    }

    /// Under any scenario as many tokens share what they begin with, even where angles follow from how many there are.
    @Test(
        arguments: [
            ("bloom", []), ("llama_default", ["yarn:factor=2"]), ("llama_default", ["dynamic-ntk:factor=2"]),
            ("llama_default", ["window:size=64"]), ("llama_default", ["topk:k=20"]),
            ("llama_default", ["h2o:heavy=16,recent=16"]),
            ("llama_default", ["rerope:window=32", "lambda:sink=4,window=64"]),
            ("llama_default", ["linear"]), ("mamba", []), ("rwkv", []),
        ] as [(String, [String])])
    func asManyTokensShareUnderAnyScenario(name: String, specs: [String]) throws {
        let recorder = try Self.recorder(name, specs)
        let before = try recorder.record(ModelInputs(ids: Self.ids))
        let changed = ModelInputs(ids: Self.changed(at: 1290))
        let part = try #require(recorder.shared(of: before, with: changed))
        #expect(part.decoder?.tokens == 1024)
        let resumed = try recorder.record(changed, after: part)
        let fresh = try recorder.record(changed)
        #expect(ResumingTests.bits(resumed.decoder) == ResumingTests.bits(fresh.decoder))
    }

    /// Nothing is kept where a token may know of later ones, or of how many there are.
    @Test func otherRunsShareNothing() throws {
        let changed = ModelInputs(ids: Array(Self.changed(at: 1290).dropLast()))
        for (name, specs) in [
            ("t5", []), ("bert", []), ("bloom", []), ("llama_default", ["yarn:factor=2"]),
            ("llama_default", ["window:size=64"]), ("llama_default", ["topk:k=20"]),
        ] as [(String, [String])] {
            let recorder = try Self.recorder(name, specs)
            let before = try recorder.record(ModelInputs(ids: name == "bert" ? Array(Self.ids.prefix(40)) : Self.ids))
            #expect(recorder.shared(of: before, with: changed) == nil, "\(name) \(specs)")
        }
        let before = try Self.recorder("llama_default").record(ModelInputs(ids: Self.ids))
        #expect(try Self.recorder("llama_default", ["window:size=64"]).shared(of: before, with: changed) == nil)
        #expect(try Self.recorder("gemma2").shared(of: before, with: changed) == nil)
        // A text of more than 4,096 tokens is cut into larger chunks.
        let longer = ModelInputs(ids: Self.ids + Self.ids + Self.ids + Self.ids)
        #expect(try Self.recorder("llama_default").shared(of: before, with: longer) == nil)
    }
}
