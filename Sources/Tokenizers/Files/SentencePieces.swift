import RopewalkPhrases

/// A SentencePiece vocabulary, from a tokenizer.model or from GGUF metadata.
struct SentencePieces {
    enum Kind: Int {
        case normal = 1
        case unknown = 2
        case control = 3
        case userDefined = 4
        case unused = 5
        case byte = 6
    }

    struct Piece {
        var text: String
        var score: Float
        var kind: Kind
    }

    /// Names the file in errors.
    let source: String
    /// [id].
    var pieces: [Piece] = []
    var isUnigram = false
    var normalizer = SentencePieceNormalizer()
    var before: [Int32] = []
    var after: [Int32] = []
    /// Beside those of the vocabulary.
    var addedTokens: [AddedToken] = []

    func parts() throws(TokenizerError) -> TokenizerParts {
        guard !pieces.isEmpty else { throw invalid(say("has no tokens")) }
        guard pieces.count <= Vocabulary.idLimit else { throw invalid(say("has too many tokens")) }
        if let id = pieces.firstIndex(where: { $0.score.isNaN }) {
            throw invalid(say("the score of token \(id) is no number"))
        }
        let vocabulary = vocabulary()
        for id in before + after where vocabulary[Int(id)] == nil { throw invalid(say("there is no token \(id)")) }
        let tokens = pieces.lazy.filter { $0.kind == .normal }.map { Array($0.text.utf8) }
        let hasMark = tokens.contains(SentencePieceNormalizer.mark)
        let unknown = pieces.firstIndex { $0.kind == .unknown }.map { Int32($0) }
        return TokenizerParts(
            kind: isUnigram ? "SentencePiece Unigram" : "SentencePiece BPE", vocabulary: vocabulary,
            model: isUnigram ? .unigram(unigram(unknown)) : .characterPairs(pairs(unknown)),
            addedTokens: added(), normalizer: [.sentencePiece(normalizer, continuing: continuing)],
            cuts: hasMark && normalizer.marksSpace ? WordCuts(tokens: tokens) : .none,
            postProcessor: before.isEmpty && after.isEmpty ? [] : [.surround(before: before, after: after)],
            decoder: decoder, spelling: .marked(SentencePieceNormalizer.mark))
    }

    /// Tokens that a text goes on behind, without a space that it does not have.
    private var continuing: Set<Int32> {
        Set(pieces.indices.lazy.filter { pieces[$0].kind == .userDefined }.map { Int32($0) })
    }

    private var decoder: [DecoderStep] {
        let steps: [DecoderStep] = [.replace(.literal(SentencePieceNormalizer.mark), by: [0x20]), .byteFallback, .fuse]
        return normalizer.addsPrefix ? steps + [.strip(" ", start: 1, stop: 0)] : steps
    }

    private func vocabulary() -> Vocabulary {
        var vocabulary = Vocabulary()
        for (id, piece) in pieces.enumerated() {
            vocabulary.set(id, piece.text)
            if piece.kind == .control || piece.kind == .unknown { vocabulary.markSpecial(Int32(id)) }
        }
        for token in addedTokens {
            vocabulary.set(Int(token.id), token.content)
            if token.isSpecial { vocabulary.markSpecial(token.id) }
        }
        return vocabulary
    }

    /// What is found in the text as it stands, before the rules.
    private func added() -> [AddedToken] {
        let known = Set(addedTokens.map(\.id))
        let own = pieces.enumerated().compactMap { id, piece -> AddedToken? in
            guard [.control, .unknown, .userDefined].contains(piece.kind), !known.contains(Int32(id)) else {
                return nil
            }
            var token = AddedToken(id: Int32(id), content: piece.text, isSpecial: piece.kind != .userDefined)
            // Runs of spaces, as Gemma has them; only the rewritten text has marks.
            token.isNormalized = piece.kind == .userDefined && piece.text.unicodeScalars.contains("\u{2581}")
            token.isInNormalForm = token.isNormalized
            return token
        }
        return own + addedTokens
    }

    private func unigram(_ unknown: Int32?) -> UnigramModel {
        UnigramModel(
            pieces.map { ($0.text, $0.kind == .normal ? Double($0.score) : nil) }, unknown: unknown,
            fallback: fallback)
    }

    /// Whatever two neighbours are together is a token, the one with the highest score first.
    private func pairs(_ unknown: Int32?) -> CharacterPairModel {
        var ids = ByteStringTable(capacity: pieces.count)
        var ranks = [UInt32](repeating: .max, count: pieces.count)
        var longest = 0
        for (id, piece) in pieces.enumerated() where piece.kind == .normal {
            ids.insert(piece.text.utf8, Int32(id))
            longest = max(longest, piece.text.utf8.count)
        }
        let order = pieces.indices.filter { pieces[$0].kind == .normal }.sorted { pieces[$0].score > pieces[$1].score }
        var rank: UInt32 = 0
        for (index, id) in order.enumerated() {
            if index > 0, pieces[id].score < pieces[order[index - 1]].score { rank += 1 }
            ranks[id] = rank
        }
        return CharacterPairModel(
            ids: ids, joining: .ranks(ranks), unknown: unknown, fusesUnknown: true, fallback: fallback,
            longestToken: longest)
    }

    /// [byte]: its token, or -1; empty where there is none.
    private var fallback: [Int32] {
        var tokens = [Int32](repeating: -1, count: 256)
        for (id, piece) in pieces.enumerated() where piece.kind == .byte {
            if let byte = DecoderStep.byte(of: piece.text) { tokens[Int(byte)] = Int32(id) }
        }
        return tokens.contains { $0 >= 0 } ? tokens : []
    }

    private func invalid(_ problem: String) -> TokenizerError {
        .invalid(file: source, component: "vocabulary", problem: problem)
    }
}
