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
        "LEDTokenizer": "RobertaTokenizer", "DistilBertTokenizer": "BertTokenizer", "ElectraTokenizer": "BertTokenizer",
        "MobileBertTokenizer": "BertTokenizer", "SqueezeBertTokenizer": "BertTokenizer",
        "LxmertTokenizer": "BertTokenizer",
    ]

    /// The classes of models.
    private static let classes: [Kind: Set<String>] = [
        .gpt2: ["gpt2", "gptj", "gpt_neo", "opt", "phi", "starcoder2", "codegen", "dbrx"],
        .roberta: ["roberta", "bart", "longformer", "data2vec-text", "ibert", "lilt", "roberta-prelayernorm"],
        .gptNeoX: ["gpt_neox", "mpt", "olmo", "olmoe", "mamba", "mamba2", "falcon_mamba", "rwkv"],
        .cohere: ["cohere", "cohere2"],
        .qwen2: ["qwen2", "qwen2_moe", "qwen3", "qwen3_moe"],
        .bert: [
            "bert", "distilbert", "electra", "ernie", "layoutlm", "megatron-bert", "nezha", "nomic_bert", "squeezebert",
            "visual_bert",
        ],
        .mpnet: ["mpnet"],
        .gemma: ["gemma", "gemma2", "gemma3", "gemma3_text", "gemma3n", "gemma3n_text"],
        .xlmRoberta: ["xlm-roberta", "gte", "jina_embeddings_v3", "xmod"],
        .mbart: ["mbart"],
        .t5: ["t5", "switch_transformers", "mt5"],
        .bigBird: ["big_bird"],
        .pegasus: ["pegasus"],
    ]
    /// Models that name no class, and whose folders must not either: their tokenizer.json is taken as it is.
    private static let plainModels: Set = [
        "mistral", "mixtral", "ministral", "ministral3", "mistral3", "phi3", "stablelm", "granite", "granitemoe",
        "modernbert", "nemotron", "olmo2", "olmo3", "glm4",
    ]
    /// Models whose class counts more than the one that the folder names.
    private static let strictModels: Set = ["qwen2"]

    /// Others that make a tokenizer anew, in ways that are not followed here.
    private static let others: Set = [
        "AlbertTokenizer", "BarthezTokenizer", "BlenderbotTokenizer", "CLIPTokenizer", "CamembertTokenizer",
        "CodeLlamaTokenizer", "DebertaTokenizer", "DebertaV2Tokenizer", "FunnelTokenizer", "HerbertTokenizer",
        "MBart50Tokenizer", "NllbTokenizer", "OpenAIGPTTokenizer", "ReformerTokenizer", "RemBertTokenizer",
        "SeamlessM4TTokenizer", "UdopTokenizer", "WhisperTokenizer", "XGLMTokenizer", "XLNetTokenizer",
    ]

    let kind: Kind
    let settings: TokenizerSettings

    /// Nil where the tokenizer.json is taken as it is.
    init?(_ settings: TokenizerSettings, isByteLevel: Bool) {
        let type = settings.modelType ?? ""
        let registered = Self.classes.first { $0.value.contains(type) }?.key
        guard !Self.plainModels.contains(type), let kind = Self.kind(settings.className, registered, type) else {
            return nil
        }
        // Folders of byte-level tokenizers name this class as well.
        if kind == .llama, isByteLevel { return nil }
        self.kind = kind
        self.settings = settings
    }

    private static func kind(_ name: String?, _ registered: Kind?, _ type: String) -> Kind? {
        guard let name, !(strictModels.contains(type) && registered != nil) else { return registered }
        return Kind(rawValue: aliases[name] ?? name)
    }

    /// The name of a class that would make the tokenizer anew in a way that is not followed.
    static func unfollowed(_ name: String?) -> String? { name.flatMap { others.contains($0) ? $0 : nil } }

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
