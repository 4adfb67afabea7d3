/// A WordPiece model: the longest token that a word begins with, then the longest continuation, and so on.
struct WordPieceModel: Sendable {
    let trie: ByteTrie
    /// Where the tokens for the inside of words are in the trie; nil where there are none.
    let continuation: Int32?
    let unknown: Int32
    /// Longer words are unknown; counts characters.
    let longestWord: Int

    /// Appends the tokens of `word` to `parts`: one for the whole where a part of it is unknown.
    func encode(_ word: UnsafeRawBufferPointer, into parts: inout [WordMerger.Part]) {
        let start = parts.count
        var at = 0
        var isKnown = word.reduce(0) { UTF8Text.isContinuation($1) ? $0 : $0 + 1 } <= longestWord
        while isKnown, at < word.count {
            var found: WordMerger.Part?
            if let node = at == 0 ? 0 : continuation {
                trie.forEachPrefix(of: UnsafeRawBufferPointer(rebasing: word[at...]), from: node) { token, count in
                    found = .init(token: token, count: Int32(count))
                }
            }
            if let found {
                parts.append(found)
                at += Int(found.count)
            } else {
                isKnown = false
            }
        }
        guard !isKnown else { return }
        parts.removeSubrange(start...)
        parts.append(.init(token: unknown, count: Int32(word.count)))
    }
}
