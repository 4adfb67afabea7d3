/// What makes tokens of words.
enum TokenModel: Sendable {
    case bytePairs(BytePairModel)
    case characterPairs(CharacterPairModel)
    case wordPiece(WordPieceModel)
    case unigram(UnigramModel)
}

/// Encodes the words of one text; remembers the short ones.
struct WordEncoder {
    private static let longestRemembered = 48
    private static let mostRemembered = 1 << 17

    private let model: TokenModel
    private var merger = WordMerger()
    private var lattice = UnigramModel.Lattice()
    private var cache = ByteStringTable(capacity: 1 << 12)
    /// The remembered words' parts, and where in them each word's begin.
    private var remembered: [WordMerger.Part] = []
    private var starts: [Int32] = [0]
    private var scratch: [WordMerger.Part] = []

    init(_ model: TokenModel) { self.model = model }

    /// Calls `emit` with the tokens of `word` in their order, and with how many bytes of it each stands for;
    /// token -1 marks bytes that have none.
    mutating func encode(
        _ word: UnsafeRawBufferPointer, isCancelled: () -> Bool, _ emit: (WordMerger.Part) -> Void
    ) throws(TokenizerError) {
        guard word.count <= Self.longestRemembered else {
            scratch.removeAll(keepingCapacity: true)
            try Self.merge(word, model, &merger, &lattice, isCancelled, into: &scratch)
            return scratch.forEach(emit)
        }
        if let index = cache.find(word) {
            for part in Int(starts[Int(index)])..<Int(starts[Int(index) + 1]) { emit(remembered[part]) }
            return
        }
        if cache.count >= Self.mostRemembered { forget() }
        let start = remembered.count
        try Self.merge(word, model, &merger, &lattice, isCancelled, into: &remembered)
        cache.insert(word, Int32(starts.count - 1))
        starts.append(Int32(remembered.count))
        for part in start..<remembered.count { emit(remembered[part]) }
    }

    private mutating func forget() {
        cache = ByteStringTable(capacity: 1 << 12)
        remembered.removeAll(keepingCapacity: true)
        starts = [0]
    }

    private static func merge(
        _ word: UnsafeRawBufferPointer, _ model: TokenModel, _ merger: inout WordMerger,
        _ lattice: inout UnigramModel.Lattice, _ isCancelled: () -> Bool, into parts: inout [WordMerger.Part]
    ) throws(TokenizerError) {
        switch model {
        case .bytePairs(let model): try model.encode(word, &merger, isCancelled: isCancelled, into: &parts)
        case .characterPairs(let model): try model.encode(word, &merger, isCancelled: isCancelled, into: &parts)
        case .wordPiece(let model): model.encode(word, into: &parts)
        case .unigram(let model): try model.encode(word, &lattice, isCancelled: isCancelled, into: &parts)
        }
    }
}
