/// What a tokenizer works with, from whatever file it was read.
struct TokenizerParts: Sendable {
    /// For readers, such as "WordPiece".
    var kind: String
    var vocabulary: Vocabulary
    /// How many tokens the vocabulary has without those that are added.
    var modelCount = 0
    var model: TokenModel
    var addedTokens: [AddedToken] = []
    var normalizer: [NormalizerStep] = []
    var preTokenizer: [PreTokenizerStep] = []
    var cuts = WordCuts.none
    var postProcessor: [PostProcessorStep] = []
    var decoder: [DecoderStep] = []
    var spelling: TokenSpelling
    /// What a reader should know of how the files were read.
    var remarks: [String] = []

    /// A text as the normalizer leaves it.
    func normalized(_ text: String) throws(TokenizerError) -> [UInt8] {
        guard !text.isEmpty else { return [] }
        var prepared = PreparedText(Array(text.utf8), added: AddedTokenFinder([]) { _ in [] })
        for step in normalizer { try prepared.apply(step) { false } }
        return prepared.bytes
    }
}

/// How a vocabulary writes what its tokens stand for.
enum TokenSpelling: Sendable {
    /// In the alphabet of byte-level vocabularies.
    case byteLetters
    /// A mark for a space, and bytes such as "<0x0A>".
    case marked([UInt8])
    /// A prefix inside of words, a suffix at their end.
    case affixed(prefix: [UInt8], suffix: [UInt8])

    /// The bytes that a token stands for.
    func bytes(of token: String) -> [UInt8] {
        switch self {
        case .byteLetters: return ByteAlphabet.decode(token.unicodeScalars) ?? Array(token.utf8)
        case .marked(let mark):
            if let byte = DecoderStep.byte(of: token) { return [byte] }
            return Self.replacing(mark, in: Array(token.utf8))
        case .affixed(let prefix, let suffix):
            var bytes = Array(token.utf8)[...]
            if !prefix.isEmpty, bytes.starts(with: prefix) { bytes = bytes.dropFirst(prefix.count) }
            let endsWord = !suffix.isEmpty && bytes.suffix(suffix.count).elementsEqual(suffix)
            return endsWord ? bytes.dropLast(suffix.count) + [0x20] : Array(bytes)
        }
    }

    private static func replacing(_ mark: [UInt8], in token: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var at = 0
        while at < token.count {
            let isMark = !mark.isEmpty && token[at...].starts(with: mark)
            result.append(isMark ? 0x20 : token[at])
            at += isMark ? mark.count : 1
        }
        return result
    }
}
