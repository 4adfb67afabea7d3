import Foundation
import TestSupport
import Testing

@testable import RopewalkTokenizers

/// What classes of transformers 5.23 make anew from tokenizer_config.json, by the ids that it gave for these texts.
struct TokenizerClassTests {
    struct Case: Sendable {
        let fixture: String
        let settings: String
        let text: String
        let ids: [Int32]
    }

    static let cases = [
        // What the settings leave out.
        Case(
            fixture: "wordpiece_cased", settings: #""tokenizer_class":"BertTokenizer""#, text: "The Café 中国",
            ids: [2, 388, 60, 253, 285, 246, 171, 184, 3]),
        Case(
            fixture: "wordpiece_cased", settings: #""tokenizer_class":"ElectraTokenizer""#, text: " the end",
            ids: [2, 388, 62, 247, 270, 3]),
        Case(
            fixture: "bytelevel_roberta", settings: #""tokenizer_class":"RobertaTokenizer""#, text: "The Café 中国",
            ids: [0, 55, 273, 224, 38, 68, 73, 340, 224, 292, 259, 165, 253, 125, 2]),
        Case(
            fixture: "spm_bpe_llama2", settings: #""tokenizer_class":"LlamaTokenizer""#, text: " the end",
            ids: [1, 259, 269, 279, 261, 294]),
        Case(
            fixture: "wordpiece_uncased", settings: #""tokenizer_class":"BertTokenizer","do_lower_case":false"#,
            text: "The Café 中国", ids: [2, 1, 1, 181, 197, 3]),
        Case(
            fixture: "wordpiece_uncased", settings: #""tokenizer_class":"BertTokenizerFast","strip_accents":false"#,
            text: "The Café 中国", ids: [2, 407, 1, 181, 197, 3]),
        Case(
            fixture: "wordpiece_uncased",
            settings: #""tokenizer_class":"BertTokenizer","tokenize_chinese_chars":false"#,
            text: "The Café 中国", ids: [2, 407, 596, 274, 263, 1, 3]),
        Case(
            fixture: "wordpiece_uncased",
            settings: #""tokenizer_class":"PreTrainedTokenizerFast","do_lower_case":false"#,
            text: "The Café 中国", ids: [2, 407, 596, 274, 263, 181, 197, 3]),
        Case(
            fixture: "wordpiece_cased", settings: #""tokenizer_class":"DistilBertTokenizer","do_lower_case":true"#,
            text: "The Café 中国", ids: [2, 388, 60, 253, 285, 246, 171, 184, 3]),
        Case(
            fixture: "bytelevel_gpt2", settings: #""tokenizer_class":"GPT2TokenizerFast","add_prefix_space":true"#,
            text: "the end", ids: [292, 221, 259, 68]),
        Case(
            fixture: "bytelevel_gpt2", settings: #""tokenizer_class":"CodeGenTokenizer","add_prefix_space":true"#,
            text: "the end", ids: [292, 221, 259, 68]),
        Case(
            fixture: "bytelevel_roberta", settings: #""tokenizer_class":"RobertaTokenizer","add_prefix_space":false"#,
            text: "the end", ids: [0, 87, 273, 224, 262, 71, 2]),
        Case(
            fixture: "bytelevel_roberta", settings: #""tokenizer_class":"BartTokenizer","add_prefix_space":true"#,
            text: "the end", ids: [0, 295, 224, 262, 71, 2]),
        Case(
            fixture: "bytelevel_qwen2", settings: #""tokenizer_class":"Qwen2Tokenizer","add_prefix_space":true"#,
            text: "the end, so", ids: [291, 220, 258, 67, 220, 11, 264, 78]),
        Case(
            fixture: "spm_bpe_llama2", settings: #""tokenizer_class":"LlamaTokenizer","add_prefix_space":false"#,
            text: "the end</s>the", ids: [1, 281, 269, 279, 261, 294, 2, 281, 269]),
        Case(
            fixture: "spm_bpe_llama2", settings: #""tokenizer_class":"LlamaTokenizer","add_prefix_space":true"#,
            text: "the end</s>the", ids: [1, 259, 269, 279, 261, 294, 2, 281, 269]),
        Case(
            fixture: "spm_bpe_llama2",
            settings: #""tokenizer_class":"LlamaTokenizerFast","add_prefix_space":true,"legacy":true"#,
            text: "the end</s>the", ids: [1, 259, 269, 279, 261, 294, 2, 259, 269]),
        Case(
            fixture: "spm_bpe_llama2",
            settings: #""tokenizer_class":"PreTrainedTokenizerFast","add_prefix_space":false"#,
            text: "the end</s>the", ids: [1, 259, 269, 279, 261, 294, 2, 259, 269]),
    ]

    private func tokenizer(_ fixture: String, settings: String, configuration: String = "{}") throws -> Tokenizer {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ text: String, _ name: String) throws {
            try Data(text.utf8).write(to: folder.appendingPathComponent(name))
        }
        try FileManager.default.copyItem(
            at: Fixture.url("tokenizers/\(fixture)/tokenizer.json"), to: folder.appendingPathComponent("tokenizer.json")
        )
        try write("{\(settings)}", "tokenizer_config.json")
        try write(configuration, "config.json")
        return try Tokenizer(folder: folder.path)
    }

    @Test(arguments: cases) func classesMakePartsAnew(of entry: Case) throws {
        let tokenizer = try tokenizer(entry.fixture, settings: entry.settings)
        #expect(try tokenizer.encode(entry.text, addSpecialTokens: true).ids == entry.ids, "\(entry.settings)")
    }

    /// Of these models transformers takes the tokenizer.json as it is.
    @Test func someModelsFollowNoClass() throws {
        func ids(_ fixture: String, _ settings: String, _ type: String) throws -> [Int32] {
            try tokenizer(fixture, settings: settings, configuration: "{\"model_type\":\"\(type)\"}")
                .encode(" the End", addSpecialTokens: true).ids
        }
        let llama = #""tokenizer_class":"LlamaTokenizer""#
        for type in ["mistral", "mixtral", "ministral", "phi3", "stablelm", "granite"] {
            #expect(try ids("spm_bpe_llama2", llama, type) == [1, 279, 259, 269, 279, 312, 283, 294])
        }
        #expect(try ids("spm_bpe_llama2", llama, "llama") == [1, 259, 269, 279, 312, 283, 294])
        let bert = #""tokenizer_class":"BertTokenizer""#
        #expect(try ids("wordpiece_cased", bert, "modernbert") == [2, 388, 38, 247, 270, 3])
        #expect(try ids("wordpiece_cased", bert, "bert") == [2, 388, 62, 247, 270, 3])
    }

    @Test func theModelNamesTheClassWhereTheSettingsDoNot() throws {
        func ids(_ configuration: String) throws -> [Int32] {
            try tokenizer("bytelevel_gpt2", settings: #""add_prefix_space":true"#, configuration: configuration)
                .encode("the end", addSpecialTokens: true).ids
        }
        #expect(try ids(#"{"model_type":"gpt2"}"#) == [292, 221, 259, 68])
        #expect(try ids(#"{"model_type":"llama"}"#) == ids("[") && ids("{}") != [292, 221, 259, 68])
    }

    /// transformers 5.23 takes both settings away where there is a tokenizer.json.
    @Test func tokensAroundTextsAreThoseOfTheTokenizerFile() throws {
        let plain = try tokenizer("spm_bpe_llama2", settings: #""add_bos_token":true,"add_eos_token":false"#)
        #expect(plain.remarks == [])
        let other = try tokenizer("spm_bpe_llama2", settings: #""add_bos_token":false,"add_eos_token":true"#)
        #expect(
            try other.encode("the end", addSpecialTokens: true).ids
                == plain.encode("the end", addSpecialTokens: true).ids)
        #expect(
            other.remarks == [
                "add_bos_token = false of tokenizer_config.json is not followed: tokenizer.json puts a token before a text",
                "add_eos_token = true of tokenizer_config.json is not followed: tokenizer.json puts no token after a text",
            ])
    }
}
