import RopewalkPhrases

/// The tokens and merges of a BPE model, as the files have them.
struct PairVocabulary {
    /// The number of a merge that cannot be, and what is wrong with it.
    struct Fault: Error {
        let entry: Int
        let problem: String
    }

    let words: [(token: [UInt8], id: Int32)]
    let ids: ByteStringTable

    init(_ words: [(token: [UInt8], id: Int32)]) {
        self.words = words
        var ids = ByteStringTable(capacity: words.count)
        for word in words { ids.insert(word.token, word.id) }
        self.ids = ids
    }

    /// - Parameters:
    ///   - pairs: nil where there is none.
    ///   - prefix: of words' insides, which the second token of a pair loses.
    /// - Returns: the merges, and all tokens that they make.
    func merges(
        _ pairs: some Sequence<(left: [UInt8], right: [UInt8])?>, prefix: [UInt8] = []
    ) throws(Fault) -> (table: MergeTable, tokens: [[UInt8]]) {
        var table = MergeTable(capacity: pairs.underestimatedCount)
        var tokens: [[UInt8]] = []
        for (entry, pair) in pairs.enumerated() {
            guard let pair else { throw Fault(entry: entry, problem: say("is no pair of tokens")) }
            let joined =
                pair.left + (pair.right.starts(with: prefix) ? pair.right.dropFirst(prefix.count) : pair.right[...])
            guard let left = ids.find(pair.left), let right = ids.find(pair.right), let token = ids.find(joined) else {
                throw Fault(entry: entry, problem: say("has a token, or makes one, that is not in the vocabulary"))
            }
            table.insert(left, right, .init(rank: UInt32(entry), token: token))
            tokens.append(joined)
        }
        return (table, tokens)
    }

    /// The model whose tokens are written in the byte alphabet.
    func byteModel(
        _ merges: MergeTable, takesWholeWords: Bool, unknown: Int32? = nil, fusesUnknown: Bool = false
    ) -> BytePairModel {
        var wholeWords: ByteStringTable?
        if takesWholeWords {
            var table = ByteStringTable(capacity: words.count)
            for word in words {
                let scalars = String(decoding: word.token, as: UTF8.self).unicodeScalars
                if let bytes = ByteAlphabet.decode(scalars) { table.insert(bytes, word.id) }
            }
            wholeWords = table
        }
        return BytePairModel(
            byteTokens: ByteAlphabet.letters.map { ids.find(String($0).utf8) ?? -1 }, merges: merges,
            wholeWords: wholeWords, unknown: unknown, fusesUnknown: fusesUnknown)
    }
}
