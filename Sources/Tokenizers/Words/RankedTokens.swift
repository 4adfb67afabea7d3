import RopewalkPhrases

/// Tokens that are byte strings with ranks: of neighbours whose bytes together are a token, those of the lowest rank are
/// joined first.
struct RankedTokens {
    /// Longer tokens are taken for damage: every cut of a token is looked at. Published ones have up to 128 bytes.
    static let longest = 256

    private let source: String
    private var tokens: [(bytes: [UInt8], id: Int32)] = []
    private var ids = ByteStringTable()
    private var ranks: Set<Int> = []
    /// One more than the largest rank.
    private(set) var end = 0

    /// - Parameter source: names the file in errors.
    init(source: String) { self.source = source }

    var count: Int { tokens.count }

    /// - Parameters:
    ///   - place: where the token stands in the file, for errors.
    ///   - offset: what is added to a rank to make an id.
    mutating func add(_ bytes: [UInt8], rank: Int, offset: Int = 0, place: @autoclosure () -> String)
        throws(TokenizerError)
    {
        guard rank >= 0, rank + offset < Vocabulary.idLimit else {
            throw invalid(place(), say("rank \(rank) is no rank"))
        }
        guard !bytes.isEmpty, bytes.count <= Self.longest else {
            throw invalid(place(), say("a token of \(bytes.count) bytes; they have 1 to \(Self.longest)"))
        }
        guard ranks.insert(rank).inserted else { throw invalid(place(), say("rank \(rank) is there twice")) }
        guard ids.find(bytes) == nil else { throw invalid(place(), say("the token is there twice")) }
        ids.insert(bytes, Int32(rank + offset))
        tokens.append((bytes, Int32(rank + offset)))
        end = max(end, rank + 1)
    }

    /// The tokens in the letters of byte-level vocabularies.
    func vocabulary() -> Vocabulary {
        var vocabulary = Vocabulary()
        for token in tokens {
            var text = String.UnicodeScalarView()
            for byte in token.bytes { text.append(ByteAlphabet.letters[Int(byte)]) }
            vocabulary.set(Int(token.id), String(text))
        }
        return vocabulary
    }

    /// A token is a merge of any two tokens that it can be cut into; a word that is a token stays whole.
    func model() throws(TokenizerError) -> BytePairModel {
        let bytes = try (0...255).map { byte throws(TokenizerError) in
            guard let id = ids.find([UInt8(byte)]) else {
                throw invalid("tokens", say("there is none for byte \(byte)"))
            }
            return id
        }
        var pairs: [(left: Int32, right: Int32, token: Int32)] = []
        for token in tokens where token.bytes.count > 1 {
            token.bytes.withUnsafeBytes { all in
                for cut in 1..<all.count {
                    guard let left = ids.find(UnsafeRawBufferPointer(rebasing: all[..<cut])),
                        let right = ids.find(UnsafeRawBufferPointer(rebasing: all[cut...]))
                    else { continue }
                    pairs.append((left, right, token.id))
                }
            }
        }
        var merges = MergeTable(capacity: pairs.count)
        for pair in pairs {
            merges.insert(pair.left, pair.right, .init(rank: UInt32(pair.token), token: pair.token))
        }
        return BytePairModel(
            byteTokens: bytes, merges: merges, wholeWords: ids, unknown: nil, fusesUnknown: false)
    }

    /// A whole tokenizer of these tokens.
    /// - Parameter special: by their ids, which no ranked token has.
    func parts(
        kind: String, words: WordPatterns.Named, special: [(id: Int, content: String)], before: [Int], after: [Int]
    ) throws(TokenizerError) -> TokenizerParts {
        var vocabulary = vocabulary()
        var added: [AddedToken] = []
        for token in special {
            guard (0..<Vocabulary.idLimit).contains(token.id), vocabulary[token.id] == nil else {
                throw invalid(
                    "special token \(token.content.debugDescription)", say("id \(token.id) is another token's"))
            }
            vocabulary.set(token.id, token.content)
            vocabulary.markSpecial(Int32(token.id))
            added.append(AddedToken(id: Int32(token.id), content: token.content, isSpecial: true))
        }
        var steps: [PreTokenizerStep] = []
        for text in words.patterns {
            steps.append(.split(SplitRule(pattern: .regex(try Pattern(text, file: source)), behavior: .isolated)))
        }
        let surround = PostProcessorStep.surround(before: before.map(Int32.init), after: after.map(Int32.init))
        return TokenizerParts(
            kind: kind, vocabulary: vocabulary, model: .bytePairs(try model()), addedTokens: added,
            normalizer: words.composes ? [.unicode(.canonicalComposition)] : [], preTokenizer: steps,
            postProcessor: before.isEmpty && after.isEmpty ? [] : [surround], decoder: [.byteLevel],
            spelling: .byteLetters)
    }

    private func invalid(_ component: String, _ problem: String) -> TokenizerError {
        .invalid(file: source, component: component, problem: problem)
    }
}
