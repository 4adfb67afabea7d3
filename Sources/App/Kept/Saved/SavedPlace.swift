import RopewalkDocuments

/// A place of a text that is found again where the text has changed: its byte, the word there, and what stood before it.
package struct SavedPlace: Equatable, Sendable, Encodable {
    package var byte: Int
    /// As it was counted on the screen, which another tokenizer does otherwise.
    package var token: Int?
    package var word: String
    package var before: String

    package init(byte: Int, token: Int? = nil, word: String, before: String) {
        (self.byte, self.token, self.word, self.before) = (byte, token, word, before)
    }

    /// What became of it.
    enum Finding: Equatable {
        case there
        /// The word stands elsewhere.
        case moved(Int)
        case lost
    }

    /// Bytes before the word that are kept, and those on both sides of it in which it is looked for.
    private static let context = 32
    private static let reach = 1 << 18

    /// The characters of `bytes` in a text.
    init(_ bytes: Range<Int>, token: Int?, in text: SourceText) {
        var start = max(0, bytes.lowerBound - Self.context)
        while start < bytes.lowerBound, text.bytes[start] & 0xC0 == 0x80 { start += 1 }
        self.init(
            byte: bytes.lowerBound, token: token, word: text.string(bytes),
            before: text.string(start..<max(start, bytes.lowerBound)))
    }

    /// Whether it is where it was in a text that may be another one now; else the nearest place with the same words.
    func find(in text: SourceText) -> Finding {
        let (lead, words) = (Array(before.utf8), Array((before + word).utf8))
        guard !words.isEmpty else { return .there }
        let bytes = text.bytes
        func stands(at start: Int) -> Bool {
            start >= 0 && start + words.count <= bytes.count
                && bytes[start..<start + words.count].elementsEqual(words)
        }
        let first = min(byte, bytes.count) - lead.count
        for distance in 0...Self.reach {
            if stands(at: first + distance) { return distance == 0 ? .there : .moved(first + distance + lead.count) }
            if stands(at: first - distance) { return .moved(first - distance + lead.count) }
        }
        return .lost
    }
}

extension SourceText {
    /// FNV-1a over all bytes, in 16 hexadecimal digits: two texts that differ hardly ever have the same.
    package var fingerprint: String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
