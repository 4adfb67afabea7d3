import RopewalkFormats
import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// A family of models: what its configuration says, and how its weights become an architecture.
protocol Family: Sendable {
    /// The names in `model_type`.
    static var types: [String] { get }
    /// What is known of the keys of a configuration with that `model_type`.
    static func keys(_ type: String) -> ConfigurationKeys
    init(_ configuration: Configuration) throws(ModelError)
    var traits: ModelTraits { get }
    /// Reads the weights; names and shapes are those of Hugging Face's files.
    func load(_ weights: Weights) throws(ModelError) -> Architecture
}

extension Family {
    static func keys(_ type: String) -> ConfigurationKeys { ConfigurationKeys() }
}

enum Families {
    /// A new family is a file of its own and a line here.
    static let all: [any Family.Type] = [
        Llama.self, Mistral.self, Mixtral.self, Qwen.self, Gemma.self, Phi3.self, GPTNeoX.self, GPT2.self, Bloom.self,
        MPT.self, BERT.self, LongformerEncoder.self, BigBirdEncoder.self, BART.self, T5.self, GemmaFirst.self,
        OLMo.self, OLMo2.self, Granite.self, StarCoder2.self, StableLM.self, Phi.self, OPT.self, GPTJ.self,
        Falcon.self, SmolLM3.self, Cohere.self, GLM4.self, EXAONE4.self, Nemotron.self,
        QwenMoE.self, GraniteMoE.self, GPTOSS.self, RoBERTa.self, DistilBERT.self, ELECTRA.self, ModernBERT.self,
        Llama4.self, DeepSeek.self, Gemma3n.self, Mamba.self, Mamba2.self, Bamba.self, RWKV.self, Reformer.self,
        XLNet.self,
    ]

    static var types: [String] { all.flatMap { $0.types } }

    /// Models of text and images, whose text part is read, and the type of that where the file does not say.
    static let textTypes = ["gemma3": "gemma3_text", "gemma3n": "gemma3n_text", "llama4": "llama4_text"]

    /// Families that are known and not read, with the reason.
    private static func obstacle(to type: String) -> String? {
        switch type {
        case "transfo-xl":
            say(
                """
                transfo-xl is not read: its embeddings and its softmax are cut by how frequent words are, and transformers \
                no longer has the family; xlnet has the same positions
                """)
        default: nil
        }
    }

    static func family(_ configuration: Configuration) throws(ModelError) -> any Family {
        if let obstacle = obstacle(to: try configuration.string("model_type") ?? "") {
            throw configuration.problem("model_type", obstacle)
        }
        try configuration.refuse([:])
        let configuration = try configuration.textPart(textTypes)
        let type = try configuration.string("model_type") ?? "llama"
        guard let family = all.first(where: { $0.types.contains(type) }) else {
            throw .family(file: configuration.file, name: type, known: types)
        }
        let keys = family.keys(type)
        try configuration.refuse(keys.neutral.merging(ConfigurationKeys.commonNeutral) { own, _ in own })
        return try family.init(configuration.with(keys))
    }

    /// What is known of the keys of a family; nothing for an unknown one.
    static func keys(_ type: String) -> ConfigurationKeys {
        let type = textTypes[type] ?? type
        return all.first { $0.types.contains(type) }?.keys(type) ?? ConfigurationKeys()
    }
}
