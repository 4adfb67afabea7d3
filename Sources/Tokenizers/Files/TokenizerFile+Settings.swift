import Foundation
import RopewalkFormats

/// What lies beside a tokenizer.json and says more than it: tokenizer_config.json, and added_tokens.json in older folders.
struct TokenizerSettings {
    private let settings: TokenizerFile?
    private let added: TokenizerFile?
    /// What makes parts of the tokenizer anew; nil where the tokenizer.json decides.
    let rebuilder: TokenizerClass?

    init(beside path: String) throws(TokenizerError) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        settings = try Self.file(folder + "/tokenizer_config.json")
        added = try Self.file(folder + "/added_tokens.json")
        // Whatever else is wrong with the configuration, it is not the tokenizer's.
        let model = try? JSONDocument(contentsOf: folder + "/config.json").root["model_type"]?.string
        rebuilder = settings.flatMap { TokenizerClass(settings: $0.root, modelType: model) }
    }

    init(settings: TokenizerFile?) {
        self.settings = settings
        added = nil
        rebuilder = nil
    }

    private static func file(_ path: String) throws(TokenizerError) -> TokenizerFile? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return TokenizerFile(try Tokenizer.format { () throws(FormatError) in try JSONDocument(contentsOf: path) })
    }

    /// What they say of tokens around texts and the tokenizer does not do: its tokenizer.json decides, as in
    /// transformers 5.
    func remarks(_ parts: TokenizerParts) -> [String] {
        let sides = parts.surrounds
        let rules = [("add_bos_token", sides.before, "before"), ("add_eos_token", sides.after, "after")]
        return rules.compactMap { key, puts, place in
            guard let says = settings?.root[key]?.bool, says != puts else { return nil }
            return "\(key) = \(says) of tokenizer_config.json is not followed: tokenizer.json puts "
                + "\(puts ? "a token" : "no token") \(place) a text"
        }
    }

    /// Tokens that are added to those of the tokenizer.json, in their order; a token that is there already gets these
    /// properties.
    func tokens() throws(TokenizerError) -> [AddedToken] {
        let named = named
        let specials = Set(named.map(\.content))
        var listed = try settings?.addedTokensDecoder() ?? []
        if listed.isEmpty, let members = added?.root.members {
            listed = members.compactMap { member in
                guard let id = member.value.integer, (0..<Vocabulary.idLimit).contains(id) else { return nil }
                let isSpecial = specials.contains(member.key)
                return AddedToken(
                    id: Int32(id), content: member.key, isSpecial: isSpecial, isNormalized: !isSpecial)
            }
        }
        return listed.sorted { $0.id < $1.id } + named
    }

    /// The special tokens that have a part of their own, as the one that begins a text.
    private var named: [AddedToken] {
        guard let root = settings?.root else { return [] }
        var values = ["bos", "eos", "unk", "sep", "pad", "cls", "mask"].map { root[$0 + "_token"] }
        values += root["additional_special_tokens"]?.array ?? root["extra_special_tokens"]?.array ?? []
        return values.compactMap { value in
            guard let content = value?.string ?? value?["content"]?.string, !content.isEmpty else { return nil }
            return AddedToken(id: -1, content: content, isSpecial: true)
        }
    }
}

extension TokenizerParts {
    /// The same with what the settings add.
    func adding(_ settings: TokenizerSettings) throws(TokenizerError) -> TokenizerParts {
        var parts = self
        for token in try settings.tokens() { parts.add(token) }
        parts.remarks = settings.remarks(parts)
        return parts
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
