/// Applies a model's merges to one word: a linked list of symbols and a heap of the merges that are possible,
/// n log n in the word's length.
struct WordMerger {
    /// A token and how many bytes of the word it stands for.
    struct Part {
        let token: Int32
        let count: Int32
    }

    private struct Symbol {
        var token: Int32
        /// Zero once it has been merged into the one before it.
        var count: Int32
        var previous: Int32
        var next: Int32
    }

    /// Ordered by rank, then by place; the token tells stale candidates.
    private struct Candidate {
        let order: UInt64
        let token: Int32
    }

    private var symbols: [Symbol] = []
    private var heap: [Candidate] = []

    /// Begins a word.
    mutating func removeAll() {
        symbols.removeAll(keepingCapacity: true)
        heap.removeAll(keepingCapacity: true)
    }

    /// Appends a symbol of the unmerged word.
    mutating func append(_ token: Int32, count: Int32) {
        let index = Int32(symbols.count)
        if index > 0 { symbols[Int(index) - 1].next = index }
        symbols.append(Symbol(token: token, count: count, previous: index - 1, next: -1))
    }

    /// Merges until no merge is left and appends the result to `parts`.
    mutating func merge(_ merges: MergeTable, into parts: inout [Part]) {
        for index in symbols.indices { propose(at: Int32(index), merges) }
        while let candidate = popLowest() {
            let at = Int(candidate.order & 0xFFFF_FFFF)
            let left = symbols[at]
            guard left.count > 0, left.next >= 0 else { continue }
            let right = symbols[Int(left.next)]
            guard merges.find(left.token, right.token)?.token == candidate.token else { continue }
            symbols[Int(left.next)].count = 0
            symbols[at] = Symbol(
                token: candidate.token, count: left.count + right.count, previous: left.previous, next: right.next)
            if right.next >= 0 { symbols[Int(right.next)].previous = Int32(at) }
            if left.previous >= 0 { propose(at: left.previous, merges) }
            propose(at: Int32(at), merges)
        }
        for symbol in symbols where symbol.count > 0 { parts.append(Part(token: symbol.token, count: symbol.count)) }
    }

    private mutating func propose(at index: Int32, _ merges: MergeTable) {
        let symbol = symbols[Int(index)]
        guard symbol.next >= 0, let merge = merges.find(symbol.token, symbols[Int(symbol.next)].token) else { return }
        push(Candidate(order: UInt64(merge.rank) << 32 | UInt64(index), token: merge.token))
    }

    private mutating func push(_ candidate: Candidate) {
        heap.append(candidate)
        var child = heap.count - 1
        while child > 0, heap[(child - 1) / 2].order > heap[child].order {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func popLowest() -> Candidate? {
        guard let lowest = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return lowest }
        heap[0] = last
        var parent = 0
        while 2 * parent + 1 < heap.count {
            var child = 2 * parent + 1
            if child + 1 < heap.count, heap[child + 1].order < heap[child].order { child += 1 }
            guard heap[child].order < heap[parent].order else { break }
            heap.swapAt(child, parent)
            parent = child
        }
        return lowest
    }
}
