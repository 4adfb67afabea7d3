import RopewalkFormats
import RopewalkTokenizers

extension GGUFFile {
    /// What the file says of its tokenizer; nil where it says nothing.
    func tokenizer() -> GGUFTokenizer? {
        func value(_ name: String) -> GGUFValue? { metadata["tokenizer.ggml." + name] }
        func strings(_ name: String) -> [String]? {
            value(name)?.array?.strings?.map { String(decoding: $0, as: UTF8.self) }
        }
        guard let model = value("model")?.string, let tokens = strings("tokens") else { return nil }
        var tokenizer = GGUFTokenizer(source: path, model: model, tokens: tokens)
        tokenizer.pre = value("pre")?.string
        tokenizer.scores = value("scores")?.array?.numbers?.map { Float($0) } ?? []
        tokenizer.tokenTypes = value("token_type")?.array?.integers ?? []
        tokenizer.merges = strings("merges") ?? []
        tokenizer.beginningID = value("bos_token_id")?.integer
        tokenizer.endID = value("eos_token_id")?.integer
        tokenizer.unknownID = value("unknown_token_id")?.integer
        tokenizer.separatorID = value("seperator_token_id")?.integer ?? value("separator_token_id")?.integer
        tokenizer.addsBeginning = value("add_bos_token")?.bool
        tokenizer.addsEnd = value("add_eos_token")?.bool
        tokenizer.addsSpacePrefix = value("add_space_prefix")?.bool
        tokenizer.removesExtraSpace = value("remove_extra_whitespaces")?.bool
        tokenizer.characterMap = value("precompiled_charsmap")?.array?.integers?.map { UInt8(truncatingIfNeeded: $0) }
        return tokenizer
    }
}
