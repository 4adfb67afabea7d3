import RopewalkPhrases

/// The metadata of a GGUF file that describe its tokenizer; each member is named after its key.
package struct GGUFTokenizer: Sendable {
    /// What a token is for (`tokenizer.ggml.token_type`).
    package enum TokenType: Int, Sendable {
        case normal = 1
        case unknown = 2
        case control = 3
        case userDefined = 4
        case unused = 5
        case byte = 6
    }

    /// Names the file in errors.
    package var source: String
    /// `tokenizer.ggml.model`: "gpt2", "llama", "bert" or "t5".
    package var model: String
    /// `tokenizer.ggml.pre`: which patterns cut a text into words; only "gpt2" has it.
    package var pre: String?
    /// [id].
    package var tokens: [String]
    /// [id]; empty where the file has none.
    package var scores: [Float] = []
    /// [id], as numbers of `TokenType`; empty where the file has none.
    package var tokenTypes: [Int] = []
    /// Pairs of tokens with a space between, the first to be merged first.
    package var merges: [String] = []
    package var beginningID: Int?
    package var endID: Int?
    package var unknownID: Int?
    package var separatorID: Int?
    /// Whether tokens are put around a text; nil where the file does not say.
    package var addsBeginning: Bool?
    package var addsEnd: Bool?
    package var addsSpacePrefix: Bool?
    package var removesExtraSpace: Bool?
    /// `tokenizer.ggml.precompiled_charsmap`.
    package var characterMap: [UInt8]?

    package init(source: String, model: String, tokens: [String]) {
        self.source = source
        self.model = model
        self.tokens = tokens
    }
}

extension Tokenizer {
    /// The tokenizer that a GGUF file describes. A kind or a name of patterns that is not known is an error naming it.
    package init(gguf: GGUFTokenizer) throws(TokenizerError) { try self.init(gguf.parts()) }
}

extension GGUFTokenizer {
    func parts() throws(TokenizerError) -> TokenizerParts {
        guard tokens.count <= Vocabulary.idLimit, !tokens.isEmpty else {
            throw invalid("tokens", say("are none or too many"))
        }
        guard scores.isEmpty || scores.count == tokens.count else {
            throw invalid("scores", say("are \(scores.count) for \(tokens.count) tokens"))
        }
        guard tokenTypes.isEmpty || tokenTypes.count == tokens.count else {
            throw invalid("token_type", say("has \(tokenTypes.count) entries for \(tokens.count) tokens"))
        }
        switch model {
        case "gpt2": return try bytePairs()
        case "llama": return try sentencePieces(isUnigram: false).parts()
        case "t5": return try sentencePieces(isUnigram: true).parts()
        case "bert": return try wordPieces()
        default:
            throw .unsupported(
                file: source, component: "tokenizer.ggml.model \(String(model.prefix(60)).debugDescription)")
        }
    }

    private func type(_ id: Int) throws(TokenizerError) -> TokenType {
        guard tokenTypes.indices.contains(id) else { return .normal }
        guard let type = TokenType(rawValue: tokenTypes[id]) else {
            throw invalid("token_type", say("of token \(id) is \(tokenTypes[id])"))
        }
        return type
    }

    private func special(_ id: Int?, _ isAdded: Bool) throws(TokenizerError) -> [Int32] {
        guard isAdded, let id else { return [] }
        guard tokens.indices.contains(id) else { throw invalid("tokens", say("have no id \(id)")) }
        return [Int32(id)]
    }

    /// Refuses tokens around a text that the file asks for, or its kind, and does not have.
    private func checkEnds(begins: Bool, ends: Bool) throws(TokenizerError) {
        if beginningID == nil, addsBeginning ?? begins {
            throw invalid("bos_token_id", say("is missing, and texts begin with that token"))
        }
        let end = model == "bert" ? separatorID ?? endID : endID
        if end == nil, addsEnd ?? ends {
            throw invalid("eos_token_id", say("is missing, and texts end with that token"))
        }
        if let unknownID, !tokens.indices.contains(unknownID) {
            throw invalid("unknown_token_id", say("\(unknownID) is none of the \(tokens.count) tokens"))
        }
    }

    private func surround(begins: Bool, ends: Bool) throws(TokenizerError) -> [PostProcessorStep] {
        try checkEnds(begins: begins, ends: ends)
        let before = try special(beginningID, addsBeginning ?? begins)
        let after = try special(model == "bert" ? separatorID ?? endID : endID, addsEnd ?? ends)
        return before.isEmpty && after.isEmpty ? [] : [.surround(before: before, after: after)]
    }

    /// The tokens with their ids, and those among them that are looked for in the text as it stands.
    private func vocabulary() throws(TokenizerError) -> (vocabulary: Vocabulary, added: [AddedToken]) {
        var vocabulary = Vocabulary()
        var added: [AddedToken] = []
        for (id, token) in tokens.enumerated() {
            vocabulary.set(id, token)
            let type = try type(id)
            let isSpecial = type == .control || type == .unknown
            if isSpecial { vocabulary.markSpecial(Int32(id)) }
            if isSpecial || type == .userDefined {
                added.append(AddedToken(id: Int32(id), content: token, isSpecial: isSpecial))
            }
        }
        return (vocabulary, added)
    }

    // MARK: Kinds

    private func bytePairs() throws(TokenizerError) -> TokenizerParts {
        guard let named = WordPatterns.named(pre ?? "default") else {
            throw .unsupported(
                file: source, component: "tokenizer.ggml.pre \(String((pre ?? "").prefix(60)).debugDescription)")
        }
        let (vocabulary, added) = try vocabulary()
        let pairs = PairVocabulary(tokens.enumerated().map { (Array($1.utf8), Int32($0)) })
        if merges.isEmpty, tokens.contains(where: { $0.unicodeScalars.count > 1 && !$0.hasPrefix("<") }) {
            throw invalid("merges", say("are missing: tokens of several bytes are made of them"))
        }
        let table: MergeTable
        do {
            table = try pairs.merges(merges.lazy.map { MergeTable.pair(Array($0.utf8)) }).table
        } catch {
            throw invalid("merges", say("entry \(error.entry) \(error.problem)"))
        }
        var steps: [PreTokenizerStep] = []
        for text in named.patterns {
            steps.append(.split(SplitRule(pattern: .regex(try Pattern(text, file: source)), behavior: .isolated)))
        }
        return TokenizerParts(
            kind: "byte-level BPE", vocabulary: vocabulary,
            model: .bytePairs(pairs.byteModel(table, takesWholeWords: named.takesWholeWords)), addedTokens: added,
            normalizer: named.composes ? [.unicode(.canonicalComposition)] : [], preTokenizer: steps,
            postProcessor: try surround(begins: named.begins, ends: false), decoder: [.byteLevel],
            spelling: .byteLetters)
    }

    private func sentencePieces(isUnigram: Bool) throws(TokenizerError) -> SentencePieces {
        var result = SentencePieces(source: source)
        result.isUnigram = isUnigram
        for (id, token) in tokens.enumerated() {
            var type = try type(id)
            if tokenTypes.isEmpty, DecoderStep.byte(of: token) != nil { type = .byte }
            if id == unknownID { type = .unknown }
            let score = scores.isEmpty ? -Float(id) : scores[id]
            guard let kind = SentencePieces.Kind(rawValue: type.rawValue) else { continue }
            result.pieces.append(.init(text: token, score: score, kind: kind))
        }
        result.normalizer.addsPrefix = addsSpacePrefix ?? true
        result.normalizer.removesExtraSpace = removesExtraSpace ?? isUnigram
        if let characterMap, !characterMap.isEmpty {
            guard let map = CharacterMap(characterMap) else { throw invalid("precompiled_charsmap", say("is damaged")) }
            result.normalizer.map = map
        }
        try checkEnds(begins: !isUnigram, ends: isUnigram)
        result.before = try special(beginningID, addsBeginning ?? !isUnigram)
        result.after = try special(endID, addsEnd ?? isUnigram)
        return result
    }

    /// The file writes a mark before the tokens that begin a word, and nothing before those inside of words.
    private func wordPieces() throws(TokenizerError) -> TokenizerParts {
        let (vocabulary, added) = try vocabulary()
        let mark = SentencePieceNormalizer.mark
        guard let unknown = unknownID ?? tokens.firstIndex(of: "[UNK]"), tokens.indices.contains(unknown) else {
            throw invalid("tokens", say("have none for what is unknown"))
        }
        var trie = ByteTrie()
        // Inside of words the trie begins behind a byte that no text has.
        let inside: [UInt8] = [0xFF]
        for (id, token) in tokens.enumerated() where try type(id) == .normal {
            let bytes = Array(token.utf8)
            trie.insert(bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : inside + bytes, Int32(id))
        }
        return TokenizerParts(
            kind: "WordPiece", vocabulary: vocabulary,
            model: .wordPiece(
                WordPieceModel(
                    trie: trie, continuation: trie.node(of: inside), unknown: Int32(unknown), longestWord: 100)),
            addedTokens: added,
            normalizer: [
                .cleanControls, .surroundIdeographs, .unicode(.canonicalDecomposition), .remove(.nonspacingMark),
                .lowercase,
            ],
            preTokenizer: [
                .split(SplitRule(pattern: .characters(.space), behavior: .removed)),
                .split(SplitRule(pattern: .characters(.punctuation), behavior: .isolated)),
            ],
            postProcessor: try surround(begins: true, ends: true),
            decoder: [.fuse, .replace(.literal(mark), by: [0x20]), .strip(" ", start: 1, stop: 0)],
            spelling: .marked(mark))
    }

    private func invalid(_ key: String, _ problem: String) -> TokenizerError {
        .invalid(file: source, component: "tokenizer.ggml.\(key)", problem: problem)
    }
}
