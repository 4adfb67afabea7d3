/// Merges the symbols of one word: a linked list of symbols and a heap of the merges that are possible, n log n in the
/// word's length.
struct WordMerger {
    /// A token and how many bytes of the word it stands for.
    struct Part: Equatable {
        var token: Int32
        var count: Int32
        /// How many bytes before its own, and in all, the library attributes to it: more than its own where a run of
        /// unknown characters is written as bytes.
        var back: Int32 = 0
        var run: Int32

        init(token: Int32, count: Int32) {
            (self.token, self.count, run) = (token, count, count)
        }
    }

    struct Symbol {
        var token: Int32
        /// Where it begins in the word.
        let start: Int32
        /// Zero once it has been merged into the one before it.
        var count: Int32
        fileprivate var previous: Int32
        fileprivate var next: Int32
    }

    /// Ordered by rank, then by place; the count tells stale candidates, because symbols only grow.
    private struct Candidate {
        let order: UInt64
        let token: Int32
        let count: Int32
    }

    private(set) var symbols: [Symbol] = []
    private var heap: [Candidate] = []

    /// Begins a word.
    mutating func removeAll() {
        symbols.removeAll(keepingCapacity: true)
        heap.removeAll(keepingCapacity: true)
    }

    /// Appends a symbol of the unmerged word.
    mutating func append(_ token: Int32, count: Int32) {
        let index = Int32(symbols.count)
        let start = symbols.last.map { $0.start + $0.count } ?? 0
        if index > 0 { symbols[Int(index) - 1].next = index }
        symbols.append(Symbol(token: token, start: start, count: count, previous: index - 1, next: -1))
    }

    /// Merges until no merge is left.
    ///
    /// - Parameters:
    ///   - isCancelled: asked every few ten thousand merges.
    ///   - find: what two neighbours become, and which merges come first.
    mutating func merge(
        isCancelled: () -> Bool, _ find: (Symbol, Symbol) -> MergeTable.Merge?
    ) throws(TokenizerError) {
        for index in symbols.indices { propose(at: Int32(index), find) }
        var steps = 0
        while let candidate = popLowest() {
            steps += 1
            if steps & 0xFFFF == 0, isCancelled() { throw .cancelled }
            let at = Int(candidate.order & 0xFFFF_FFFF)
            let left = symbols[at]
            guard left.count > 0, left.next >= 0 else { continue }
            let right = symbols[Int(left.next)]
            guard left.count + right.count == candidate.count else { continue }
            symbols[Int(left.next)].count = 0
            symbols[at].token = candidate.token
            symbols[at].count = candidate.count
            symbols[at].next = right.next
            if right.next >= 0 { symbols[Int(right.next)].previous = Int32(at) }
            if left.previous >= 0 { propose(at: left.previous, find) }
            propose(at: Int32(at), find)
        }
    }

    private mutating func propose(at index: Int32, _ find: (Symbol, Symbol) -> MergeTable.Merge?) {
        let symbol = symbols[Int(index)]
        guard symbol.next >= 0 else { return }
        let next = symbols[Int(symbol.next)]
        guard let merge = find(symbol, next) else { return }
        push(
            Candidate(
                order: UInt64(merge.rank) << 32 | UInt64(index), token: merge.token, count: symbol.count + next.count))
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
