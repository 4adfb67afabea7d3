import Foundation
import RopewalkFormats

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
        className = name.map { $0.hasSuffix("Fast") ? String($0.dropLast(4)) : $0 }
    }

    /// What the settings say of something and is not null.
    func stated(_ key: String) -> JSONValue? { settings?.root[key].flatMap { $0.isNull ? nil : $0 } }

    /// What they say of a special token, such as "cls", null or not.
    func special(_ part: String) -> JSONValue? {
        named?.root[part + "_token"] ?? settings?.root[part + "_token"]
    }

    /// Special tokens without a part of their own.
    var additional: [JSONValue] {
        let keys = ["extra_special_tokens", "additional_special_tokens"]
        let lists = [named, settings].flatMap { file in keys.compactMap { file?.root[$0]?.array } }
        return lists.first { !$0.isEmpty } ?? []
    }

    private static func file(_ path: String) throws(TokenizerError) -> TokenizerFile? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return TokenizerFile(try Tokenizer.format { () throws(FormatError) in try JSONDocument(contentsOf: path) })
    }

    /// What they say of tokens around texts and the tokenizer does not do: its tokenizer.json decides, as in
    /// transformers 5.
    func remarks(_ parts: TokenizerParts) -> [String] {
        let sides = parts.surrounds
        let unfollowed = TokenizerClass.unfollowed(className).map {
            ["\($0), the class of this tokenizer, makes parts of it anew in transformers 5, which is not followed"]
        }
        let rules = [("add_bos_token", sides.before, "before"), ("add_eos_token", sides.after, "after")]
        return (unfollowed ?? [])
            + rules.compactMap { key, puts, place in
                guard let says = settings?.root[key]?.bool, says != puts else { return nil }
                return "\(key) = \(says) of tokenizer_config.json is not followed: tokenizer.json puts "
                    + "\(puts ? "a token" : "no token") \(place) a text"
            }
    }

    /// Tokens that are added to those of the tokenizer.json, in their order; a token that is there already gets these
    /// properties.
    func tokens(_ tokenizerClass: TokenizerClass?) throws(TokenizerError) -> [AddedToken] {
        let specials = specials(tokenizerClass)
        let contents = Set(specials.map(\.content))
        var listed = try settings?.addedTokensDecoder() ?? []
        if listed.isEmpty, let members = added?.root.members {
            listed = members.compactMap { member in
                guard let id = member.value.integer, (0..<Vocabulary.idLimit).contains(id) else { return nil }
                let isSpecial = contents.contains(member.key)
                return AddedToken(
                    id: Int32(id), content: member.key, isSpecial: isSpecial, isNormalized: !isSpecial)
            }
        }
        return listed.sorted { $0.id < $1.id } + specials
    }

    /// The special tokens that have a part of their own, as the one that begins a text, and those without; what the
    /// settings leave out as the class calls it.
    private func specials(_ tokenizerClass: TokenizerClass?) -> [AddedToken] {
        let parts = ["bos", "eos", "unk", "sep", "pad", "cls", "mask"]
        let named = parts.map { part in special(part) ?? tokenizerClass?.standardName(part).map { .string($0) } }
        let masksStrip = tokenizerClass?.masksStrip ?? false
        let rest = additional.isEmpty ? (tokenizerClass?.extras ?? []).map { .string($0) } : additional
        var tokens: [AddedToken] = []
        for (value, strips) in zip(named, parts).map({ ($0, masksStrip && $1 == "mask") }) + rest.map({ ($0, false) }) {
            guard let token = Self.token(value, stripsLeft: strips) else { continue }
            // Of those that are named twice the last counts.
            if let place = tokens.firstIndex(where: { $0.content.utf8.elementsEqual(token.content.utf8) }) {
                tokens[place] = token
            } else {
                tokens.append(token)
            }
        }
        return tokens
    }

    /// - Parameter stripsLeft: what holds where nothing but the content is given
    private static func token(_ value: JSONValue?, stripsLeft: Bool) -> AddedToken? {
        guard let content = value?.string ?? value?["content"]?.string, !content.isEmpty else { return nil }
        return AddedToken(
            id: -1, content: content, isSpecial: true, isSingleWord: value?["single_word"]?.bool ?? false,
            stripsLeft: value?["lstrip"]?.bool ?? (stripsLeft && value?.string != nil),
            stripsRight: value?["rstrip"]?.bool ?? false, isNormalized: value?["normalized"]?.bool ?? false)
    }
}

extension TokenizerParts {
    /// The same with what the settings add.
    func adding(
        _ settings: TokenizerSettings, _ tokenizerClass: TokenizerClass?
    ) throws(TokenizerError) -> TokenizerParts {
        var parts = self
        for token in try settings.tokens(tokenizerClass) { parts.add(token) }
        let after = tokenizerClass?.postProcessor { [parts] name in parts.id(of: name) }
        if let after { parts.postProcessor = after }
        parts.remarks = settings.remarks(parts)
        return parts
    }

    private func id(of token: String) -> Int32? {
        addedTokens.first { $0.content.utf8.elementsEqual(token.utf8) }?.id
            ?? vocabulary.tokens.firstIndex { $0?.utf8.elementsEqual(token.utf8) ?? false }.map { Int32($0) }
    }

    /// A token that no id is known for comes after all others, whatever id the settings name, as in the library.
    private mutating func add(_ token: AddedToken) {
        if let place = addedTokens.firstIndex(where: { $0.content.utf8.elementsEqual(token.content.utf8) }) {
            // Those that are only named say nothing of their properties.
            guard token.id >= 0 else { return }
            addedTokens[place] = token.with(id: addedTokens[place].id)
            return
        }
        let known = vocabulary.tokens.firstIndex { $0?.utf8.elementsEqual(token.content.utf8) ?? false }
        let id = known ?? vocabulary.tokens.count
        guard id < Vocabulary.idLimit else { return }
        vocabulary.set(id, token.content)
        if token.isSpecial { vocabulary.markSpecial(Int32(id)) }
        addedTokens.append(token.with(id: Int32(id)))
    }

    /// Whether special tokens are put before a text, and after it.
    fileprivate var surrounds: (before: Bool, after: Bool) {
        postProcessor.reduce(into: (false, false)) { result, step in
            guard case .surround(let before, let after) = step else { return }
            result = (result.0 || !before.isEmpty, result.1 || !after.isEmpty)
        }
    }
}

extension AddedToken {
    /// The same token under another id.
    func with(id: Int32) -> AddedToken {
        AddedToken(
            id: id, content: content, isSpecial: isSpecial, isSingleWord: isSingleWord, stripsLeft: stripsLeft,
            stripsRight: stripsRight, isNormalized: isNormalized, isInNormalForm: isInNormalForm)
    }
}
