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

    private func tokenizer(
        _ fixture: String, settings: String?, configuration: String = "{}", special: String? = nil,
        added: String? = nil, padding: String? = nil
    ) throws -> Tokenizer {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ text: String, _ name: String) throws {
            try Data(text.utf8).write(to: folder.appendingPathComponent(name))
        }
        var file = String(decoding: try Fixture.data("tokenizers/\(fixture)/tokenizer.json"), as: UTF8.self)
        if let padding {
            file = file.replacingOccurrences(of: #""padding":null"#, with: "\"padding\":{\"pad_token\":\"\(padding)\"}")
        }
        try write(file, "tokenizer.json")
        if let settings { try write("{\(settings)}", "tokenizer_config.json") }
        if let special { try write(special, "special_tokens_map.json") }
        if let added { try write(added, "added_tokens.json") }
        try write(configuration, "config.json")
        return try Tokenizer(folder: folder.path)
    }

    @Test(arguments: cases) func classesMakePartsAnew(of entry: Case) throws {
        let tokenizer = try tokenizer(entry.fixture, settings: entry.settings)
        #expect(try tokenizer.encode(entry.text, addSpecialTokens: true).ids == entry.ids, "\(entry.settings)")
    }

    /// What AutoTokenizer makes of added_tokens.json beside settings that name its token: as an object of
    /// tokenizer_config.json it is not known as special, so that it is found in other letters too.
    @Test(
        arguments: [
            (#""pad_token":{"content":"<m>","__type":"AddedToken"}"#, nil, [2, 620, 42, 620, 3]),
            (#""pad_token":"<m>""#, nil, [2, 31, 54, 33, 42, 620, 3]),
            ("", #"{"pad_token":{"content":"<m>"}}"#, [2, 31, 54, 33, 42, 620, 3]),
        ] as [(String, String?, [Int32])])
    func olderFoldersNameSpecialTokensAsTexts(settings: String, special: String?, ids: [Int32]) throws {
        let tokenizer = try tokenizer(
            "wordpiece_uncased", settings: settings, configuration: #"{"model_type":"bert"}"#, special: special,
            added: #"{"<m>":901}"#)
        #expect(try tokenizer.encode("<M> a <m>", addSpecialTokens: true).ids == ids)
    }

    struct Model: Sendable {
        let type: String
        let fixture: String
        var settings: String?
        let text: String
        let ids: [Int32]
    }

    /// What AutoTokenizer makes of a folder whose config.json names the model.
    static let models = [
        Model(
            type: "bert", fixture: "wordpiece_cased", text: "The Café 中国",
            ids: [2, 388, 60, 253, 285, 246, 171, 184, 3]),
        Model(type: "electra", fixture: "wordpiece_cased", text: " the End", ids: [2, 388, 62, 247, 270, 3]),
        Model(
            type: "mpnet", fixture: "wordpiece_uncased", text: "the <mask> end",
            ids: [620, 407, 623, 46, 283, 270, 621]),
        Model(
            type: "roberta", fixture: "bytelevel_roberta", text: "The <mask> end",
            ids: [0, 55, 273, 500, 224, 262, 71, 2]),
        Model(type: "longformer", fixture: "bytelevel_gpt2", text: "the <mask>", ids: [523, 84, 269, 520, 524]),
        Model(type: "bart", fixture: "bytelevel_roberta", text: "the end", ids: [0, 87, 273, 224, 262, 71, 2]),
        Model(type: "gpt2", fixture: "bytelevel_roberta", text: "the<|endoftext|>", ids: [0, 87, 273, 501, 2]),
        Model(type: "gpt_neox", fixture: "bytelevel_llama3", text: "the e\u{301}nd", ids: [83, 268, 220, 335, 77, 67]),
        Model(type: "cohere", fixture: "bytelevel_gpt2", text: "a 123<CLS>", ids: [65, 221, 17, 18, 19, 528]),
        Model(type: "qwen3", fixture: "bytelevel_llama3", text: "<|endoftext|>12", ids: [520, 524, 16, 17]),
        Model(
            type: "gemma2", fixture: "spm_bpe_llama2", text: "the <mask>  end",
            ids: [1, 281, 269, 279, 543, 260, 261, 294]),
        Model(
            type: "xlm-roberta", fixture: "unigram_precompiled", text: "the  end<mask>Ü",
            ids: [1, 294, 361, 330, 621, 259, 3, 2]),
        Model(type: "mbart", fixture: "unigram_nfkc", text: "the  end <mask>", ids: [30, 4, 24, 8, 3, 1, 424]),
        Model(type: "t5", fixture: "unigram_nfkc", text: " the end <extra_id_3>", ids: [30, 4, 24, 8, 423, 1]),
        Model(
            type: "mt5", fixture: "unigram_nfkc", text: " the end <extra_id_3>", ids: [30, 4, 24, 8, 423, 1]),
        Model(type: "switch_transformers", fixture: "unigram_precompiled", text: "the Ü", ids: [294, 259, 2, 2]),
        Model(type: "big_bird", fixture: "unigram_nfkc", text: "the  end [MASK]", ids: [422, 30, 4, 24, 8, 423, 421]),
        Model(type: "pegasus", fixture: "unigram_nfkc", text: "the\n\nend <mask_1>", ids: [30, 4, 24, 8, 4, 421, 1]),
        Model(type: "llama", fixture: "spm_bpe_llama2", text: " the end", ids: [1, 279, 259, 269, 279, 261, 294]),
        Model(type: "granite", fixture: "bytelevel_roberta", text: "the end", ids: [0, 295, 224, 262, 71, 2]),
        Model(
            type: "mpnet", fixture: "wordpiece_uncased", settings: #""mask_token":"[MASK]""#, text: "the [MASK] end",
            ids: [620, 407, 4, 46, 283, 270, 621]),
        Model(
            type: "xlm-roberta", fixture: "unigram_nfkc", settings: #""add_prefix_space":false,"bos_token":"<pad>""#,
            text: "the end", ids: [0, 56, 6, 24, 8, 1]),
        Model(
            type: "t5", fixture: "unigram_nfkc", settings: #""extra_ids":2"#, text: "<extra_id_1><extra_id_2>",
            ids: [421, 4, 419, 6, 77, 12, 10, 27, 87, 14, 8, 87, 78, 223, 1]),
        Model(
            type: "mbart", fixture: "unigram_nfkc", settings: #""src_lang":"de_DE""#, text: "the", ids: [30, 1, 423]),
        Model(
            type: "qwen2", fixture: "spm_bpe_llama2", settings: #""tokenizer_class":"LlamaTokenizer""#, text: "the end",
            ids: [1, 281, 269, 261, 294]),
        Model(
            type: "roberta", fixture: "wordpiece_cased", settings: #""tokenizer_class":"PreTrainedTokenizerFast""#,
            text: "the End", ids: [2, 388, 38, 247, 270, 3]),
        Model(
            type: "roberta", fixture: "wordpiece_cased",
            settings: #""tokenizer_class":"BertTokenizer","cls_token":"[MASK]""#, text: "the End",
            ids: [4, 388, 62, 247, 270, 3]),
        Model(
            type: "gpt2", fixture: "bytelevel_gpt2", settings: #""unk_token":{"content":"<u>","lstrip":true}"#,
            text: "a <u> b", ids: [65, 523, 320]),
        // This class keeps the tokens around a text.
        Model(
            type: "codegen", fixture: "bytelevel_roberta", settings: #""tokenizer_class":"CodeGenTokenizer""#,
            text: "the end", ids: [0, 87, 273, 224, 262, 71, 2]),
        Model(
            type: "bert", fixture: "wordpiece_cased", settings: #""cls_token":null"#, text: "the end",
            ids: [2, 388, 62, 247, 270, 3]),
        Model(type: "qwen2_vl", fixture: "bytelevel_llama3", text: "e\u{301}12", ids: [520, 335, 16, 17]),
        Model(
            type: "phimoe", fixture: "spm_bpe_llama2", settings: #""tokenizer_class":"LlamaTokenizer""#,
            text: " the end", ids: [1, 279, 259, 269, 279, 261, 294]),
        // Where code of the folder is named, its class counts even where the model takes the file as it is.
        Model(
            type: "granite", fixture: "bytelevel_gpt2",
            settings: #""tokenizer_class":"GPTNeoXTokenizer","auto_map":{"AutoTokenizer":["a.B",null]}"#,
            text: "e\u{301}", ids: [336]),
    ]

    private static let mask = #""mask_token":{"__type":"AddedToken","content":"<m>","lstrip":true}"#

    /// Some classes add their special tokens once more in the end, without what was said of them.
    static let again = [
        Model(
            type: "exaone4", fixture: "bytelevel_gpt2", settings: #""tokenizer_class":"Qwen2Tokenizer",\#(mask)"#,
            text: "a <m> b", ids: [65, 221, 523, 320]),
        Model(
            type: "exaone4", fixture: "bytelevel_gpt2", settings: #""tokenizer_class":"GPT2Tokenizer",\#(mask)"#,
            text: "a <m> b", ids: [65, 523, 320]),
        Model(
            type: "exaone4", fixture: "bytelevel_gpt2", settings: #""tokenizer_class":"CohereTokenizer",\#(mask)"#,
            text: "a <m> b", ids: [65, 529, 320]),
        Model(
            type: "cohere", fixture: "bytelevel_gpt2",
            settings: #""added_tokens_decoder":{"600":{"content":"<UNK>","lstrip":true}}"#, text: "a <UNK> b",
            ids: [65, 221, 520, 320]),
    ]

    /// Special tokens beyond the usual seven; an empty list takes the place of what the class adds.
    static let more = [
        Model(
            type: "gpt2", fixture: "bytelevel_gpt2",
            settings: #""image_token":"<img>","extra_special_tokens":{"audio":"<aud>"}"#, text: "a<img><aud>",
            ids: [65, 523, 524]),
        Model(
            type: "gpt2", fixture: "bytelevel_gpt2",
            settings: #""model_specific_special_tokens":{"image_token":"<img>"}"#, text: "a<img>", ids: [65, 523]),
        Model(
            type: "t5", fixture: "unigram_nfkc", settings: #""additional_special_tokens":[]"#, text: "<extra_id_3>",
            ids: [4, 419, 6, 77, 12, 10, 27, 87, 14, 8, 87, 145, 223, 1]),
        Model(
            type: "mbart", fixture: "unigram_nfkc", settings: #""additional_special_tokens":null"#, text: "en_XX",
            ids: [4, 24, 87, 3, 1, 2]),
    ]

    /// Classes look at the added tokens of the settings in place of those of the file; the last of two names counts.
    static let listed = [
        Model(
            type: "starcoder2", fixture: "bytelevel_gpt2",
            settings: #""added_tokens_decoder":{"600":{"content":"[NEW]","special":true}}"#, text: "a  b[NEW]<mask>",
            ids: [65, 221, 320, 520, 28, 331, 83, 75, 30]),
        Model(
            type: "gemma2", fixture: "spm_bpe_metaspace",
            settings: #""added_tokens_decoder":{"600":{"content":"[NEW]","lstrip":true}}"#, text: "<s>hi [NEW]",
            ids: [1, 368, 287, 327, 291, 285, 279, 540]),
        Model(
            type: "mbart", fixture: "unigram_nfkc", settings: #""additional_special_tokens":["[NEW]"]"#,
            text: "the [NEW]", ids: [30, 421, 1, 2]),
        Model(
            type: "gpt2", fixture: "bytelevel_gpt2",
            settings: #""sep_token":{"content":"<u>","lstrip":true},"cls_token":"<u>""#, text: "a <u> b",
            ids: [65, 221, 523, 320]),
    ]

    @Test(arguments: models + listed + again + more) func theModelDecidesWhereTheFolderSaysNothing(of entry: Model)
        throws
    {
        let tokenizer = try tokenizer(
            entry.fixture, settings: entry.settings, configuration: "{\"model_type\":\"\(entry.type)\"}")
        #expect(try tokenizer.encode(entry.text, addSpecialTokens: true).ids == entry.ids, "\(entry)")
    }

    /// In folders whose settings do not list the added tokens.
    @Test func specialTokensMayHaveAFileOfTheirOwn() throws {
        let tokenizer = try tokenizer(
            "wordpiece_uncased", settings: #""mask_token":"<m>""#, configuration: #"{"model_type":"bert"}"#,
            special: #"{"mask_token":{"content":"<mm>","lstrip":true},"cls_token":"[MASK]"}"#)
        let ids = try tokenizer.encode("the <mm> end <m>", addSpecialTokens: true).ids
        #expect(ids == [4, 407, 620, 46, 283, 270, 31, 54, 33, 3])
        let extra = try self.tokenizer(
            "unigram_nfkc", settings: "", configuration: #"{"model_type":"t5"}"#,
            special: #"{"additional_special_tokens":["[NEW]"]}"#)
        #expect(try extra.encode("<extra_id_3>[NEW]", addSpecialTokens: true).ids == [424, 420, 1])
        // What this file names is special, what the settings name becomes it: the two are not the same, and the last counts.
        let last = try self.tokenizer(
            "bytelevel_gpt2",
            settings:
                #""unk_token":{"__type":"AddedToken","content":"<m>","lstrip":true,"normalized":false},"pad_token":"<m>""#,
            configuration: #"{"model_type":"gpt2"}"#,
            special: #"{"mask_token":{"content":"<m>","lstrip":true,"normalized":false}}"#)
        #expect(try last.encode("a <m> b", addSpecialTokens: true).ids == [65, 523, 320])
    }

    /// The library counts them anew: what the vocabulary does not have comes after it, whatever id the file states.
    @Test func addedTokensGetTheIDsThatAreFree() throws {
        let text = String(decoding: try Fixture.data("tokenizers/bytelevel_gpt2/tokenizer.json"), as: UTF8.self)
        let moved = text.replacingOccurrences(of: #""id":520,"#, with: #""id":900,"#)
        #expect(moved != text)
        let tokenizer = try Tokenizer(json: Data(moved.utf8), source: "x")
        #expect(try tokenizer.encode("a<mask>", addSpecialTokens: true).ids == [65, 520])
    }

    /// A token with which texts are filled up is a special token where nothing else is said of one.
    @Test func fillingTokensAreSpecial() throws {
        func ids(_ settings: String) throws -> [Int32] {
            try tokenizer("spm_bpe_llama2", settings: settings, padding: "<PAD>")
                .encode("a<PAD>", addSpecialTokens: true).ids
        }
        #expect(try ids("") == [1, 279, 282, 540])
        #expect(try ids(#""pad_token":null"#) == [1, 279, 282, 368, 419, 370, 372, 327])
    }

    @Test func whatNoClassMakesIsSaid() throws {
        do {
            _ = try tokenizer("wordpiece_cased", settings: nil, configuration: #"{"model_type":"gpt2"}"#)
            Issue.record("a WordPiece was taken for a BPE")
        } catch {
            let text = "\(error)"
            #expect(
                text.contains("model WordPiece: GPT2Tokenizer, the class of this model's tokenizers, makes a BPE of it")
            )
            #expect(text.contains("name PreTrainedTokenizerFast as tokenizer_class in tokenizer_config.json"))
        }
        let albert = try tokenizer("unigram_nfkc", settings: #""tokenizer_class":"AlbertTokenizer""#)
        #expect(
            albert.remarks == [
                "AlbertTokenizer, the class of this tokenizer, makes parts of it anew in transformers 5, which is not followed"
            ])
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
