import RopewalkFormats

/// The class of transformers 5.23 that makes a tokenizer anew: of a tokenizer.json it takes the vocabulary, the merges and
/// the added tokens, and writes the other parts itself, with what tokenizer_config.json says and its own defaults.
///
/// So a cased BERT whose settings say nothing of case is read in lower case, whatever its tokenizer.json says.
struct TokenizerClass {
    /// Named after what the classes are called; those that are called otherwise too are aliases.
    enum Kind: String {
        case gpt2 = "GPT2Tokenizer"
        case codegen = "CodeGenTokenizer"
        case roberta = "RobertaTokenizer"
        case gptNeoX = "GPTNeoXTokenizer"
        case cohere = "CohereTokenizer"
        case qwen2 = "Qwen2Tokenizer"
        case bert = "BertTokenizer"
        case mpnet = "MPNetTokenizer"
        case llama = "LlamaTokenizer"
        case gemma = "GemmaTokenizer"
        case xlmRoberta = "XLMRobertaTokenizer"
        case mbart = "MBartTokenizer"
        case t5 = "T5Tokenizer"
        case bigBird = "BigBirdTokenizer"
        case pegasus = "PegasusTokenizer"

        /// The kind of model that it makes.
        var model: String {
            switch self {
            case .gpt2, .codegen, .roberta, .gptNeoX, .cohere, .qwen2, .llama, .gemma: "BPE"
            case .bert, .mpnet: "WordPiece"
            case .xlmRoberta, .mbart, .t5, .bigBird, .pegasus: "Unigram"
            }
        }
    }

    private static let aliases = [
        "BartTokenizer": "RobertaTokenizer", "LongformerTokenizer": "RobertaTokenizer",
        "LEDTokenizer": "RobertaTokenizer", "MvpTokenizer": "RobertaTokenizer", "DistilBertTokenizer": "BertTokenizer",
        "ElectraTokenizer": "BertTokenizer", "LayoutLMTokenizer": "BertTokenizer",
        "MobileBertTokenizer": "BertTokenizer", "SqueezeBertTokenizer": "BertTokenizer",
        "LxmertTokenizer": "BertTokenizer",
    ]

    let kind: Kind
    let settings: TokenizerSettings

    /// Nil where the tokenizer.json is taken as it is.
    init?(_ settings: TokenizerSettings, isByteLevel: Bool) {
        let name = Self.name(settings, isByteLevel: isByteLevel)
        guard let kind = name.flatMap({ Kind(rawValue: Self.aliases[$0] ?? $0) }) else { return nil }
        self.kind = kind
        self.settings = settings
    }

    /// The class that the folder or its model asks for; nil where that is none.
    private static func name(_ settings: TokenizerSettings, isByteLevel: Bool) -> String? {
        let type = settings.modelType ?? ""
        let registered = models[type]
        if settings.hasOwnCode { return settings.className ?? registered }
        if plainModels.contains(type) { return nil }
        guard let name = settings.className, !strictModels.contains(type) else { return registered }
        // Folders of byte-level tokenizers name this class as well.
        return name == "LlamaTokenizer" && isByteLevel ? nil : name
    }

    /// The name of a class that would make the tokenizer anew in a way that is not followed.
    static func unfollowed(_ settings: TokenizerSettings, isByteLevel: Bool) -> String? {
        name(settings, isByteLevel: isByteLevel).flatMap { others.contains($0) ? $0 : nil }
    }

    /// The name of a class that gives the pieces of a SentencePiece model other ids than the model, or puts other tokens
    /// around a text: the model alone says neither.
    static func renumbering(_ settings: TokenizerSettings) -> String? {
        guard let name = name(settings, isByteLevel: false) else { return nil }
        let own: Set<Kind> = [.xlmRoberta, .mbart, .pegasus, .bigBird]
        let isOwn = Kind(rawValue: name).map(own.contains) ?? (others.contains(name) && name != "CodeLlamaTokenizer")
        return isOwn ? name : nil
    }

    // MARK: Settings

    /// A member of the settings that is not null, or what the class takes for granted.
    func flag(_ key: String, default standard: Bool) -> Bool { settings.stated(key)?.bool ?? standard }

    /// The text of a special token, such as "cls"; nil where the settings say null.
    func name(_ part: String) -> String? {
        guard let value = settings.special(part) else { return standardName(part) }
        return value.string ?? value["content"]?.string
    }

    func standardName(_ part: String) -> String? { Self.names[kind]?[part] }

    /// What the classes call special tokens where the settings do not.
    private static let names: [Kind: [String: String]] = [
        .gpt2: endOfText, .codegen: endOfText, .gptNeoX: endOfText.merging(["pad": "<|padding|>"]) { $1 },
        .qwen2: ["unk": "<|endoftext|>", "eos": "<|endoftext|>", "pad": "<|endoftext|>"],
        .roberta: fairseq, .xlmRoberta: fairseq, .mbart: fairseq, .mpnet: fairseq.merging(["unk": "[UNK]"]) { $1 },
        .bert: ["unk": "[UNK]", "sep": "[SEP]", "pad": "[PAD]", "cls": "[CLS]", "mask": "[MASK]"],
        .bigBird: [
            "bos": "<s>", "eos": "</s>", "unk": "<unk>", "pad": "<pad>", "sep": "[SEP]", "mask": "[MASK]",
            "cls": "[CLS]",
        ],
        .llama: ["unk": "<unk>", "bos": "<s>", "eos": "</s>"],
        .gemma: ["unk": "<unk>", "bos": "<bos>", "eos": "<eos>", "pad": "<pad>", "mask": "<mask>"],
        .cohere: [
            "unk": "<UNK>", "bos": "<BOS_TOKEN>", "eos": "<|END_OF_TURN_TOKEN|>", "pad": "<PAD>", "cls": "<CLS>",
            "sep": "<SEP>", "mask": "<MASK_TOKEN>",
        ],
        .t5: ["unk": "<unk>", "eos": "</s>", "pad": "<pad>"],
        .pegasus: ["unk": "<unk>", "eos": "</s>", "pad": "<pad>", "mask": "<mask_2>"],
    ]
    private static let endOfText = ["unk": "<|endoftext|>", "bos": "<|endoftext|>", "eos": "<|endoftext|>"]
    private static let fairseq = [
        "bos": "<s>", "eos": "</s>", "unk": "<unk>", "sep": "</s>", "pad": "<pad>", "cls": "<s>", "mask": "<mask>",
    ]
}
