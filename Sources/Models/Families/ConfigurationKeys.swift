import RopewalkFormats
import RopewalkPhrases

/// What a family knows of the keys of its configuration, beside what it reads by itself.
struct ConfigurationKeys: Sendable {
    /// What holds where a file lacks a key: the defaults of transformers' configuration class. Null for no value.
    var defaults: [String: JSONValue] = [:]
    /// Second names of keys, by the first (`attribute_map` of the class).
    var otherNames: [String: String] = [:]
    /// Keys that change nothing in what is computed here.
    var ignored: Set<String> = []
    /// Keys that would change what is computed in a way that is not supported, with the value at which they do not.
    var neutral: [String: JSONValue] = [:]

    /// Whether a key can be passed over without a word.
    /// - Parameter key: with the names of the objects that it lies in
    func ignores(_ key: String) -> Bool {
        let key = key.hasPrefix(Configuration.textPath) ? String(key.dropFirst(Configuration.textPath.count)) : key
        let name = key.split(separator: ".").last.map(String.init) ?? key
        return defaults[key] != nil || ignored.contains(key) || Self.common.contains(name)
            || Self.training.contains { name.hasSuffix($0) }
    }

    /// Ends of keys that matter only while a model is trained.
    private static let training = ["dropout", "dropout_prob", "pdrop", "layerdrop", "dropout_rate", "_loss_coef"]

    /// Of all families: what describes the file, the training, the generation of text and the classes of a classifier.
    private static let common: Set<String> = [
        "_attn_implementation_autoset", "_commit_hash", "_from_model_config", "_name_or_path", "architectures",
        "attn_implementation", "auto_map", "bad_words_ids", "begin_suppress_tokens", "bos_token_id",
        "cache_implementation", "chunk_size_feed_forward", "decoder_start_token_id", "directionality",
        "diversity_penalty", "do_sample", "dtype", "early_stopping", "encoder_no_repeat_ngram_size", "eos_token_id",
        "exponential_decay_length_penalty", "extrapolation_factor", "finetuned", "finetuning_task",
        "forced_bos_token_id", "forced_eos_token_id", "gradient_checkpointing", "id2label", "init_std",
        "initializer_factor", "initializer_range", "is_decoder", "is_encoder_decoder", "label2id", "length_penalty",
        "max_length", "min_length", "mlm_probability", "model_type", "no_repeat_ngram_size", "num_beam_groups",
        "num_beams", "num_labels", "num_return_sequences", "output_attentions", "output_hidden_states",
        "output_past", "output_router_logits", "output_scores", "pad_token_id", "prefix", "pretraining_tp",
        "problem_type", "remove_invalid_values", "repetition_penalty", "return_dict", "return_dict_in_generate",
        "router_jitter_noise", "sep_token_id", "suppress_tokens", "task_specific_params", "temperature",
        "tf_legacy_loss", "tokenizer_class", "top_k", "top_p", "torch_dtype", "torchscript",
        "transformers.js_config", "transformers_version", "typical_p", "unsloth_fixed", "unsloth_version",
        "use_bfloat16", "use_cache", "use_flash_attn",
    ]

    /// Of all families.
    static let commonNeutral: [String: JSONValue] = ["pruned_heads": [:], "per_layer_config": .null]
}

extension Configuration {
    /// Refuses what is known to change the result and is not supported.
    func refuse(_ neutral: [String: JSONValue]) throws(ModelError) {
        for (key, value) in neutral.sorted(by: { $0.key < $1.key }) {
            note(key)
            guard let found = root[key], !found.isNull, !found.means(value) else { continue }
            let only = value.isNull ? say("leave it out") : say("only \(value.summary) is")
            throw problem(key, say("\(found.summary) changes what the model computes and is not supported; \(only)"))
        }
        try refuseQuantization()
    }

    /// Refuses ways of quantising that are not read, and says what those that are leave aside.
    private func refuseQuantization() throws(ModelError) {
        note("quantization_config")
        note("quantization")
        guard let quantisation = try Quantisation(root, file: file) else { return }
        if let remark = quantisation.remark { log.remark(remark) }
    }

    /// Keys with their values that nothing has asked for and that are not known to change nothing.
    func unread(_ keys: ConfigurationKeys) -> [String] { unread(root, path: "", keys) }

    private func unread(_ object: JSONValue, path: String, _ keys: ConfigurationKeys) -> [String] {
        var result: [String] = []
        var seen: Set<String> = []
        for member in object.members ?? [] {
            let key = path + member.key
            guard seen.insert(key).inserted, !member.value.isEmpty else { continue }
            if log.looksInto(key) {
                result += unread(member.value, path: key + ".", keys)
            } else if !log.contains(key), !keys.ignores(key) {
                result.append("\(key) = \(member.value.summary)")
            }
        }
        return result
    }
}

extension JSONValue {
    /// Whether it says nothing.
    fileprivate var isEmpty: Bool {
        isNull || string?.isEmpty == true || array?.isEmpty == true || members?.isEmpty == true
    }

    /// Equal, whole numbers and others compared as numbers.
    fileprivate func means(_ other: JSONValue) -> Bool {
        if let number, let otherNumber = other.number { return number == otherNumber }
        return self == other
    }
}
