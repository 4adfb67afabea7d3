import RopewalkFormats
import RopewalkPhrases

/// The parts of a tokenizer.json, read into what the tokenizer works with. A part that is not known is an error that
/// names it: a tokenizer that is nearly right would show wrong tokens.
struct TokenizerFile {
    let root: JSONValue
    let source: String

    init(_ document: JSONDocument) {
        root = document.root
        source = document.source
    }

    private init(root: JSONValue, source: String) {
        self.root = root
        self.source = source
    }

    /// The same as the class of the tokenizer would write it.
    func rebuilt(by tokenizerClass: TokenizerClass?) throws(TokenizerError) -> TokenizerFile {
        guard let tokenizerClass else { return self }
        let type = root["model"].flatMap { modelType($0) }
        return TokenizerFile(
            root: try tokenizerClass.rebuilding(root, model: type, source: source), source: source)
    }

    /// Whether words are cut into bytes, as far as the parts say that transformers looks at.
    var isByteLevel: Bool {
        ["normalizer", "pre_tokenizer", "post_processor", "decoder"].contains { root[$0]?.holds("ByteLevel") ?? false }
    }

    /// The token with which texts are filled up.
    var padding: String? { root["padding"]?["pad_token"]?.string }

    func parts() throws(TokenizerError) -> TokenizerParts {
        var parts = try partsBeforeFinishing()
        parts.postProcessor = try postProcessor(parts.vocabulary)
        return parts
    }

    /// The same without what is put around a text, whose tokens the settings may add.
    func partsBeforeFinishing() throws(TokenizerError) -> TokenizerParts {
        var vocabulary = Vocabulary()
        let preTokenizer = try preTokenizer()
        let isByteLevel = preTokenizer.isByteLevel
        let model = try model(into: &vocabulary, isByteLevel: isByteLevel && !preTokenizer.writesLetters)
        let kind = isByteLevel ? "byte-level \(model.kind)" : model.kind
        var parts = TokenizerParts(
            kind: kind, vocabulary: vocabulary, model: model.model, normalizer: try normalizer(),
            preTokenizer: preTokenizer.steps, cuts: model.cuts, decoder: try decoder(),
            spelling: isByteLevel ? .byteLetters : model.spelling)
        parts.modelCount = vocabulary.tokens.count { $0 != nil }
        parts.add(try addedTokens().map(\.token.added))
        return parts
    }

    // MARK: Added tokens

    /// A token with the id that the file states; which one it gets follows from what is there (`TokenizerParts.add`).
    typealias ListedToken = (id: Int, token: StatedToken)

    /// In the file's order.
    func addedTokens() throws(TokenizerError) -> [ListedToken] {
        guard let list = present(root["added_tokens"]) else { return [] }
        guard let values = list.array else { throw invalid("added_tokens", say("is no list")) }
        var tokens: [ListedToken] = []
        for value in values {
            guard let id = value["id"]?.integer, isID(id), let token = StatedToken(listed: value) else {
                throw invalid("added_tokens", say("entry \(tokens.count) has no content or no possible id"))
            }
            tokens.append((id, token))
        }
        return tokens
    }

    /// The same in a tokenizer_config.json: an object of ids.
    func addedTokensDecoder() throws(TokenizerError) -> [ListedToken] {
        var tokens: [ListedToken] = []
        for member in present(root["added_tokens_decoder"])?.members ?? [] {
            guard let id = Int(member.key), isID(id), let token = StatedToken(listed: member.value) else {
                throw invalid(
                    "added_tokens_decoder", say("\(member.key.debugDescription) has no content or no possible id"))
            }
            tokens.append((id, token))
        }
        return tokens
    }

    /// The same in an added_tokens.json: an object of contents. What is no id is passed over.
    func addedTokenIDs(special: (String) -> Bool) -> [ListedToken] {
        (root.members ?? []).compactMap { member in
            guard let id = member.value.integer, isID(id) else { return nil }
            var token = StatedToken(content: member.key, isSpecial: special(member.key))
            // As it is known here, whatever it is made later.
            token.normalized = !token.isSpecial
            return (id, token)
        }
    }

    // MARK: Reading

    /// The component's parts: none where it is null, those of a Sequence, flattened, or itself.
    func parts(
        _ value: JSONValue?, _ component: String, list: String
    ) throws(TokenizerError) -> [JSONValue] {
        guard let value = present(value) else { return [] }
        guard value["type"]?.string == "Sequence" else { return [value] }
        guard let items = value[list]?.array else { throw invalid("\(component) Sequence", say("has no \(list)")) }
        var result: [JSONValue] = []
        for item in items { result += try parts(item, component, list: list) }
        return result
    }

    func present(_ value: JSONValue?) -> JSONValue? { value?.isNull == true ? nil : value }

    func isID(_ id: Int) -> Bool { (0..<Vocabulary.idLimit).contains(id) }

    func invalid(_ component: String, _ problem: String) -> TokenizerError {
        .invalid(file: source, component: component, problem: problem)
    }

    func unsupported(_ component: String, _ part: JSONValue) -> TokenizerError {
        let type = part["type"]?.string ?? say("without a type")
        return .unsupported(file: source, component: "\(component) \(String(type.prefix(60)))")
    }

    /// What a `Replace` or `Split` looks for.
    func pattern(_ part: JSONValue, _ component: String) throws(TokenizerError) -> TextPattern {
        if let pattern = part["pattern"]?["Regex"]?.string { return .regex(try Pattern(pattern, file: source)) }
        guard let literal = part["pattern"]?["String"]?.string else { throw invalid(component, say("has no pattern")) }
        // Nothing is found between all characters.
        return literal.isEmpty ? .regex(try Pattern("", file: source)) : .literal(Array(literal.utf8))
    }

    /// A member that must be a string; it may be left out if there is a default.
    func string(
        _ part: JSONValue, _ key: String, _ component: String, default standard: String? = nil
    ) throws(TokenizerError) -> String {
        guard let value = present(part[key]) else {
            if let standard { return standard }
            throw invalid(component, say("has no \(key)"))
        }
        guard let text = value.string else { throw invalid(component, say("\(key) is no string")) }
        return text
    }
}

extension JSONValue {
    /// Whether it is a part of that type, or one of those in it is.
    fileprivate func holds(_ type: String) -> Bool {
        if self["type"]?.string == type { return true }
        return array?.contains { $0.holds(type) } ?? members?.contains { $0.value.holds(type) } ?? false
    }
}
