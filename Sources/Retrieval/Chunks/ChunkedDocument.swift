import RopewalkDocuments
import RopewalkTokenizers

extension ChunkPlan {
    /// The chunks of a document by its tokens; special tokens that are not in the text belong to none.
    /// - Parameter index: the document's number
    package func chunks(_ document: Document, index: Int = 0) -> [Chunk] {
        let all = document.tokens(endingIn: 0..<document.text.bytes.count)
        let first = (all.lowerBound..<all.upperBound).first { !document.byteRange(ofToken: $0).isEmpty }
        guard let first else { return [] }
        let starts = keepsSentences ? Self.sentenceStarts(document.text) : []
        return cuts(all.upperBound - first) { place in
            Self.isStart(document.byteRange(ofToken: first + place), starts)
        }.map { cut in
            let tokens = first + cut.lowerBound..<first + cut.upperBound
            return Chunk(document: index, bytes: document.bytes(ofTokens: tokens), units: tokens)
        }
    }

    /// The chunks of a text by its words: runs between blanks, and each ideograph.
    package func chunks(_ text: SourceText, index: Int = 0) -> [Chunk] {
        let words = TextWords.ranges(text.bytes)
        let starts = keepsSentences ? Self.sentenceStarts(text) : []
        return cuts(words.count) { Self.isStart(words[$0], starts) }.map { cut in
            let bytes = words[cut.lowerBound].lowerBound..<words[cut.upperBound - 1].upperBound
            return Chunk(document: index, bytes: bytes, units: cut)
        }
    }

    /// Whether a sentence begins in a unit: a token may have the blank before it.
    private static func isStart(_ unit: Range<Int>, _ starts: [Int]) -> Bool {
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] < unit.lowerBound { low = middle + 1 } else { high = middle }
        }
        return low < starts.count && starts[low] < unit.upperBound
    }

    private static func sentenceStarts(_ text: SourceText) -> [Int] {
        var starts: [Int] = []
        var place = 0
        while place < text.bytes.count {
            place = max(place + 1, text.sentenceStart(after: place))
            if place < text.bytes.count { starts.append(place) }
        }
        return starts
    }
}

/// The words of a text where no model cuts it.
enum TextWords {
    /// Runs between blanks; an ideograph, a syllable of Japanese or Korean, is a word.
    static func ranges(_ bytes: [UInt8]) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start: Int?
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            let (scalar, count) = byte < 0x80 ? (Unicode.Scalar(byte), 1) : UTF8Text.scalar(in: bytes, at: place)
            let isWide = Self.isWide(scalar)
            let isBlank = byte < 0x80 ? byte <= 0x20 : scalar.properties.isWhitespace
            if isBlank || isWide, let first = start {
                words.append(first..<place)
                start = nil
            }
            if isWide {
                words.append(place..<place + count)
            } else if !isBlank, start == nil {
                start = place
            }
            place += count
        }
        if let first = start { words.append(first..<bytes.count) }
        return words
    }

    /// What is written without blanks between words.
    static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3041...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0x20000...0x3FFFF:
            true
        default: false
        }
    }
}
