import RopewalkFormats

/// Special tokens beyond the seven that every tokenizer may have: those that a model's files name with keys of their
/// own, and those of a list.
struct SpecialTokenLists {
    private(set) var named: [(key: String, token: StatedToken)] = []
    private(set) var extras: [StatedToken] = []

    init(_ settings: TokenizerSettings, _ tokenizerClass: TokenizerClass?) {
        let members = settings.members
        var extra = settings.config("extra_special_tokens")
        var additional = settings.config("additional_special_tokens")
        // An empty list takes the place of what a class adds, too.
        if let list = additional, extra?.isEmpty ?? true { (extra, additional) = (list, nil) }
        var explicit = members.settings.filter { Self.isNamed($0) && $0.value.string != nil }
        if let object = extra?.members {
            explicit += object
            extra = nil
        }
        if explicit.isEmpty { explicit = settings.config("model_specific_special_tokens")?.members ?? [] }
        var fromMap: [StatedToken] = []
        for member in members.named {
            switch (member.key, member.value) {
            case ("additional_special_tokens", _): additional = member.value
            case ("extra_special_tokens", .array(let values)):
                fromMap = values.compactMap { StatedToken($0)?.special }
                extra = extra ?? .array([])
            case ("extra_special_tokens", .object(let object)):
                explicit += object
                extra = nil
            default: break
            }
        }
        let own = members.settings.filter { Self.isNamed($0) && $0.value["__type"] != nil }
        named = own.compactMap(Self.named) + members.named.filter(Self.isNamed).compactMap(Self.namedAsSpecial)
        named += explicit.compactMap(Self.named)
        let others = Self.tokens(additional, [])
        extras = Self.tokens(extra, fromMap) ?? tokenizerClass?.extras(others) ?? others ?? []
    }

    private static func named(_ member: JSONValue.Member) -> (key: String, token: StatedToken)? {
        StatedToken(member.value).map { (member.key, $0) }
    }

    private static func namedAsSpecial(_ member: JSONValue.Member) -> (key: String, token: StatedToken)? {
        named(member).map { ($0.key, $0.token.special) }
    }

    /// Nil where nothing is said.
    private static func tokens(_ list: JSONValue?, _ more: [StatedToken]) -> [StatedToken]? {
        guard let list else { return nil }
        // Objects that do not say what they are come from older folders.
        var tokens = (list.array ?? []).compactMap { value in
            let token = StatedToken(value)
            return value["__type"] == nil ? token?.special : token
        }
        for token in more where !tokens.contains(where: { $0.isSame(as: token) }) { tokens.append(token) }
        return tokens
    }

    private static let parts: Set = [
        "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
    ]

    private static func isNamed(_ member: JSONValue.Member) -> Bool {
        member.key.hasSuffix("_token") && !parts.contains(member.key)
    }
}

extension JSONValue {
    fileprivate var isEmpty: Bool { isNull || array?.isEmpty ?? members?.isEmpty ?? false }
}
