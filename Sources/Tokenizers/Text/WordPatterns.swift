/// Published patterns that cut a text into words.
enum WordPatterns {
    static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    /// What a `tokenizer.ggml.pre` stands for.
    struct Named {
        /// One after the other, each within the words of the one before.
        var patterns: [String]
        /// Whether words that are tokens as they stand are not made of merges.
        var takesWholeWords = false
        /// Whether the models' texts are in Unicode's form C, which GGUF does not say.
        var composes = false
        /// Whether a text begins with a token where the file does not say.
        var begins = false
    }

    private static let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
    private static let ending = #"\s*[\r\n]+|\s+(?!\S)|\s+"#
    private static let punctuation = #" ?[^\s\p{L}\p{N}]+[\r\n]*|"#
    private static let cased =
        #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+C|"#
        + #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*C|"#

    private static func letters(digits: String) -> String {
        contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|"# + digits + "|" + punctuation + ending
    }

    private static func casedLetters(contractions: String, digits: String) -> String {
        cased.split(separator: "C", omittingEmptySubsequences: false).joined(separator: contractions) + digits
            + #"| ?[^\s\p{L}\p{N}]+[\r\n/]*|"# + ending
    }

    private static let chinese = #"[\x{4E00}-\x{9FA5}\x{0800}-\x{4E00}\x{AC00}-\x{D7FF}]+"#

    /// Nil where the name is not known.
    static func named(_ name: String) -> Named? {
        switch name {
        case "default":
            Named(patterns: [#"[\p{P}\$\+<=>\^~\|]+"#, gpt2, #"\p{N}+"#, "[0-9][0-9][0-9]"])
        case "gpt-2", "phi-2", "mpt", "olmo", "jais", "jina-es", "jina-de", "jina-v1-en", "jina-v2-es", "jina-v2-de",
            "jina-v2-code", "roberta-bpe", "gigachat":
            Named(patterns: [gpt2])
        case "starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b":
            Named(patterns: [#"\p{N}"#, gpt2])
        case "llama3", "llama-v3", "llama-bpe", "falcon3", "pixtral":
            Named(patterns: [letters(digits: #"\p{N}{1,3}"#)], takesWholeWords: true, begins: true)
        case "dbrx", "smaug-bpe", "glm4", "chatglm-bpe": Named(patterns: [letters(digits: #"\p{N}{1,3}"#)])
        case "qwen2", "deepseek-r1-qwen", "megrez": Named(patterns: [letters(digits: #"\p{N}"#)], composes: true)
        case "stablelm2": Named(patterns: [letters(digits: #"\p{N}"#)])
        case "gpt-4o", "o200k", "llama4":
            Named(patterns: [casedLetters(contractions: contractions + "?", digits: #"\p{N}{1,3}"#)])
        case "tekken":
            Named(
                patterns: [casedLetters(contractions: "", digits: #"\p{N}"#)], takesWholeWords: true, begins: true)
        case "falcon": Named(patterns: [#"[\p{P}\$\+<=>\^~\|`]+"#, gpt2, "[0-9][0-9][0-9]"])
        case "deepseek-llm":
            Named(patterns: [
                "[\r\n]", #"\s?[\p{Lu}\p{Ll}\p{Lt}]+"#, #"\s?[!-/:-~！-／：-～‘-‟\x{3000}-。]+"#, #"\s+$"#, chinese,
                #"\p{N}+"#,
            ])
        case "deepseek-coder":
            Named(patterns: ["[\r\n]", #"\s?\p{L}+"#, #"\s?\p{P}+"#, chinese, #"\p{N}"#])
        case "deepseek-v3":
            Named(patterns: [
                #"\p{N}{1,3}"#, #"[\x{4E00}-\x{9FA5}\x{3040}-\x{309F}\x{30A0}-\x{30FF}]+"#,
                ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+|"##
                    + #" ?[\p{P}\p{S}]+[\r\n]*|"# + ending,
            ])
        case "bloom", "poro-chat", "gpt3-finnish": Named(patterns: [bloom])
        case "viking": Named(patterns: [bloom, #"\p{N}"#])
        default: nil
        }
    }

    private static let bloom = #" ?[^(\s|.,!?…。，、।۔،)]+"#
}
