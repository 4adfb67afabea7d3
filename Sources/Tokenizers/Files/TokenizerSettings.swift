import Foundation
import RopewalkFormats
import RopewalkPhrases

/// What lies beside a tokenizer.json and says more than it: tokenizer_config.json, special_tokens_map.json and
/// added_tokens.json in older folders, and what config.json says of the model.
struct TokenizerSettings {
    private let settings: TokenizerFile?
    /// Counts more than the settings, in folders whose settings do not list the added tokens.
    private let named: TokenizerFile?
    private let added: TokenizerFile?
    /// Whether tokenizer_config.json says which tokens are added.
    let listsAddedTokens: Bool
    /// `model_type` of config.json.
    let modelType: String?
    /// Whether they name code of the folder for the tokenizer, which is not run.
    let hasOwnCode: Bool
    /// `tokenizer_class`, without the "Fast" that older folders have.
    let className: String?

    init(beside path: String) throws(TokenizerError) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let settings = try Self.file(folder + "/tokenizer_config.json")
        self.settings = settings
        listsAddedTokens = settings?.root["added_tokens_decoder"] != nil
        named = listsAddedTokens ? nil : try Self.file(folder + "/special_tokens_map.json")
        added = try Self.file(folder + "/added_tokens.json")
        // Whatever else is wrong with the configuration, it is not the tokenizer's.
        let model = try? JSONDocument(contentsOf: folder + "/config.json").root
        modelType = model?["model_type"]?.string
        let name = settings?.root["tokenizer_class"]?.string ?? model?["tokenizer_class"]?.string
        let code = settings?.root["auto_map"]
        hasOwnCode = code?.array != nil || code?["AutoTokenizer"].map { !$0.isNull } ?? false
        className = name.map { $0.hasSuffix("Fast") ? String($0.dropLast(4)) : $0 }
    }

    /// What is said of something, null or not: special_tokens_map.json counts more.
    func said(_ key: String) -> JSONValue? { named?.root[key] ?? settings?.root[key] }

    /// What tokenizer_config.json says of it.
    func config(_ key: String) -> JSONValue? { settings?.root[key] }

    /// What is said of something and is not null.
    func stated(_ key: String) -> JSONValue? { said(key).flatMap { $0.isNull ? nil : $0 } }

    /// What is said of a special token, such as "cls", null or not.
    func special(_ part: String) -> JSONValue? { said(part + "_token") }

    /// The same as a token; special_tokens_map.json says of each that it is special.
    func specialToken(_ part: String) -> StatedToken? {
        let token = StatedToken(special(part))
        return named?.root[part + "_token"] == nil ? token : token?.special
    }

    /// The text of a special token by which one of added_tokens.json is known as special: transformers asks before it makes
    /// tokens of the objects of tokenizer_config.json.
    func nameInOlderFiles(_ part: String) -> String? {
        guard let value = named?.root[part + "_token"] else { return settings?.root[part + "_token"]?.string }
        return StatedToken(value)?.content
    }

    /// The members of tokenizer_config.json, and those of special_tokens_map.json where that counts.
    var members: (settings: [JSONValue.Member], named: [JSONValue.Member]) {
        (settings?.root.members ?? [], named?.root.members ?? [])
    }

    private static func file(_ path: String) throws(TokenizerError) -> TokenizerFile? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return TokenizerFile(try Tokenizer.format { () throws(FormatError) in try JSONDocument(contentsOf: path) })
    }

    /// What they say of tokens around texts and the tokenizer does not do: its tokenizer.json decides, as in
    /// transformers 5.
    /// - Parameter unfollowed: the class that would make the tokenizer anew in a way that is not followed
    func remarks(_ parts: TokenizerParts, unfollowed: String?) -> [String] {
        let sides = parts.surrounds
        let unfollowed = unfollowed.map {
            [
                say(
                    """
                    \($0), the class of this tokenizer, makes parts of it anew in transformers 5, which is not \
                    followed
                    """)
            ]
        }
        let rules = [("add_bos_token", sides.before, true), ("add_eos_token", sides.after, false)]
        return (unfollowed ?? [])
            + rules.compactMap { key, puts, isBefore in
                guard let says = settings?.root[key]?.bool, says != puts else { return nil }
                return say("\(key) = \(says) of tokenizer_config.json is not followed: \(Self.what(puts, isBefore))")
            }
    }

    private static func what(_ puts: Bool, _ isBefore: Bool) -> String {
        switch (puts, isBefore) {
        case (true, true): say("tokenizer.json puts a token before a text")
        case (true, false): say("tokenizer.json puts a token after a text")
        case (false, true): say("tokenizer.json puts no token before a text")
        case (false, false): say("tokenizer.json puts no token after a text")
        }
    }

    /// The tokens that the files list as added, in the order of their ids, and what a token that is named has as its
    /// properties.
    /// - Parameter isSpecial: whether older files name a token as special
    func listed(
        _ file: TokenizerFile, isSpecial: (String) -> Bool
    ) throws(TokenizerError) -> (tokens: [StatedToken], byContent: [[UInt8]: StatedToken]) {
        var listed: [TokenizerFile.ListedToken]
        if listsAddedTokens {
            listed = try settings?.addedTokensDecoder() ?? []
        } else {
            listed = added?.addedTokenIDs(special: isSpecial) ?? []
            listed += try file.addedTokens()
        }
        var places: [Int: StatedToken] = [:]
        var contents: [[UInt8]: StatedToken] = [:]
        for entry in listed {
            places[entry.id] = entry.token
            contents[Array(entry.token.content.utf8)] = entry.token
        }
        return (places.sorted { $0.key < $1.key }.map(\.value), contents)
    }
}

extension PostProcessorStep {
    /// Whether all tokens that it puts around a text are there.
    fileprivate func isWithin(_ vocabulary: Vocabulary) -> Bool {
        guard case .surround(let before, let after) = self else { return true }
        return (before + after).allSatisfy { vocabulary[Int($0)] != nil }
    }
}

extension TokenizerFile {
    /// What the tokenizer works with, after the settings beside the file and the class that they or the model name.
    func parts(_ settings: TokenizerSettings) throws(TokenizerError) -> TokenizerParts {
        let tokenizerClass = TokenizerClass(settings, isByteLevel: isByteLevel)
        let rebuilt = try rebuilt(by: tokenizerClass)
        var parts = try rebuilt.partsBeforeFinishing()
        let specials = SpecialTokens(settings, tokenizerClass, padding: padding)
        let listed = try settings.listed(self) { specials.namesInOlderFiles($0) }
        parts.add(
            specials.additions(
                listed.tokens, byContent: listed.byContent, known: parts.addedTokens.map(\.content)))
        if let after = tokenizerClass?.postProcessor({ [parts] in parts.id(of: $0) }) {
            guard after.allSatisfy({ $0.isWithin(parts.vocabulary) }) else {
                throw invalid(
                    "post_processor", say("the settings name no token for the ends of texts, nor is there one"))
            }
            parts.postProcessor = after
        } else {
            parts.postProcessor = try rebuilt.postProcessor(parts.vocabulary)
        }
        parts.remarks = settings.remarks(
            parts, unfollowed: TokenizerClass.unfollowed(settings, isByteLevel: isByteLevel))
        return parts
    }
}

extension TokenizerParts {
    /// Whether special tokens are put before a text, and after it.
    fileprivate var surrounds: (before: Bool, after: Bool) {
        postProcessor.reduce(into: (false, false)) { result, step in
            guard case .surround(let before, let after) = step else { return }
            result = (result.0 || !before.isEmpty, result.1 || !after.isEmpty)
        }
    }
}
