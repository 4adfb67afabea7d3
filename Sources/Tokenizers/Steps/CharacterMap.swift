/// SentencePiece's compiled rules: a double-array trie of what is replaced, and the replacements, each ended by NUL.
struct CharacterMap: Sendable {
    /// [node]; its bits as in the darts-clone library: 0-7 and 31 the label, 8 whether a value follows, 9 whether
    /// the offset in the bits from 10 on counts in units of 256.
    private let units: [UInt32]
    private let replacements: [UInt8]

    /// - Parameter blob: the size of the trie in bytes (32 bits, little-endian), the trie, the replacements.
    /// - Returns: nil where the sizes contradict each other.
    init?(_ blob: [UInt8]) {
        guard blob.count >= 4 else { return nil }
        func word(_ at: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(blob[at + $1]) << (8 * UInt32($1)) } }
        let size = Int(word(0))
        guard size % 4 == 0, size <= blob.count - 4, size > 0 else { return nil }
        units = stride(from: 4, to: 4 + size, by: 4).map(word)
        replacements = Array(blob[(4 + size)...])
        guard replacements.withUnsafeBytes({ UTF8Text.firstInvalid(in: $0) }) == nil else { return nil }
    }

    /// What `text` begins with that is replaced, the shortest first; a damaged trie finds less.
    private func forEachPrefix(of text: ArraySlice<UInt8>, _ body: (_ replacement: Int, _ count: Int) -> Bool) {
        var node = offset(units[0])
        for (index, byte) in text.enumerated() {
            guard byte != 0 else { return }
            node ^= Int(byte)
            guard node < units.count, units[node] & 0x8000_00FF == UInt32(byte) else { return }
            let unit = units[node]
            node ^= offset(unit)
            guard node < units.count else { return }
            if unit & 0x100 != 0, !body(Int(units[node] & 0x7FFF_FFFF), index + 1) { return }
        }
    }

    private func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << Int((unit & 0x200) >> 6) }

    private func replacement(_ at: Int) -> ArraySlice<UInt8> {
        guard at < replacements.count else { return [] }
        let end = replacements[at...].firstIndex(of: 0) ?? replacements.count
        return replacements[at..<end]
    }

    /// What stands for `text` in the tokenizers library: the replacement of the shortest rule that it begins with.
    func shortest(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var result: ArraySlice<UInt8>?
        forEachPrefix(of: text) { place, _ in
            result = replacement(place)
            return false
        }
        return result
    }

    /// The replacement of the longest rule that `text` begins with, and how many bytes it replaces, as SentencePiece
    /// takes it.
    func longest(_ text: ArraySlice<UInt8>) -> (replacement: ArraySlice<UInt8>, count: Int)? {
        var result: (Int, Int)?
        forEachPrefix(of: text) { place, count in
            result = (place, count)
            return true
        }
        return result.map { (replacement($0.0), $0.1) }
    }
}
