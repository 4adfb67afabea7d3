/// The tokens of a text. Twenty bytes a token, all arrays of the same length.
package struct Encoding: Sendable, Equatable {
    package internal(set) var ids: [Int32] = []
    /// [token]: its bytes in the text. A token that is part of a character has just its bytes of it; a token that
    /// was added to the text has none, at the place where it stands.
    package internal(set) var byteStarts: [Int32] = []
    package internal(set) var byteEnds: [Int32] = []
    /// [token]: its code points in the text as the tokenizers library counts them: a part of a character has the
    /// whole character, space may be trimmed, a token that was added has 0 to 0.
    package internal(set) var offsetStarts: [Int32] = []
    package internal(set) var offsetEnds: [Int32] = []
    /// [token]: what the model read, where that is not what the vocabulary writes.
    private(set) var spellings: [Int: String] = [:]
    /// The added tokens that were found written in the text, in their order; all others the model or the
    /// post-processor made.
    package private(set) var writtenTokens: [Int] = []

    package init() {}

    /// Tokens that are known without their text, as from a file of ids.
    package init(ids: [Int32]) {
        self.ids = ids
        byteStarts = [Int32](repeating: 0, count: ids.count)
        (byteEnds, offsetStarts, offsetEnds) = (byteStarts, byteStarts, byteStarts)
    }

    /// Tokens with as many bytes each as `lengths` says, one after the other.
    package init(ids: [Int32], byteLengths: [Int]) {
        // Both lists come from one list of tokens.
        precondition(ids.count == byteLengths.count)
        self.init(ids: ids)
        var end = Int32(0)
        for (index, length) in byteLengths.enumerated() {
            byteStarts[index] = end
            end += Int32(length)
            byteEnds[index] = end
        }
    }

    /// Tokens with the bytes that each has in a text; both lists are as long as that of the ids and never fall.
    package init(ids: [Int32], byteStarts: [Int32], byteEnds: [Int32]) {
        // All lists come from one list of tokens.
        precondition(ids.count == byteStarts.count && ids.count == byteEnds.count)
        self.init(ids: ids)
        self.byteStarts = byteStarts
        self.byteEnds = byteEnds
    }

    /// Tokens of a text, without their code points.
    init(ids: [Int32], bytes: [Range<Int32>], spellings: [Int: String], writtenTokens: [Int]) {
        self.init(ids: ids)
        self.writtenTokens = writtenTokens
        byteStarts = bytes.map(\.lowerBound)
        byteEnds = bytes.map(\.upperBound)
        self.spellings = spellings
    }

    /// How many tokens there are.
    package var count: Int { ids.count }

    /// The bytes of a token in the text.
    package func bytes(of token: Int) -> Range<Int> { Int(byteStarts[token])..<Int(byteEnds[token]) }

    /// The code points of a token in the text.
    package func offsets(of token: Int) -> Range<Int> { Int(offsetStarts[token])..<Int(offsetEnds[token]) }

    /// The first `count` tokens, or all where there are fewer.
    package func prefix(_ count: Int) -> Encoding {
        guard count < self.count else { return self }
        var result = Encoding()
        result.ids = Array(ids.prefix(count))
        result.byteStarts = Array(byteStarts.prefix(count))
        result.byteEnds = Array(byteEnds.prefix(count))
        result.offsetStarts = Array(offsetStarts.prefix(count))
        result.offsetEnds = Array(offsetEnds.prefix(count))
        result.spellings = spellings.filter { $0.key < count }
        result.writtenTokens = writtenTokens.filter { $0 < count }
        return result
    }

    /// The tokens from one on, behind the first `kept` ones, which take no bytes before it.
    package func suffix(from first: Int, keeping kept: Int) -> Encoding {
        guard first > kept, first < count else { return self }
        var result = Encoding()
        result.ids = Array(ids.prefix(kept) + ids.dropFirst(first))
        let start = [Int32](repeating: byteStarts[first], count: kept)
        result.byteStarts = start + byteStarts.dropFirst(first)
        result.byteEnds = start + byteEnds.dropFirst(first)
        let point = [Int32](repeating: offsetStarts[first], count: kept)
        result.offsetStarts = point + offsetStarts.dropFirst(first)
        result.offsetEnds = point + offsetEnds.dropFirst(first)
        let moved = spellings.filter { $0.key >= first }.map { ($0.key - first + kept, $0.value) }
        result.spellings = Dictionary(uniqueKeysWithValues: moved)
        return result
    }

    /// The same tokens with others behind them, whose bytes follow on the text.
    /// - Parameter text: of all tokens so far
    package func appending(ids added: [Int32], bytes: [[UInt8]], behind text: [UInt8]) -> Encoding {
        var result = self
        var (byte, point) = (Int32(clamping: text.count), offsetEnds.max() ?? 0)
        for (id, own) in zip(added, bytes) {
            // A code point counts for the token that its first byte belongs to.
            let points = Int32(own.count { $0 & 0xC0 != 0x80 })
            result.ids.append(id)
            result.byteStarts.append(byte)
            byte += Int32(clamping: own.count)
            result.byteEnds.append(byte)
            result.offsetStarts.append(own.isEmpty ? 0 : point)
            point += points
            result.offsetEnds.append(own.isEmpty ? 0 : point)
        }
        return result
    }

    /// The same tokens behind one that the text does not have.
    package func beginning(with id: Int32) -> Encoding {
        var result = self
        result.insertSpecials([id], at: 0, byte: 0)
        return result
    }

    /// Inserts tokens that the text does not have.
    mutating func insertSpecials(_ specials: [Int32], at index: Int, byte: Int32) {
        guard !specials.isEmpty else { return }
        let places = [Int32](repeating: byte, count: specials.count)
        let none = [Int32](repeating: 0, count: specials.count)
        ids.insert(contentsOf: specials, at: index)
        byteStarts.insert(contentsOf: places, at: index)
        byteEnds.insert(contentsOf: places, at: index)
        offsetStarts.insert(contentsOf: none, at: index)
        offsetEnds.insert(contentsOf: none, at: index)
        writtenTokens = writtenTokens.map { $0 < index ? $0 : $0 + specials.count }
        if index < count - specials.count, !spellings.isEmpty {
            let moved = spellings.map { ($0.key < index ? $0.key : $0.key + specials.count, $0.value) }
            spellings = Dictionary(uniqueKeysWithValues: moved)
        }
    }
}
