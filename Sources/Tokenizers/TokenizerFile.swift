import Formats

/// The parts of a tokenizer.json, read into what the tokenizer works with. Parts that byte-level BPE does not have
/// are errors that name them: a tokenizer that is nearly right would show wrong tokens.
struct TokenizerFile {
    private let root: JSONValue
    private let source: String

    init(_ document: JSONDocument) {
        root = document.root
        source = document.source
    }

    // MARK: Added tokens

    func addedTokens(into vocabulary: inout Vocabulary) throws(TokenizerError) -> [AddedToken] {
        guard let list = present(root["added_tokens"]) else { return [] }
        guard let values = list.array else { throw invalid("added_tokens", "is no list") }
        var tokens: [AddedToken] = []
        for value in values {
            guard let content = value["content"]?.string, let id = value["id"]?.integer, isID(id) else {
                throw invalid("added_tokens", "entry \(tokens.count) has no content or no possible id")
            }
            let isSpecial = value["special"]?.bool ?? false
            vocabulary.set(id, content)
            if isSpecial { vocabulary.markSpecial(Int32(id)) }
            tokens.append(
                AddedToken(
                    id: Int32(id), content: content, isSpecial: isSpecial,
                    isSingleWord: value["single_word"]?.bool ?? false, stripsLeft: value["lstrip"]?.bool ?? false,
                    stripsRight: value["rstrip"]?.bool ?? false, isNormalized: value["normalized"]?.bool ?? !isSpecial))
        }
        return tokens
    }

    // MARK: Normalizer, decoder

    /// Whether the text is brought into Unicode's form C.
    func composes() throws(TokenizerError) -> Bool {
        var result = false
        for part in try parts(root["normalizer"], "normalizer", list: "normalizers") {
            guard part["type"]?.string == "NFC" else { throw unsupported("normalizer", part) }
            result = true
        }
        return result
    }

    func checkDecoder() throws(TokenizerError) {
        for part in try parts(root["decoder"], "decoder", list: "decoders") where part["type"]?.string != "ByteLevel" {
            throw unsupported("decoder", part)
        }
    }

    // MARK: Pre-tokenizer

    private static let gpt2Pattern =
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    func preTokenizer() throws(TokenizerError) -> [PreTokenizerStep] {
        var steps: [PreTokenizerStep] = []
        var isByteLevel = false
        for part in try parts(root["pre_tokenizer"], "pre_tokenizer", list: "pretokenizers") {
            // After it the library's text consists of the byte alphabet's letters.
            if isByteLevel { throw unsupported("pre_tokenizer after ByteLevel:", part) }
            switch part["type"]?.string {
            case "ByteLevel":
                isByteLevel = true
                if part["add_prefix_space"]?.bool ?? true { steps.append(.prefixSpace) }
                if part["use_regex"]?.bool ?? true {
                    steps.append(.split(try rule(Self.gpt2Pattern, .isolated)))
                }
            case "Split": steps.append(.split(try splitRule(part)))
            case "Digits":
                let isIndividual = part["individual_digits"]?.bool ?? false
                steps.append(.split(try rule(#"\p{N}"#, isIndividual ? .isolated : .contiguous)))
            default: throw unsupported("pre_tokenizer", part)
            }
        }
        guard isByteLevel else {
            throw .unsupported(file: source, component: "a pre_tokenizer without ByteLevel")
        }
        return steps
    }

    private func splitRule(_ part: JSONValue) throws(TokenizerError) -> SplitRule {
        guard let behavior = part["behavior"]?.string.flatMap(SplitRule.Behavior.init(rawValue:)) else {
            throw invalid("pre_tokenizer Split", "has no known behavior")
        }
        let isInverted = part["invert"]?.bool ?? false
        if let pattern = part["pattern"]?["Regex"]?.string { return try rule(pattern, behavior, isInverted) }
        guard let literal = part["pattern"]?["String"]?.string else {
            throw invalid("pre_tokenizer Split", "has no pattern")
        }
        return try rule(Self.escaped(literal), behavior, isInverted)
    }

    private func rule(
        _ pattern: String, _ behavior: SplitRule.Behavior, _ isInverted: Bool = false
    ) throws(TokenizerError) -> SplitRule {
        SplitRule(pattern: try Pattern(pattern, file: source), behavior: behavior, isInverted: isInverted)
    }

    /// A pattern that matches just that text.
    private static func escaped(_ literal: String) -> String {
        var pattern = String.UnicodeScalarView()
        for scalar in literal.unicodeScalars {
            if scalar.isASCII, !scalar.properties.isAlphabetic, !("0"..."9").contains(scalar) { pattern.append("\\") }
            pattern.append(scalar)
        }
        return String(pattern)
    }

    // MARK: Post-processor

    func postProcessor(_ vocabulary: Vocabulary) throws(TokenizerError) -> [PostProcessorStep] {
        var steps: [PostProcessorStep] = []
        for part in try parts(root["post_processor"], "post_processor", list: "processors") {
            switch part["type"]?.string {
            case "ByteLevel":
                if part["trim_offsets"]?.bool ?? true { steps.append(trim(part)) }
            case "RobertaProcessing":
                if part["trim_offsets"]?.bool ?? true { steps.append(trim(part)) }
                steps.append(try surround(part, vocabulary))
            case "BertProcessing": steps.append(try surround(part, vocabulary))
            case "TemplateProcessing": steps.append(try template(part, vocabulary))
            default: throw unsupported("post_processor", part)
            }
        }
        return steps
    }

    private func trim(_ part: JSONValue) -> PostProcessorStep {
        .trimOffsets(addsPrefixSpace: part["add_prefix_space"]?.bool ?? true)
    }

    private func surround(_ part: JSONValue, _ vocabulary: Vocabulary) throws(TokenizerError) -> PostProcessorStep {
        .surround(
            before: [try special(part["cls"]?.array?.last, vocabulary)],
            after: [try special(part["sep"]?.array?.last, vocabulary)])
    }

    private func template(_ part: JSONValue, _ vocabulary: Vocabulary) throws(TokenizerError) -> PostProcessorStep {
        var sides: [[Int32]] = [[]]
        for item in part["single"]?.array ?? [] {
            if item["Sequence"]?["id"]?.string == "A" {
                sides.append([])
            } else if let name = item["SpecialToken"]?["id"]?.string {
                guard let ids = part["special_tokens"]?[name]?["ids"]?.array else {
                    throw invalid("post_processor TemplateProcessing", "token \(name.debugDescription) has no ids")
                }
                for id in ids { sides[sides.count - 1].append(try special(id, vocabulary)) }
            }
        }
        guard sides.count == 2 else {
            throw invalid("post_processor TemplateProcessing", "the text does not stand once in the template")
        }
        return .surround(before: sides[0], after: sides[1])
    }

    private func special(_ value: JSONValue?, _ vocabulary: Vocabulary) throws(TokenizerError) -> Int32 {
        guard let id = value?.integer, vocabulary[id] != nil else {
            throw invalid("post_processor", "names a token that the vocabulary does not have")
        }
        return Int32(id)
    }

    // MARK: Reading

    /// The component's parts: none where it is null, those of a Sequence, flattened, or itself.
    private func parts(
        _ value: JSONValue?, _ component: String, list: String
    ) throws(TokenizerError) -> [JSONValue] {
        guard let value = present(value) else { return [] }
        guard value["type"]?.string == "Sequence" else { return [value] }
        guard let items = value[list]?.array else { throw invalid("\(component) Sequence", "has no \(list)") }
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
        let type = part["type"]?.string ?? "without a type"
        return .unsupported(file: source, component: "\(component) \(String(type.prefix(60)))")
    }

    var modelValue: JSONValue? { root["model"] }
}
