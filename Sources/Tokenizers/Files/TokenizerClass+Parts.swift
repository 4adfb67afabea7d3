import RopewalkFormats
import RopewalkPhrases

extension TokenizerClass {
    private static let mark: JSONValue = "\u{2581}"

    /// The tokenizer.json as the class would write it; what it does around a text follows when all tokens are known.
    /// - Parameter model: what the file has: "BPE", "WordPiece" or "Unigram"
    func rebuilding(_ root: JSONValue, model: String?, source: String) throws(TokenizerError) -> JSONValue {
        guard model == kind.model else {
            throw .invalid(
                file: source, component: say("model \(model ?? say("without a type"))"),
                problem:
                    say(
                        """
                        \(kind.rawValue), the class of this model's tokenizers, makes a \(kind.model) of it, \
                        which is not followed: name PreTrainedTokenizerFast as tokenizer_class in \
                        tokenizer_config.json to take the file as it is
                        """))
        }
        var root = root
        // They are added with those of the settings, in the order of their ids.
        root = root.replacing("added_tokens", by: .array([]))
        if hasOwnPostProcessor { root = root.replacing("post_processor", by: .null) }
        for (name, part) in try parts(root) { root = root.replacing(name, by: part) }
        guard let whole = root["model"] else { return root }
        return root.replacing("model", by: modelMembers(whole).reduce(whole) { $0.replacing($1.key, by: $1.value) })
    }

    private func parts(_ root: JSONValue) throws(TokenizerError) -> KeyValuePairs<String, JSONValue> {
        let adds = flag(
            "add_prefix_space", default: ![.cohere, .gpt2, .codegen, .roberta, .gptNeoX, .qwen2].contains(kind))
        let letters: JSONValue = ["type": "ByteLevel", "add_prefix_space": .bool(adds), "trim_offsets": true]
        let decoder: JSONValue = ["type": "ByteLevel"]
        let composed: JSONValue = ["type": "NFC"]
        switch kind {
        case .gpt2, .codegen, .roberta: return ["normalizer": .null, "pre_tokenizer": letters, "decoder": decoder]
        case .gptNeoX: return ["normalizer": composed, "pre_tokenizer": letters, "decoder": decoder]
        case .cohere:
            let digits: JSONValue = ["type": "Digits", "individual_digits": true]
            return ["normalizer": composed, "pre_tokenizer": Self.sequence(digits, letters), "decoder": decoder]
        case .qwen2:
            let words: JSONValue = [
                "type": "Split", "pattern": ["Regex": .string(Self.qwenWords)], "behavior": "Isolated", "invert": false,
            ]
            let plain = letters.replacing("use_regex", by: false)
            return ["normalizer": composed, "pre_tokenizer": Self.sequence(words, plain), "decoder": decoder]
        case .bert, .mpnet:
            return [
                "normalizer": bertNormalizer, "pre_tokenizer": ["type": "BertPreTokenizer"],
                "decoder": ["type": "WordPiece", "prefix": "##", "cleanup": true],
            ]
        case .llama: return llama(adds: adds)
        case .gemma:
            return [
                "normalizer": ["type": "Replace", "pattern": ["String": " "], "content": Self.mark],
                "pre_tokenizer": [
                    "type": "Split", "pattern": ["String": " "], "behavior": "MergedWithPrevious", "invert": false,
                ], "decoder": ["type": "Sequence", "decoders": .array(Self.markDecoders)],
            ]
        case .xlmRoberta, .mbart, .t5, .bigBird, .pegasus: return pieces(root, adds: adds)
        }
    }

    private static func sequence(_ parts: JSONValue...) -> JSONValue {
        ["type": "Sequence", "pretokenizers": .array(parts)]
    }

    private static let qwenWords =
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

    private static let markDecoders: [JSONValue] = [
        ["type": "Replace", "pattern": ["String": mark], "content": " "], ["type": "ByteFallback"], ["type": "Fuse"],
    ]

    private var bertNormalizer: JSONValue {
        [
            "type": "BertNormalizer", "clean_text": true, "lowercase": .bool(flag("do_lower_case", default: true)),
            "handle_chinese_chars": .bool(flag("tokenize_chinese_chars", default: true)),
            // Null stands for what lower case asks for.
            "strip_accents": settings.stated("strip_accents") ?? .null,
        ]
    }

    /// Spaces become marks before the words are cut, and one more stands before the text where the settings say so.
    private func llama(adds: Bool) -> KeyValuePairs<String, JSONValue> {
        let scheme: JSONValue = adds ? flag("legacy", default: false) ? "always" : "first" : "never"
        let strip: JSONValue = ["type": "Strip", "content": " ", "start": 1, "stop": 0]
        return [
            "normalizer": .null,
            "pre_tokenizer": [
                "type": "Metaspace", "replacement": Self.mark, "split": false, "prepend_scheme": scheme,
            ], "decoder": ["type": "Sequence", "decoders": .array(Self.markDecoders + (adds ? [strip] : []))],
        ]
    }

    /// Those of the Unigram models.
    private func pieces(_ root: JSONValue, adds: Bool) -> KeyValuePairs<String, JSONValue> {
        let prefixes = kind == .xlmRoberta || kind == .bigBird ? adds : true
        let metaspace: JSONValue = [
            "type": "Metaspace", "replacement": Self.mark, "split": true,
            "prepend_scheme": prefixes ? "always" : "never",
        ]
        let map = root["normalizer"]?.first(ofType: "Precompiled")
        func replace(_ pattern: String, by content: JSONValue) -> JSONValue {
            ["type": "Replace", "pattern": ["Regex": .string(pattern)], "content": content]
        }
        let normalizers: [JSONValue] =
            switch kind {
            case .bigBird: [replace(" {2,}", by: Self.mark)]
            case .pegasus: [map ?? replace("\n", by: " "), replace(" {2,}", by: " ")]
            case .mbart: []
            default: map.map { [$0] } ?? []
            }
        let cuts =
            [.bigBird, .pegasus].contains(kind)
            ? metaspace : Self.sequence(["type": "WhitespaceSplit"], metaspace)
        return [
            "normalizer": ["type": "Sequence", "normalizers": .array(normalizers)], "pre_tokenizer": cuts,
            "decoder": metaspace,
        ]
    }

    // MARK: The model

    private func modelMembers(_ model: JSONValue) -> [(key: String, value: JSONValue)] {
        switch kind.model {
        case "WordPiece":
            return [
                ("unk_token", name("unk").map { .string($0) } ?? .null), ("continuing_subword_prefix", "##"),
                ("max_input_chars_per_word", 100),
            ]
        case "Unigram": return [("unk_id", unknown(model)), ("byte_fallback", false)]
        default:
            let isWhole = kind == .llama || kind == .gemma
            return [
                ("unk_token", kind == .gemma ? name("unk").map { .string($0) } ?? .null : .null),
                ("continuing_subword_prefix", ""), ("end_of_word_suffix", ""), ("fuse_unk", .bool(isWhole)),
                ("byte_fallback", .bool(isWhole)), ("ignore_merges", false),
            ]
        }
    }

    /// The place of what is unknown, which some classes take for given.
    private func unknown(_ model: JSONValue) -> JSONValue {
        switch kind {
        case .t5: return 2
        case .bigBird, .pegasus:
            let pieces = model["vocab"]?.array ?? []
            let place = pieces.firstIndex { $0.array?.first?.string == name("unk") && $0.array?.last?.number == 0 }
            return place.map { .integer($0) } ?? (kind == .bigBird ? 100 : model["unk_id"] ?? .null)
        default: return 3
        }
    }

    // MARK: Around a text

    private var hasOwnPostProcessor: Bool { ![.gpt2, .codegen, .cohere, .qwen2, .llama, .gemma].contains(kind) }

    /// What is done when a text's tokens are there; nil where it stays as the tokenizer.json has it.
    func postProcessor(_ id: (String) -> Int32?) -> [PostProcessorStep]? {
        func ids(_ names: String?...) -> [Int32] { names.compactMap { $0.flatMap(id) } }
        /// - Parameter standard: the ids where the settings name no such tokens
        func around(_ standard: (Int32, Int32)) -> PostProcessorStep {
            let before = name("cls").map { ids($0) } ?? [standard.0]
            return .surround(before: before, after: name("sep").map { ids($0) } ?? [standard.1])
        }
        switch kind {
        case .gpt2, .codegen, .cohere, .qwen2, .llama, .gemma: return nil
        case .gptNeoX: return []
        case .roberta, .mpnet:
            let around = around((0, 2))
            guard kind == .mpnet || flag("trim_offsets", default: true) else { return [around] }
            let adds = kind == .roberta && flag("add_prefix_space", default: false)
            return [.trimOffsets(addsPrefixSpace: adds), around]
        case .bert, .bigBird: return [around((2, 3))]
        case .xlmRoberta: return [.surround(before: ids(name("bos")), after: ids(name("eos")))]
        case .mbart:
            let language = settings.stated("src_lang")?.string ?? "en_XX"
            let known = id(language) == nil ? name("unk") : language
            return [.surround(before: [], after: ids(name("eos"), known))]
        case .t5, .pegasus: return [.surround(before: [], after: ids(name("eos")))]
        }
    }
}

extension JSONValue {
    /// The same object with another value of a member.
    fileprivate func replacing(_ key: String, by value: JSONValue) -> JSONValue {
        guard let members else { return self }
        return .object(members.filter { $0.key != key } + [Member(key: key, value: value)])
    }

    /// The first part of a type, in it or in a sequence.
    fileprivate func first(ofType type: String) -> JSONValue? {
        if self["type"]?.string == type { return self }
        for value in array ?? members?.map(\.value) ?? [] {
            if let found = value.first(ofType: type) { return found }
        }
        return nil
    }
}
