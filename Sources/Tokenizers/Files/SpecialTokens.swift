import RopewalkFormats

/// The special tokens of a tokenizer as its settings and its class name them, and how they come to be among its added
/// tokens, step by step as in transformers 5.23: of two that have one content the last counts, and with it whether
/// the token takes the space beside it.
struct SpecialTokens {
    private typealias Named = (key: String, token: StatedToken)

    private static let parts = ["bos", "eos", "unk", "sep", "pad", "cls", "mask"]

    private let tokenizerClass: TokenizerClass?
    private let settings: TokenizerSettings
    /// Those with a part of their own in the order in which they are added; the text of `key` is unique.
    private var named: [Named] = []
    /// Those without a part of their own.
    private var extras: [StatedToken] = []

    /// - Parameter padding: the token with which the tokenizer.json fills up texts
    init(_ settings: TokenizerSettings, _ tokenizerClass: TokenizerClass?, padding: String?) {
        self.settings = settings
        self.tokenizerClass = tokenizerClass
        for part in Self.parts { set(part + "_token", standard(part, padding)) }
        let lists = SpecialTokenLists(settings, tokenizerClass)
        for (key, token) in lists.named { set(key, token) }
        extras = lists.extras
    }

    private mutating func set(_ key: String, _ token: StatedToken?) {
        guard let token else { return }
        if let place = named.firstIndex(where: { $0.key == key }) {
            named[place].token = token
        } else {
            named.append((key, token))
        }
    }

    private func standard(_ part: String, _ padding: String?) -> StatedToken? {
        if settings.special(part) != nil { return settings.specialToken(part) }
        if let name = tokenizerClass?.standardName(part) { return StatedToken(content: name, isText: true) }
        let takesPadding = part == "pad" && tokenizerClass.map { $0.kind == .llama } ?? true
        return takesPadding ? padding.map { StatedToken(content: $0, isText: true) } : nil
    }

    /// Whether older folders would call a token of added_tokens.json special.
    func namesInOlderFiles(_ content: String) -> Bool {
        let names = Self.parts.compactMap(settings.nameInOlderFiles)
        return (names + extras.map(\.content)).contains { $0.utf8.elementsEqual(content.utf8) }
    }

    /// What is added, in its order.
    /// - Parameters:
    ///   - listed: the added tokens that the files list
    ///   - byContent: their properties
    ///   - known: tokens that are added already
    func additions(
        _ listed: [StatedToken], byContent: [[UInt8]: StatedToken], known: [String]
    ) -> [AddedToken] {
        let named = named.map { entry in (entry.key, resolved(entry.key, entry.token, byContent)) }
        let names = Set(named.map { Array($0.1.content.utf8) })
        let contents = Set((known + listed.map(\.content)).map { Array($0.utf8) })
        var tokens = listed
        for token in named.map(\.1) + extras where !contents.contains(Array(token.content.utf8)) {
            if !tokens.contains(where: { $0.isSame(as: token) }) { tokens.append(token) }
        }
        let first = tokens.map { token in names.contains(Array(token.content.utf8)) ? token.special.added : token.added
        }
        return first + (tokenizerClass?.again(named.map(\.1), extras).map(\.added) ?? [])
    }

    /// A token of the seven parts that the settings name has the properties of the list; a class may make one of a text.
    private func resolved(_ key: String, _ token: StatedToken, _ listed: [[UInt8]: StatedToken]) -> StatedToken {
        let part = Self.parts.first { $0 + "_token" == key }
        guard let part else { return token }
        let isStated = settings.special(part) != nil
        if isStated, let other = listed[Array(token.content.utf8)] { return other }
        guard token.isText, let tokenizerClass, tokenizerClass.spellsOut(part) else { return token }
        return StatedToken(content: token.content, stripsLeft: part == "mask")
    }
}

extension StatedToken {
    /// The same as one that is named as special.
    var special: StatedToken {
        var token = self
        token.isSpecial = true
        return token
    }
}

extension TokenizerClass {
    /// Whether the class gives properties to a special token that is a text: the one that hides a word takes the space
    /// before it then.
    fileprivate func spellsOut(_ part: String) -> Bool {
        kind == .mpnet || kind == .bigBird || (kind == .mbart && part == "mask")
    }

    /// What the class adds once more when all tokens are there.
    fileprivate func again(_ named: [StatedToken], _ extras: [StatedToken]) -> [StatedToken] {
        switch kind {
        case .qwen2: (named + extras).map { StatedToken(content: $0.content, isText: true) }
        case .cohere: (named + extras).map(\.special)
        default: []
        }
    }
}
