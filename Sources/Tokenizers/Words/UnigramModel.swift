/// A unigram model: of all ways to write a word as tokens the one with the highest sum of scores (Viterbi).
struct UnigramModel: Sendable {
    /// How much worse than the worst token an unknown character is.
    private static let unknownPenalty = 10.0

    let trie: ByteTrie
    /// [token]: the logarithm of its probability.
    let scores: [Double]
    let unknown: Int32?
    /// [byte]: the token for it where it is part of unknown text, or -1; empty where the model has none.
    let fallback: [Int32]
    private let unknownScore: Double

    /// - Parameters:
    ///   - pieces: [token]; those that nothing finds have the score nil.
    ///   - fallback: [byte]: the token for it, or -1; empty where there is none.
    init(_ pieces: [(token: String, score: Double?)], unknown: Int32?, fallback: [Int32]) {
        var trie = ByteTrie()
        for (id, piece) in pieces.enumerated() where piece.score != nil && !piece.token.isEmpty {
            trie.insert(piece.token.utf8, Int32(id))
        }
        self.trie = trie
        scores = pieces.map { $0.score ?? 0 }
        self.unknown = unknown
        self.fallback = fallback
        unknownScore = (pieces.lazy.compactMap(\.score).min() ?? 0) - Self.unknownPenalty
    }

    /// The best way to write the word up to each of its bytes.
    struct Lattice {
        fileprivate struct Node {
            var score: Double = 0
            /// Where its token begins; -1 where nothing ends here.
            var start: Int32 = -1
            /// -1 for an unknown character.
            var token: Int32 = -1
        }

        fileprivate var nodes: [Node] = []
        fileprivate var path: [WordMerger.Part] = []
    }

    /// Appends the tokens of `word` to `parts`; linear in its length.
    func encode(
        _ word: UnsafeRawBufferPointer, _ lattice: inout Lattice, isCancelled: () -> Bool,
        into parts: inout [WordMerger.Part]
    ) throws(TokenizerError) {
        lattice.nodes.removeAll(keepingCapacity: true)
        lattice.nodes.append(contentsOf: repeatElement(Lattice.Node(), count: word.count + 1))
        var at = 0
        var steps = 0
        while at < word.count {
            steps += 1
            if steps & 0xFFFF == 0, isCancelled() { throw .cancelled }
            let width = min(UTF8Text.width(from: word[at]), word.count - at)
            let score = lattice.nodes[at].score
            var hasCharacter = false
            trie.forEachPrefix(of: UnsafeRawBufferPointer(rebasing: word[at...])) { token, count in
                if count == width { hasCharacter = true }
                improve(&lattice.nodes[at + count], score + scores[Int(token)], at, token)
            }
            if !hasCharacter { improve(&lattice.nodes[at + width], score + unknownScore, at, -1) }
            at += width
        }
        follow(&lattice, word, into: &parts)
    }

    private func improve(_ node: inout Lattice.Node, _ score: Double, _ start: Int, _ token: Int32) {
        if node.start < 0 || score > node.score { node = .init(score: score, start: Int32(start), token: token) }
    }

    /// Goes back along the best path; unknown characters side by side are one token.
    private func follow(_ lattice: inout Lattice, _ word: UnsafeRawBufferPointer, into parts: inout [WordMerger.Part]) {
        lattice.path.removeAll(keepingCapacity: true)
        var end = Int32(word.count)
        while end > 0 {
            let node = lattice.nodes[Int(end)]
            guard node.start >= 0 else { break }
            let token = node.token == unknown ? -1 : node.token
            if token < 0, let last = lattice.path.last, last.token < 0 {
                lattice.path[lattice.path.count - 1].count += end - node.start
            } else {
                lattice.path.append(.init(token: token, count: end - node.start))
            }
            end = node.start
        }
        var at = 0
        for part in lattice.path.reversed() {
            if part.token >= 0 {
                parts.append(part)
            } else {
                appendUnknown(UnsafeRawBufferPointer(rebasing: word[at..<at + Int(part.count)]), into: &parts)
            }
            at += Int(part.count)
        }
    }

    private func appendUnknown(_ text: UnsafeRawBufferPointer, into parts: inout [WordMerger.Part]) {
        // Such as the unknown token itself, spelled out.
        var whole: Int32?
        trie.forEachPrefix(of: text) { token, count in if count == text.count { whole = token } }
        if let whole { return parts.append(.init(token: whole, count: Int32(text.count))) }
        guard !fallback.isEmpty, text.allSatisfy({ fallback[Int($0)] >= 0 }) else {
            return parts.append(.init(token: unknown ?? -1, count: Int32(text.count)))
        }
        for (index, byte) in text.enumerated() {
            var part = WordMerger.Part(token: fallback[Int(byte)], count: 1)
            (part.back, part.run) = (Int32(index), Int32(text.count))
            parts.append(part)
        }
    }
}
