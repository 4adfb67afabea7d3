/// What SentencePiece does to a text before it looks for tokens (`NormalizerSpec`).
struct SentencePieceNormalizer: Sendable {
    static let mark = Array("\u{2581}".utf8)

    var map: CharacterMap?
    /// Whether a space is put before the text.
    var addsPrefix = true
    /// Whether runs of spaces become one, and those at the ends none.
    var removesExtraSpace = false
    /// Whether spaces are written as U+2581.
    var marksSpace = true

    /// Appends what `text[range]` becomes.
    ///
    /// - Parameter continues: whether text stands before it that this belongs to.
    func rewrite(_ text: [UInt8], _ range: Range<Int>, continues: Bool = false, into output: inout Alignment) {
        let space = marksSpace ? Self.mark : [0x20]
        var at = range.lowerBound
        var afterSpace = removesExtraSpace && !continues
        if removesExtraSpace, !continues {
            while at < range.upperBound {
                let (replacement, count) = piece(text, at, range.upperBound)
                guard replacement.allSatisfy({ $0 == 0x20 }) else { break }
                output.drop(count)
                at += count
            }
        }
        guard at < range.upperBound else { return }
        if addsPrefix, !continues {
            let first = Int32(at)
            output.replace(0, by: space, cover: first..<first + Int32(UTF8Text.width(from: text[at])))
        }
        let end = removesExtraSpace ? contentEnd(text, at..<range.upperBound) : range.upperBound
        while at < end {
            let (replacement, count) = piece(text, at, range.upperBound)
            write(replacement, replacing: count, space, &afterSpace, text, into: &output)
            at += count
        }
        output.drop(range.upperBound - at)
    }

    /// Where the text ends without the pieces of space behind it.
    private func contentEnd(_ text: [UInt8], _ range: Range<Int>) -> Int {
        var at = range.lowerBound
        var end = at
        while at < range.upperBound {
            let (replacement, count) = piece(text, at, range.upperBound)
            at += count
            if !replacement.allSatisfy({ $0 == 0x20 }) { end = at }
        }
        return end
    }

    /// What the text at `at` begins with becomes, and how many bytes that is.
    private func piece(_ text: [UInt8], _ at: Int, _ end: Int) -> (replacement: ArraySlice<UInt8>, count: Int) {
        if let map, let found = map.longest(text[at..<end]) { return found }
        let count = min(UTF8Text.width(from: text[at]), end - at)
        return (text[at..<at + count], count)
    }

    private func write(
        _ piece: ArraySlice<UInt8>, replacing count: Int, _ space: [UInt8], _ afterSpace: inout Bool, _ text: [UInt8],
        into output: inout Alignment
    ) {
        var piece = piece
        if afterSpace { piece = piece.drop { $0 == 0x20 } }
        guard !piece.isEmpty else { return output.drop(count) }
        if removesExtraSpace { afterSpace = piece.last == 0x20 }
        let start = Int(output.sourceEnd)
        if piece.elementsEqual(text[start..<start + count]), !(marksSpace && piece.contains(0x20)) {
            return output.copy(count, of: text)
        }
        let written = marksSpace ? piece.flatMap { $0 == 0x20 ? space : [$0] } : Array(piece)
        output.replace(count, by: written, cover: Int32(start)..<Int32(start + count))
    }
}
