import Foundation
import RopewalkTokenizers
import TestSupport
import Testing

@Suite struct TokenizerTests {
    /// A tokenizer of a few tokens, with other parts where they are given.
    static func json(
        vocab: String = #"{"a":0,"b":1,"ab":2,"abab":3,"Ġ":4,"<u>":5}"#, merges: String = #"["a b",["ab","ab"]]"#,
        model: String = "", preTokenizer: String = #"{"type":"ByteLevel","add_prefix_space":false}"#, rest: String = ""
    ) -> String {
        #"{"model":{"type":"BPE","vocab":\#(vocab),"merges":\#(merges)\#(model)},"pre_tokenizer":\#(preTokenizer),"decoder":{"type":"ByteLevel"}\#(rest)}"#
    }

    static func tokenizer(_ json: String) throws(TokenizerError) -> Tokenizer {
        try Tokenizer(json: Data(json.utf8), source: "t.json")
    }

    static func error(_ json: String) -> String {
        do {
            _ = try tokenizer(json)
            return "no error"
        } catch {
            return error.description
        }
    }

    @Test func mergesInTheOrderOfRanks() throws {
        let tokenizer = try Self.tokenizer(Self.json())
        #expect(try tokenizer.encode("ababab aab", addSpecialTokens: true).ids == [3, 2, 4, 0, 2])
        #expect(tokenizer.vocabularySize == 6)
        #expect(tokenizer.token(4) == "Ġ")
        #expect(tokenizer.bytes(of: 4) == [0x20])
        #expect(tokenizer.token(-1) == nil)
        #expect(tokenizer.token(99) == nil)
        #expect(tokenizer.decode([3, 99, -5, 4, 0], skipSpecialTokens: false) == "abab a")
    }

    /// The library finds nothing between all characters: babab.
    @Test func nothingIsFoundEverywhere() throws {
        let normalizer = #","normalizer":{"type":"Replace","pattern":{"String":""},"content":"b"}"#
        let tokenizer = try Self.tokenizer(Self.json(rest: normalizer))
        #expect(try tokenizer.encode("aa", addSpecialTokens: false).ids == [1, 3])
    }

    @Test func mergesOneEndlessWord() throws {
        let tokenizer = try Self.tokenizer(Self.json())
        let encoding = try tokenizer.encode(String(repeating: "ab", count: 100_000), addSpecialTokens: false)
        #expect(firstDifference(encoding.ids, [Int32](repeating: 3, count: 50_000)) == nil)
        #expect(encoding.bytes(of: 49_999) == 199_996..<200_000)
    }

    @Test func keepsSpansRightAroundUnknownBytes() throws {
        // What is dropped does not keep its neighbours from merging, and the library's offsets do not count it.
        let dropping = try Self.tokenizer(Self.json()).encode("xaxb ayba", addSpecialTokens: false)
        #expect(dropping.ids == [2, 4, 2, 0])
        #expect((0..<4).map { dropping.bytes(of: $0) } == [1..<4, 4..<5, 5..<8, 8..<9])
        #expect((0..<2).map { dropping.offsets(of: $0) } == [0..<2, 4..<5])
        let model = #","unk_token":"<u>""#
        let single = try Self.tokenizer(Self.json(model: model)).encode("axyb", addSpecialTokens: false)
        #expect(single.ids == [0, 5, 5, 1])
        let fused = try Self.tokenizer(Self.json(model: model + #","fuse_unk":true"#))
            .encode("axyb", addSpecialTokens: false)
        #expect(fused.ids == [0, 5, 1])
        #expect(fused.bytes(of: 1) == 1..<3)
    }

    @Test func findsAddedTokens() throws {
        func added(_ content: String, _ id: Int, _ flags: String) -> String {
            #"{"id":\#(id),"content":"\#(content)","normalized":false\#(flags)}"#
        }
        let tokens = [
            added("<x>", 6, #","special":true"#), added("<x><x>", 7, ""), added("ba", 8, #","single_word":true"#),
            added("<m>", 9, #","lstrip":true,"rstrip":true"#),
        ]
        let tokenizer = try Self.tokenizer(Self.json(rest: #","added_tokens":[\#(tokens.joined(separator: ","))]"#))
        #expect(try tokenizer.encode("a<x>b<x><x><x>", addSpecialTokens: false).ids == [0, 6, 1, 7, 6])
        #expect(try tokenizer.encode("ba aba ba", addSpecialTokens: false).ids == [8, 4, 2, 0, 4, 8])
        let stripped = try tokenizer.encode("a  <m> \n<m> b", addSpecialTokens: false)
        #expect(stripped.ids == [0, 9, 9, 1])
        #expect((0..<4).map { stripped.bytes(of: $0) } == [0..<1, 1..<8, 8..<12, 12..<13])
        #expect(tokenizer.decode([0, 6, 1], skipSpecialTokens: true) == "ab")
        #expect(tokenizer.isSpecial(6) && !tokenizer.isSpecial(7))
    }

    @Test func specialTokensMayBeText() throws {
        let added = #"{"id":6,"content":"a b","special":true},{"id":7,"content":"ba","special":false}"#
        let tokenizer = try Self.tokenizer(Self.json(rest: #","added_tokens":[\#(added)]"#))
        #expect(try tokenizer.encode("a bba", addSpecialTokens: false).ids == [6, 7])
        let plain = try tokenizer.takingSpecialTokensAsText()
        #expect(try plain.encode("a bba", addSpecialTokens: false).ids == [0, 4, 1, 7])
    }

    @Test func settingsBesideTheFileCount() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("tokenizer.json")
        try Data(Self.json().utf8).write(to: path)
        func ids(_ text: String) throws -> [Int32] {
            try Tokenizer(contentsOf: path.path).encode(text, addSpecialTokens: false).ids
        }
        #expect(try ids("ab[T]") == [2])
        let settings = folder.appendingPathComponent("tokenizer_config.json")
        try Data(#"{"added_tokens_decoder":{"40":{"content":"[T]","special":true}},"pad_token":"ba"}"#.utf8)
            .write(to: settings)
        // The token comes after all others, whatever its id there.
        #expect(try ids("ab[T]ba") == [2, 6, 7])
        try Data(#"{"tokenizer_class":"GPT2TokenizerFast","add_prefix_space":true}"#.utf8).write(to: settings)
        #expect(try ids("ab") == [4, 2])
        try FileManager.default.removeItem(at: settings)
        try Data(#"{"[T]": 30}"#.utf8).write(to: folder.appendingPathComponent("added_tokens.json"))
        #expect(try ids("ab[T]") == [2, 6])
    }

    @Test func stopsWhenCancelled() throws {
        let tokenizer = try Self.tokenizer(Self.json())
        #expect(throws: TokenizerError.cancelled) {
            try tokenizer.encode("ab ab", addSpecialTokens: false, isCancelled: { true })
        }
    }

    @Test func refusesTextThatIsNotUTF8() throws {
        let tokenizer = try Self.tokenizer(Self.json())
        #expect(throws: TokenizerError.notUTF8(byte: 1)) {
            try tokenizer.encode([0x61, 0xFF], addSpecialTokens: false)
        }
    }

    @Test(arguments: [
        (json(rest: #","normalizer":{"type":"Uppercase"}"#), "normalizer Uppercase is not supported"),
        (json(rest: #","decoder":{"type":"Wordy"}"#), "decoder Wordy is not supported"),
        (json(rest: #","post_processor":{"type":"Magic"}"#), "post_processor Magic is not supported"),
        (json(preTokenizer: #"{"type":"UnicodeScripts"}"#), "pre_tokenizer UnicodeScripts is not supported"),
        (#"{"model":{"type":"WordLevel"}}"#, "model WordLevel is not supported"),
        ("{}", "model: is missing"), ("[", "line 1"), ("[]", "model: is missing"),
        (json(merges: #"["a c"]"#), "entry 0 has a token"), (json(merges: #"["ab"]"#), "entry 0 is no pair"),
        (json(vocab: #"{"a":-1}"#), "no possible id"), (json(vocab: #"{"a":99999999999}"#), "no possible id"),
        (json(model: #","unk_token":"?""#), "unk_token is not in"),
        (json(model: #","end_of_word_suffix":"</w>""#), "suffix of words is not supported with ByteLevel"),
        (json(rest: #","added_tokens":[{"id":1}]"#), "entry 0 has no content"),
        (json(rest: #","post_processor":{"type":"RobertaProcessing","sep":["x",77],"cls":["y",0]}"#), "vocabulary"),
        (
            json(
                rest: #","post_processor":{"type":"Sequence","processors":["#
                    + #"{"type":"RobertaProcessing","sep":["a",0],"cls":["b",1]},"#
                    + #"{"type":"BertProcessing","sep":["a",0],"cls":["b",1]}]}"#),
            "post_processor Sequence with two that put tokens around a text is not supported"
        ),
    ])
    func namesWhatIsWrong(json: String, problem: String) {
        let error = Self.error(json)
        #expect(error.hasPrefix("t.json: "))
        #expect(error.contains(problem), "\(error)")
    }
}
