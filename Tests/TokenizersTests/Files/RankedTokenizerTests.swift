import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkTokenizers

/// Vocabularies of tiktoken and of tekken, against the packages that publish them (make_ranked.py).
struct RankedTokenizerTests {
    private static func cases(_ kind: String) throws -> [JSONValue] {
        let document = try JSONDocument(contentsOf: Fixture.path("tokenizers/\(kind)/cases.json"))
        let cases = try #require(document.root.array)
        #expect(cases.count == 12)
        return cases
    }

    private static func ids(_ value: JSONValue?) -> [Int]? { value?.array?.compactMap(\.integer) }

    @Test(arguments: ["tiktoken", "tekken"]) func agreesWithThePackage(kind: String) throws {
        let tokenizer = try Tokenizer(folder: Fixture.path("tokenizers/\(kind)"))
        #expect(tokenizer.kind.hasPrefix(kind))
        let plain = try tokenizer.takingSpecialTokensAsText()
        for entry in try Self.cases(kind) {
            let text = try #require(entry["text"]?.string)
            let encoding = try plain.encode(text, addSpecialTokens: false)
            #expect(encoding.ids.map(Int.init) == Self.ids(entry["ids"]), "\(text.debugDescription)")
            #expect(encoding.ids.flatMap { tokenizer.bytes(of: Int($0)) } == Array(text.utf8))
            #expect(plain.decode(encoding.ids.map(Int.init), skipSpecialTokens: false).utf8.elementsEqual(text.utf8))
            if let parsed = Self.ids(entry["parsed"]) {
                #expect(try tokenizer.encode(text, addSpecialTokens: false).ids.map(Int.init) == parsed)
            }
        }
    }

    @Test func textsBeginAsTheFilesSay() throws {
        let tiktoken = try Tokenizer(folder: Fixture.path("tokenizers/tiktoken"))
        #expect(try tiktoken.encode("", addSpecialTokens: true).ids == [405])
        #expect(tiktoken.token(400) == "<|end|>" && tiktoken.isSpecial(400))
        let tekken = try Tokenizer(contentsOf: Fixture.path("tokenizers/tekken/tekken.json"))
        #expect(try tekken.encode("", addSpecialTokens: true).ids == [1])
        #expect(tekken.token(7) == "<SPECIAL_7>" && tekken.vocabularySize == 380)
    }

    /// Every known encoding has a pattern that is known too, and no two have as many ranks.
    @Test func knownEncodingsAreWhole() throws {
        #expect(KnownEncoding.all.allSatisfy { !$0.words.patterns.isEmpty })
        #expect(Set(KnownEncoding.all.map(\.ranks)).count == KnownEncoding.all.count)
    }

    // MARK: What is wrong

    private static func bytes() -> String {
        (0...255).map { Data([UInt8($0)]).base64EncodedString() + " \($0)\n" }.joined()
    }

    private static func problem(_ text: String, settings: String? = #"{"pat_str": "a+"}"#) throws -> String {
        let file = try settings.map { TokenizerFile(try JSONDocument(Data($0.utf8), source: "settings")) }
        do {
            _ = try Tokenizer(TiktokenFile(Data(text.utf8), source: "x", settings: file).parts())
            return "none"
        } catch {
            #expect(!error.description.contains("\n"))
            return error.description
        }
    }

    @Test func whatIsWrongWithTiktokenIsNamed() throws {
        let bytes = Self.bytes()
        #expect(try Self.problem(bytes) == "none")
        #expect(
            try Self.problem(bytes, settings: nil).contains("a tiktoken vocabulary of 256 tokens without \"pat_str\""))
        #expect(try Self.problem(bytes + "YWI=\n").contains("line 257"))
        #expect(try Self.problem(bytes + "YWI= -1\n").contains("rank -1 is no rank"))
        #expect(try Self.problem(bytes + "YWI= 99999999\n").contains("is no rank"))
        #expect(try Self.problem(bytes + "YQ== 300\n").contains("is there twice"))
        #expect(try Self.problem(bytes.replacing("/w== 255\n", with: "")).contains("there is none for byte 255"))
        let long = Data(count: 300).base64EncodedString()
        #expect(try Self.problem(bytes + "\(long) 300\n").contains("a token of 300 bytes"))
        let taken = #"{"pat_str": "a+", "added_tokens_decoder": {"97": {"content": "<x>"}}}"#
        #expect(try Self.problem(bytes, settings: taken).contains("id 97 is another token's"))
        #expect(try Self.problem(bytes, settings: #"{"pat_str": "a("}"#).contains("pattern"))
    }

    @Test func whatIsWrongWithTekkenIsNamed() throws {
        let text = try String(contentsOfFile: Fixture.path("tokenizers/tekken/tekken.json"), encoding: .utf8)
        func problem(_ old: String, _ new: String) throws -> String {
            #expect(text.contains(old))
            let document = try JSONDocument(Data(text.replacing(old, with: new).utf8), source: "x")
            do {
                _ = try Tokenizer(TekkenFile(document).parts())
                return "none"
            } catch {
                #expect(!error.description.contains("\n"))
                return error.description
            }
        }
        let (vocabulary, specials) = ("\"default_vocab_size\": ", "\"default_num_special_tokens\": ")
        #expect(try problem(vocabulary + "380", vocabulary + "500").contains("400 of the 492 tokens"))
        #expect(try problem(vocabulary + "380", vocabulary + "8").contains("no more than 8 special ones"))
        #expect(try problem(vocabulary + "380", vocabulary + "9223372036854775807").contains("no possible number"))
        #expect(try problem(specials + "8", specials + "4").contains("more than the 4 of config"))
        #expect(try problem("\"token_bytes\": \"AA==\"", "\"token_bytes\": \"A\"").contains("vocab entry 0"))
        #expect(try problem("\"rank\": 5,\n\"token_bytes\"", "\"rank\": 6,\n\"token_bytes\"") != "none")
    }

    @Test func damagedVocabulariesAreSurvived() throws {
        let whole = try Fixture.data("tokenizers/tiktoken/tokenizer.model")
        let settings = TokenizerFile(try JSONDocument(Data(#"{"pat_str": "\\s+|\\S+"}"#.utf8), source: "x"))
        var state: UInt64 = 9
        var refused = 0
        for _ in 0..<200 {
            var damaged = whole
            for _ in 0..<2 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                damaged[Int(state >> 33) % damaged.count] ^= UInt8(1 << (state >> 20 & 7))
            }
            do throws(TokenizerError) {
                let tokenizer = try Tokenizer(TiktokenFile(damaged, source: "x", settings: settings).parts())
                #expect(try tokenizer.encode("the cat", addSpecialTokens: true).count > 0)
            } catch {
                #expect(!error.description.contains("\n"))
                refused += 1
            }
        }
        #expect(refused > 20)
    }

    @Test(arguments: [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob")])
    func base64IsRead(text: String, expected: String) {
        #expect(Base64.bytes(text) == Array(expected.utf8))
    }

    @Test(arguments: ["Z", "Zg=", "Zg", "Z===", "Zm9v=", "Zm9*", "=m9v", "Zm=v"]) func wrongBase64IsRefused(
        text: String
    ) {
        #expect(Base64.bytes(text) == nil)
    }

    @Test(arguments: [
        ("tokenizer.model", true), ("tokenizer.model.v3", true), ("qwen.tiktoken", true), ("a/b.model.v7m1", true),
        ("tokenizer.json", false), ("model.safetensors", false), ("x.model.v3.json", false),
    ]) func namesAreKnown(name: String, isModel: Bool) {
        #expect(TokenizerFileName.isModel(name) == isModel)
    }
}
