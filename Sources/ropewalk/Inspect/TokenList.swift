import RopewalkDocuments
import RopewalkTokenizers

/// The tokens of a text as `ropewalk tokens --json` prints them; all arrays are [token].
struct TokenList: Encodable {
    let ids: [Int32]
    /// As the vocabulary writes them.
    let tokens: [String]
    /// Code points, first and end.
    let offsets: [[Int]]
    /// First and end in the text.
    let bytes: [[Int]]
    /// Only in a batch.
    let decoded: String?

    init(_ document: Document, _ tokenizer: Tokenizer) {
        self.init(document.encoding, tokenizer, decodes: false)
    }

    /// The tokens of one text of a batch.
    init(_ text: String, addSpecialTokens: Bool, _ tokenizer: Tokenizer, limit: Int?) throws(TokenizerError) {
        let encoding = try tokenizer.encode(text, addSpecialTokens: addSpecialTokens)
        self.init(encoding.prefix(limit ?? .max), tokenizer, decodes: true)
    }

    private init(_ encoding: Encoding, _ tokenizer: Tokenizer, decodes: Bool) {
        let places = 0..<encoding.count
        ids = encoding.ids
        tokens = places.map { tokenizer.token(at: $0, of: encoding) }
        offsets = places.map { Self.pair(encoding.offsets(of: $0)) }
        bytes = places.map { Self.pair(encoding.bytes(of: $0)) }
        decoded = decodes ? tokenizer.decode(ids.map(Int.init), skipSpecialTokens: false) : nil
    }

    private static func pair(_ range: Range<Int>) -> [Int] { [range.lowerBound, range.upperBound] }
}
