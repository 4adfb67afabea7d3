import TestSupport
import Testing

@Suite struct InfoCommandTests {
    @Test func theBundledModelIsDescribed() throws {
        let run = try CommandRun("info --json")
        run.expectFine()
        let object = try run.object()
        #expect(object["family"] as? String == "llama")
        #expect(object["runs"] as? Bool == true)
        #expect(object["missing"] as? [String] == [])
        #expect(object["parameters"] as? Int == 4_000_000)
        let sizes = try #require(object["sizes"] as? [String: Int])
        #expect(sizes["layers"] == 4 && sizes["heads"] == 8 && sizes["key_value_heads"] == 4 && sizes["window"] == 512)
        let tokenizer = try #require(object["tokenizer"] as? [String: Any])
        #expect(tokenizer["vocabulary"] as? Int == 4096)
        let text = try CommandRun("info")
        text.expectFine()
        #expect(text.output.contains("byte-level BPE"))
    }

    @Test func aFileAloneIsDescribed() throws {
        let weights = try CommandRun(["info", Fixture.path("hf/llama_bf16/model.safetensors"), "--json"])
        weights.expectFine()
        let tensors = try #require(try weights.object()["tensors"] as? [String: Any])
        #expect((tensors["types"] as? [String: Int])?.keys.contains("BF16") == true)
        let tokenizer = try CommandRun(["info", Fixture.path("tokenizers/bytelevel_gpt2/tokenizer.json"), "--json"])
        tokenizer.expectFine()
        #expect(try tokenizer.object()["runs"] as? Bool == false)
    }

    @Test func kindsOfLayersAreTold() throws {
        let run = try CommandRun(["info", Fixture.path("hf/gpt_oss"), "--json"])
        run.expectFine()
        let layers = try #require(try run.object()["layers"] as? [[String: Any]])
        #expect(layers.map { $0["kind"] as? String } == ["local", "global"])
        #expect(layers.allSatisfy { $0["sinks"] as? Bool == true })
        let text = try CommandRun(["info", Fixture.path("hf/deepseek_v3")])
        #expect(text.output.contains(" latent"))
        let chunked = try CommandRun(["info", Fixture.path("hf/llama4")])
        #expect(chunked.output.contains("chunked") && chunked.output.contains("none"))
        #expect(try CommandRun(["info", Fixture.path("hf/gemma2")]).output.contains("cap"))
    }

    @Test func kindsPositionsAndExpertsAreTold() throws {
        let mixtral = try CommandRun(["info", Fixture.path("hf/mixtral"), "--json"])
        mixtral.expectFine()
        let object = try mixtral.object()
        #expect(object["kinds"] as? [String] == ["decoder"])
        #expect((object["positions"] as? [String: Any])?["scheme"] as? String == "rotary positions")
        #expect(object["experts"] as? [String: Int] == ["count": 4, "chosen": 2])
        let bart = try CommandRun(["info", Fixture.path("hf/bart")])
        bart.expectFine()
        #expect(bart.output.contains("decoder, encoder, cross"))
        #expect(bart.output.contains("learned positions, at most 40 tokens"))
    }
}
