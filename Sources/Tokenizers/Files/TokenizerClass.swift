import RopewalkFormats

/// What the class of a tokenizer makes anew from tokenizer_config.json, whatever the tokenizer.json beside it says.
///
/// Classes as transformers 5 has them. What the file leaves out the class takes for granted, even where the tokenizer.json
/// says otherwise: a cased BERT whose settings say nothing of case is read in lower case.
struct TokenizerClass {
    private enum Kind { case byteLevel, wordPiece, llama, metaspace }

    private static let kinds: [String: Kind] = [
        "GPT2Tokenizer": .byteLevel, "RobertaTokenizer": .byteLevel, "BartTokenizer": .byteLevel,
        "LongformerTokenizer": .byteLevel, "GPTNeoXTokenizer": .byteLevel, "CodeGenTokenizer": .byteLevel,
        "CohereTokenizer": .byteLevel, "Qwen2Tokenizer": .byteLevel, "BertTokenizer": .wordPiece,
        "DistilBertTokenizer": .wordPiece, "ElectraTokenizer": .wordPiece, "MPNetTokenizer": .wordPiece,
        "LlamaTokenizer": .llama, "XLMRobertaTokenizer": .metaspace,
    ]
    /// Of models whose tokenizer_config.json names no class.
    private static let classes = [
        "gpt2": "GPT2Tokenizer", "roberta": "RobertaTokenizer", "bart": "BartTokenizer", "bert": "BertTokenizer",
        "distilbert": "DistilBertTokenizer", "electra": "ElectraTokenizer",
    ]

    /// Whose classes are not followed, whatever the settings name.
    private static let exceptions: Set = [
        "mistral", "mixtral", "ministral", "phi3", "stablelm", "granite", "modernbert",
    ]

    private let kind: Kind
    private let settings: JSONValue

    /// Nil for a class that takes the tokenizer.json as it is.
    init?(settings: JSONValue, modelType: String?) {
        let given = settings["tokenizer_class"]?.string ?? modelType.flatMap { Self.classes[$0] } ?? ""
        let name = given.hasSuffix("Fast") ? String(given.dropLast(4)) : given
        guard let kind = Self.kinds[name], !Self.exceptions.contains(modelType ?? "") else { return nil }
        self.kind = kind
        self.settings = settings
    }

    /// The tokenizer.json as the class would write it.
    func rebuilding(_ root: JSONValue) -> JSONValue {
        switch kind {
        case .byteLevel: byteLevel(root)
        case .wordPiece: wordPiece(root)
        case .llama: llama(root)
        case .metaspace: metaspace(root)
        }
    }

    private func stated(_ key: String, default standard: JSONValue? = nil) -> JSONValue? {
        settings[key].map { $0.bool == nil ? nil : $0 } ?? standard
    }

    private func byteLevel(_ root: JSONValue) -> JSONValue {
        var root = root
        if let adds = stated("add_prefix_space", default: false) {
            root = root.setting("add_prefix_space", of: "ByteLevel", in: "pre_tokenizer", to: adds)
                .setting("add_prefix_space", of: "RobertaProcessing", in: "post_processor", to: adds)
        }
        guard let trims = stated("trim_offsets", default: true) else { return root }
        return root.setting("trim_offsets", of: "RobertaProcessing", in: "post_processor", to: trims)
    }

    private func wordPiece(_ root: JSONValue) -> JSONValue {
        func set(_ key: String, _ value: JSONValue?, _ root: JSONValue) -> JSONValue {
            value.map { root.setting(key, of: "BertNormalizer", in: "normalizer", to: $0) } ?? root
        }
        let lowers = stated("do_lower_case", default: true)
        // Null stands for what lower case asks for.
        let strips = stated("strip_accents") ?? lowers.map { _ in .null }
        let root = set("lowercase", lowers, set("strip_accents", strips, root))
        return set("handle_chinese_chars", stated("tokenize_chinese_chars", default: true), root)
    }

    /// Spaces become marks before the words are cut, and one more stands before the text where the settings say so.
    private func llama(_ root: JSONValue) -> JSONValue {
        guard let adds = stated("add_prefix_space", default: true)?.bool, !root.has("ByteLevel", in: "pre_tokenizer")
        else {
            return root
        }
        let everywhere = stated("legacy")?.bool ?? false
        let mark: JSONValue = "\u{2581}"
        var decoders: [JSONValue] = [
            ["type": "Replace", "pattern": ["String": mark], "content": " "], ["type": "ByteFallback"],
            ["type": "Fuse"],
        ]
        if adds { decoders.append(["type": "Strip", "content": " ", "start": 1, "stop": 0]) }
        return root.replacing("normalizer", by: .null)
            .replacing(
                "pre_tokenizer",
                by: [
                    "type": "Metaspace", "replacement": mark, "split": false,
                    "prepend_scheme": adds ? everywhere ? "always" : "first" : "never",
                ]
            )
            .replacing("decoder", by: ["type": "Sequence", "decoders": .array(decoders)])
    }

    private func metaspace(_ root: JSONValue) -> JSONValue {
        guard let adds = stated("add_prefix_space", default: true)?.bool else { return root }
        let scheme: JSONValue = adds ? "always" : "never"
        return ["pre_tokenizer", "decoder"].reduce(root) { root, part in
            root.setting("prepend_scheme", of: "Metaspace", in: part, to: scheme)
        }
    }
}

extension JSONValue {
    /// The same object with another value of a member.
    fileprivate func replacing(_ key: String, by value: JSONValue) -> JSONValue {
        guard let members else { return self }
        return .object(members.filter { $0.key != key } + [Member(key: key, value: value)])
    }

    /// The same with another member of all parts of a type.
    fileprivate func setting(_ key: String, of type: String, in component: String, to value: JSONValue) -> JSONValue {
        guard let part = self[component] else { return self }
        return replacing(component, by: part.settingMember(key, of: type, to: value))
    }

    private func settingMember(_ key: String, of type: String, to value: JSONValue) -> JSONValue {
        switch self {
        case .array(let values): .array(values.map { $0.settingMember(key, of: type, to: value) })
        case .object where self["type"]?.string == type: replacing(key, by: value)
        case .object(let members):
            .object(members.map { Member(key: $0.key, value: $0.value.settingMember(key, of: type, to: value)) })
        default: self
        }
    }

    /// Whether a component has a part of that type.
    fileprivate func has(_ type: String, in component: String) -> Bool { self[component]?.holds(type) ?? false }

    private func holds(_ type: String) -> Bool {
        if self["type"]?.string == type { return true }
        return array?.contains { $0.holds(type) } ?? members?.contains { $0.value.holds(type) } ?? false
    }
}
