import RopewalkFormats
import RopewalkPhrases

extension TokenizerFile {
    /// A model with what else its kind decides.
    struct Model {
        var kind: String
        var model: TokenModel
        var cuts = WordCuts.none
        var spelling = TokenSpelling.marked(SentencePieceNormalizer.mark)
    }

    func model(into vocabulary: inout Vocabulary, isByteLevel: Bool) throws(TokenizerError) -> Model {
        guard let model = present(root["model"]) else { throw invalid("model", say("is missing")) }
        switch modelType(model) {
        case "BPE": return try pairs(model, words(model, into: &vocabulary), isByteLevel)
        case "WordPiece" where !isByteLevel: return try wordPiece(model, words(model, into: &vocabulary))
        case "Unigram" where !isByteLevel: return try unigram(model, into: &vocabulary)
        case "WordPiece", "Unigram": throw invalid("pre_tokenizer", say("ByteLevel is not supported with this model"))
        default: throw unsupported("model", model)
        }
    }

    /// Old files leave the type out; then the members tell.
    func modelType(_ model: JSONValue) -> String? {
        if let type = model["type"]?.string { return type }
        if model["merges"] != nil { return "BPE" }
        if model["vocab"]?.array != nil { return "Unigram" }
        return model["max_input_chars_per_word"] == nil ? nil : "WordPiece"
    }

    /// The vocabulary as it is in the file, for a look at every token.
    private typealias Words = [(token: [UInt8], id: Int32)]

    private func words(_ model: JSONValue, into vocabulary: inout Vocabulary) throws(TokenizerError) -> Words {
        guard let members = model["vocab"]?.members else { throw invalid("model", say("vocab is no object")) }
        var words: Words = []
        words.reserveCapacity(members.count)
        for member in members {
            guard let id = member.value.integer, isID(id) else {
                throw invalid("model vocab", say("\(member.key.debugDescription) has no possible id"))
            }
            words.append((Array(member.key.utf8), Int32(id)))
            vocabulary.set(id, member.key)
        }
        return words
    }

    // MARK: BPE

    private func pairs(_ model: JSONValue, _ words: Words, _ isByteLevel: Bool) throws(TokenizerError) -> Model {
        let vocabulary = PairVocabulary(words)
        let prefix = Array(try string(model, "continuing_subword_prefix", "model", default: "").utf8)
        let suffix = Array(try string(model, "end_of_word_suffix", "model", default: "").utf8)
        let merges = try merges(model, vocabulary, prefix)
        let unknown = try unknown(model, vocabulary.ids)
        let fusesUnknown = model["fuse_unk"]?.bool ?? false
        let takesWholeWords = model["ignore_merges"]?.bool ?? false
        if isByteLevel {
            guard prefix.isEmpty, suffix.isEmpty else {
                throw invalid("model", say("a prefix or suffix of words is not supported with ByteLevel"))
            }
            return Model(
                kind: "BPE",
                model: .bytePairs(
                    vocabulary.byteModel(
                        merges.table, takesWholeWords: takesWholeWords, unknown: unknown, fusesUnknown: fusesUnknown)))
        }
        let ids = vocabulary.ids
        let fallback = model["byte_fallback"]?.bool == true ? ByteFallback.tokens { ids.find($0) } : []
        let hasAffixes = !prefix.isEmpty || !suffix.isEmpty
        // A token of the mark itself ends an unknown run, so that no run reaches over a cut. Where unknown characters
        // are dropped, offsets count from the start of the whole stretch.
        let drops = unknown == nil && fallback.isEmpty
        let isCut = !takesWholeWords && !hasAffixes && !drops && ids.find(SentencePieceNormalizer.mark) != nil
        return Model(
            kind: fallback.isEmpty ? "BPE" : "BPE with byte fallback",
            model: .characterPairs(
                CharacterPairModel(
                    ids: ids, joining: .merges(merges.table), unknown: unknown, fusesUnknown: fusesUnknown,
                    fallback: fallback, continuingPrefix: prefix, endSuffix: suffix, takesWholeWords: takesWholeWords,
                    longestToken: words.reduce(0) { max($0, $1.token.count) })),
            cuts: isCut ? WordCuts(tokens: merges.tokens) : .none,
            spelling: hasAffixes ? .affixed(prefix: prefix, suffix: suffix) : .marked(SentencePieceNormalizer.mark))
    }

    private func unknown(_ model: JSONValue, _ ids: ByteStringTable) throws(TokenizerError) -> Int32? {
        guard let name = present(model["unk_token"])?.string else { return nil }
        guard let id = ids.find(name.utf8) else { throw invalid("model", say("unk_token is not in the vocabulary")) }
        return id
    }

    private func merges(
        _ model: JSONValue, _ vocabulary: PairVocabulary, _ prefix: [UInt8]
    ) throws(TokenizerError) -> (table: MergeTable, tokens: [[UInt8]]) {
        guard let values = model["merges"]?.array else { throw invalid("model", say("merges are no list")) }
        do {
            return try vocabulary.merges(values.lazy.map(Self.pair), prefix: prefix)
        } catch {
            throw invalid("model merges", say("entry \(error.entry) \(error.problem)"))
        }
    }

    /// `"a b"` or `["a", "b"]`.
    private static func pair(_ value: JSONValue) -> (left: [UInt8], right: [UInt8])? {
        if let text = value.string { return MergeTable.pair(Array(text.utf8)) }
        guard let parts = value.array, parts.count == 2, let left = parts[0].string, let right = parts[1].string else {
            return nil
        }
        return (Array(left.utf8), Array(right.utf8))
    }

    // MARK: WordPiece, Unigram

    private func wordPiece(_ model: JSONValue, _ words: Words) throws(TokenizerError) -> Model {
        let prefix = Array(try string(model, "continuing_subword_prefix", "model", default: "##").utf8)
        let unknown = Array(try string(model, "unk_token", "model", default: "[UNK]").utf8)
        guard let id = words.last(where: { $0.token == unknown })?.id else {
            throw invalid("model", say("unk_token is not in the vocabulary"))
        }
        var trie = ByteTrie()
        for word in words { trie.insert(word.token, word.id) }
        return Model(
            kind: "WordPiece",
            model: .wordPiece(
                WordPieceModel(
                    trie: trie, continuation: trie.node(of: prefix), unknown: id,
                    longestWord: model["max_input_chars_per_word"]?.integer ?? 100)),
            spelling: .affixed(prefix: prefix, suffix: []))
    }

    private func unigram(_ model: JSONValue, into vocabulary: inout Vocabulary) throws(TokenizerError) -> Model {
        guard let entries = model["vocab"]?.array else { throw invalid("model", say("vocab is no list")) }
        guard entries.count <= Vocabulary.idLimit else { throw invalid("model vocab", say("has too many entries")) }
        var pieces: [(token: String, score: Double?)] = []
        for (id, entry) in entries.enumerated() {
            guard let pair = entry.array, pair.count == 2, let token = pair[0].string, let score = pair[1].number,
                score.isFinite
            else { throw invalid("model vocab", say("entry \(id) is no token with a score")) }
            pieces.append((token, score))
            vocabulary.set(id, token)
        }
        let unknown = present(model["unk_id"])?.integer
        if let unknown, !pieces.indices.contains(unknown) { throw invalid("model", say("unk_id is no token")) }
        var ids = ByteStringTable(capacity: pieces.count)
        for (id, piece) in pieces.enumerated() { ids.insert(piece.token.utf8, Int32(id)) }
        let fallback = model["byte_fallback"]?.bool == true ? ByteFallback.tokens { ids.find($0) } : []
        return Model(
            kind: "Unigram",
            model: .unigram(UnigramModel(pieces, unknown: unknown.map { Int32($0) }, fallback: fallback)))
    }
}
