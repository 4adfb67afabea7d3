import Foundation
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

    @Test(
        arguments: [
            ("qwen2_moe", [0, 2], 3, 16, 20), ("deepseek_v3", [1], 2, 12, 12), ("mixtral", [0, 1], 2, 32, nil),
        ] as [(String, [Int], Int, Int, Int?)])
    func layersWithExpertsAreTold(name: String, layers: [Int], all: Int, width: Int, shared: Int?) throws {
        let run = try CommandRun(["info", Fixture.path("hf/\(name)"), "--json"])
        run.expectFine()
        let stacks = try #require(try run.object()["expert_layers"] as? [[String: Any]])
        #expect(stacks.count == 1 && stacks[0]["stack"] as? String == "decoder")
        #expect(stacks[0]["layers"] as? [Int] == layers && stacks[0]["stack_layers"] as? Int == all)
        #expect(stacks[0]["width"] as? Int == width && stacks[0]["shared_width"] as? Int == shared)
        let text = try CommandRun(["info", Fixture.path("hf/\(name)")]).output
        #expect(text.contains(layers.count == all ? "in every layer of the decoder" : "in decoder layers "))
        #expect(text.contains(shared == nil ? "none shared" : "one for every token, "))
    }

    @Test(
        arguments: [
            ("hf/llama_tied", true, "max_position_embeddings"), ("hf/llama_default", false, "max_position_embeddings"),
            ("hf/llama_yarn", false, "rope_parameters.original_max_position_embeddings; extended to 4,096"),
            ("hf/switch_transformers", true, "its family's default"), ("hf/t5_v11", false, "its family's default"),
            ("gguf/small_bpe_Q8_0/model.gguf", nil, "llama.context_length"),
        ] as [(String, Bool?, String)])
    func whereWindowAndLogitsComeFromIsTold(name: String, ties: Bool?, source: String) throws {
        let run = try CommandRun(["info", Fixture.path(name), "--json"])
        run.expectFine()
        let object = try run.object()
        #expect(object["window_source"] as? String == source)
        if let ties { #expect(object["ties_embeddings"] as? Bool == ties) }
        #expect(try CommandRun(["info", Fixture.path(name)]).output.contains("(\(source))"))
    }

    @Test func formatsAndAddedTokensAreTold() throws {
        let text = try CommandRun("info").output
        #expect(text.contains("BF16 100.0 % of the numbers; 16.00 bits each"))
        #expect(text.contains("puts <|bos|> before a text"))
        let tokens = try CommandRun("info --json").object()["added_tokens"] as? [String: [String]]
        #expect(tokens == ["before": ["<|bos|>"], "after": []])
        let weights = try CommandRun(["info", Fixture.path("hf/llama_bf16/model.safetensors"), "--json"]).object()
        #expect(weights["window_source"] is NSNull && (weights["expert_layers"] as? [Any])?.isEmpty == true)
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
