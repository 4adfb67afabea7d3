import RopewalkFormats
import RopewalkPhrases
import RopewalkTokenizers

extension GGUFFile {
    /// What the file says of its tokenizer; nil where it says nothing. A value of another type than its key has would
    /// pass for one that is missing, and is an error.
    func tokenizer() throws(TokenizerError) -> GGUFTokenizer? {
        guard let model = try word("model", of: "a text", \.string) else { return nil }
        guard let tokens = try texts("tokens") else { throw missing("tokens") }
        var tokenizer = GGUFTokenizer(source: path, model: model, tokens: tokens)
        tokenizer.pre = try word("pre", of: "a text", \.string)
        tokenizer.scores = try word("scores", of: "a list of numbers") { $0.array?.numbers }?.map { Float($0) } ?? []
        if tokenizer.scores.isEmpty, ["llama", "t5"].contains(model) { throw missing("scores") }
        tokenizer.tokenTypes = try word("token_type", of: "a list of whole numbers") { $0.array?.integers } ?? []
        tokenizer.merges = try texts("merges") ?? []
        let classID = try id("cls_token_id")
        tokenizer.beginningID = try id("bos_token_id")
        // BERT begins with the token of the class, which newer files name so.
        if model == "bert", tokenizer.beginningID == nil { tokenizer.beginningID = classID }
        tokenizer.endID = try id("eos_token_id")
        tokenizer.unknownID = try id("unknown_token_id")
        let separators = try (id("seperator_token_id"), id("separator_token_id"))
        tokenizer.separatorID = separators.0 ?? separators.1
        tokenizer.addsBeginning = try flag("add_bos_token")
        tokenizer.addsEnd = try flag("add_eos_token")
        tokenizer.addsSpacePrefix = try flag("add_space_prefix")
        tokenizer.removesExtraSpace = try flag("remove_extra_whitespaces")
        tokenizer.characterMap = try word("precompiled_charsmap", of: "a list of bytes") { value in
            value.array?.integers.flatMap { list in
                list.allSatisfy { -128...255 ~= $0 } ? list.map { UInt8(truncatingIfNeeded: $0) } : nil
            }
        }
        return tokenizer
    }

    private func word<Value>(
        _ name: String, of kind: String, _ read: (GGUFValue) -> Value?
    ) throws(TokenizerError) -> Value? {
        let key = "tokenizer.ggml." + name
        guard let value = metadata[key] else { return nil }
        guard let result = read(value) else {
            throw .invalid(file: path, component: key, problem: say("must be \(kind.said)"))
        }
        return result
    }

    private func missing(_ name: String) -> TokenizerError {
        .invalid(file: path, component: "tokenizer.ggml." + name, problem: say("is missing"))
    }

    private func id(_ name: String) throws(TokenizerError) -> Int? {
        try word(name, of: "the id of a token", \.integer)
    }

    private func flag(_ name: String) throws(TokenizerError) -> Bool? { try word(name, of: "true or false", \.bool) }

    private func texts(_ name: String) throws(TokenizerError) -> [String]? {
        try word(name, of: "a list of texts") { $0.array?.strings }?.map { String(decoding: $0, as: UTF8.self) }
    }
}
