/// A text on its way to the model: rewritten, cut into pieces, every byte still tied to its source.
struct PreparedText {
    let source: [UInt8]
    private(set) var pieces: [Piece] = []
    /// The rewritings that changed something, first to last.
    private var alignments: [Alignment] = []

    /// The text, cut at the added tokens that are looked for in the text as it stands.
    init(_ source: [UInt8], added: AddedTokenFinder) {
        self.source = source
        added.split(source, 0..<source.count, into: &pieces)
    }

    private var bytes: [UInt8] { alignments.last?.bytes ?? source }

    /// The text as it is now, and as it was.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Result) -> Result {
        source.withUnsafeBytes { source in bytes.withUnsafeBytes { body($0, source) } }
    }

    /// Brings every piece into Unicode's form C.
    mutating func normalize() {
        let scalars = String(decoding: source, as: UTF8.self).unicodeScalars
        if scalars.allSatisfy(CanonicalComposition.isInert) { return }
        var composition = CanonicalComposition()
        rewrite { piece, text, output in composition.compose(text, piece.range, into: &output) }
    }

    mutating func split(at added: AddedTokenFinder) {
        guard !added.isEmpty else { return }
        var result: [Piece] = []
        let text = bytes
        for piece in pieces {
            if piece.token < 0 { added.split(text, piece.range, into: &result) } else { result.append(piece) }
        }
        pieces = result
    }

    mutating func apply(_ step: PreTokenizerStep, isCancelled: () -> Bool) throws(TokenizerError) {
        switch step {
        case .prefixSpace: prefixSpaces()
        case .split(let rule): try split(by: rule, isCancelled: isCancelled)
        }
    }

    private mutating func split(by rule: SplitRule, isCancelled: () -> Bool) throws(TokenizerError) {
        var result: [Piece] = []
        var failure: TokenizerError?
        bytes.withUnsafeBytes { text in
            for (index, piece) in pieces.enumerated() {
                guard piece.token < 0 else {
                    result.append(piece)
                    continue
                }
                do throws(TokenizerError) {
                    if index & 0x3FF == 0, isCancelled() { throw .cancelled }
                    try rule.split(text, piece.range, isCancelled: isCancelled, into: &result)
                } catch {
                    failure = error
                    return
                }
            }
        }
        if let failure { throw failure }
        pieces = result
    }

    private mutating func prefixSpaces() {
        rewrite { piece, text, output in
            if text[Int(piece.start)] != UInt8(ascii: " ") {
                let first = UTF8Text.scalar(in: text, at: Int(piece.start))
                output.replace(0, by: [UInt8(ascii: " ")], cover: piece.start..<piece.start + Int32(first.count))
            }
            output.copy(piece.range.count, of: text)
        }
    }

    /// Writes the text anew; `body` appends what a piece without a token becomes.
    private mutating func rewrite(_ body: (Piece, [UInt8], inout Alignment) -> Void) {
        let text = bytes
        var output = Alignment(capacity: text.count + 16)
        var result: [Piece] = []
        var end = 0
        for piece in pieces where piece.start < piece.end || piece.token >= 0 {
            // What an earlier step took out of the pieces still lies in the text.
            output.copy(piece.range.lowerBound - end, of: text)
            end = piece.range.upperBound
            let start = output.bytes.count
            if piece.token < 0 { body(piece, text, &output) } else { output.copy(piece.range.count, of: text) }
            result.append(Piece(start..<output.bytes.count, token: piece.token))
        }
        output.copy(text.count - end, of: text)
        alignments.append(output)
        pieces = result
    }

    /// The bytes of the source that a range of the text as it is now stands for.
    func exact(_ range: Range<Int32>) -> Range<Int32> {
        alignments.reversed().reduce(range) { $1.exact($0) }
    }

    /// The bytes of the source that a range is attributed to, as the tokenizers library does.
    func cover(_ range: Range<Int32>) -> Range<Int32> {
        guard !range.isEmpty else { return range }
        return alignments.reversed().reduce(range) { $0.isEmpty ? $0 : $1.cover($0) }
    }
}
