/// A byte-level BPE model: tokens of single bytes and the merges that make longer ones.
struct BytePairModel: Sendable {
    /// [byte]: its token, or -1.
    let byteTokens: [Int32]
    let merges: MergeTable
    /// Words that are tokens as they stand, whatever the merges say; nil where the model has no such rule.
    let wholeWords: ByteStringTable?
    /// Stands for bytes that are no token; where there is none, they get no token, as in the tokenizers library.
    let unknown: Int32?
    /// Whether a run of unknown bytes gets one token.
    let fusesUnknown: Bool
}

/// Encodes the words of one text; remembers the short ones.
struct WordEncoder {
    private static let longestRemembered = 48
    private static let mostRemembered = 1 << 17

    private let model: BytePairModel
    private var merger = WordMerger()
    private var cache = ByteStringTable(capacity: 1 << 12)
    /// The remembered words' parts, and where in them each word's begin.
    private var remembered: [WordMerger.Part] = []
    private var starts: [Int32] = [0]
    private var scratch: [WordMerger.Part] = []

    init(_ model: BytePairModel) { self.model = model }

    /// Calls `emit` with the tokens of `word` in their order, and with how many bytes of it each stands for;
    /// token -1 marks bytes that have none.
    mutating func encode(_ word: UnsafeRawBufferPointer, _ emit: (WordMerger.Part) -> Void) {
        guard word.count <= Self.longestRemembered else {
            scratch.removeAll(keepingCapacity: true)
            Self.merge(word, model, &merger, into: &scratch)
            return scratch.forEach(emit)
        }
        if let index = cache.find(word) {
            for part in Int(starts[Int(index)])..<Int(starts[Int(index) + 1]) { emit(remembered[part]) }
            return
        }
        if cache.count >= Self.mostRemembered { forget() }
        let start = remembered.count
        Self.merge(word, model, &merger, into: &remembered)
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
        _ word: UnsafeRawBufferPointer, _ model: BytePairModel, _ merger: inout WordMerger,
        into parts: inout [WordMerger.Part]
    ) {
        if let token = model.wholeWords?.find(word) {
            parts.append(.init(token: token, count: Int32(word.count)))
            return
        }
        merger.removeAll()
        var unknown: Int32 = 0
        // A token -1 merges with nothing; it keeps the places of the tokens after it right.
        func appendUnknown() {
            if unknown > 0 { merger.append(model.unknown ?? -1, count: unknown) }
            unknown = 0
        }
        for byte in word {
            let token = model.byteTokens[Int(byte)]
            if token >= 0 || !model.fusesUnknown { appendUnknown() }
            if token >= 0 { merger.append(token, count: 1) } else { unknown += 1 }
        }
        appendUnknown()
        merger.merge(model.merges, into: &parts)
    }
}
