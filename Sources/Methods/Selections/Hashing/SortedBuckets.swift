import RopewalkPhrases

/// The tokens of a head sorted by bucket in every round and cut into chunks, which form a ring over all rounds.
package struct SortedBuckets: KeyTable {
    package let method: LSHAttention
    package let tokens: Int
    /// [round][token]
    package let queryBuckets: [[Int32]]
    /// The same where queries name the buckets of keys. [round][token]
    package let keyBuckets: [[Int32]]
    /// Tokens in order of bucket and place, round after round, without what fills up the text behind them. [round · token]
    package let queryOrder: [Int32]
    package let keyOrder: [Int32]
    /// Where a query stands in the order of its round. [round][token]
    private let slots: [[Int32]]
    /// Slots of a round, a multiple of the chunk.
    package let roundLength: Int

    /// - Parameter keys: nil where they have the buckets of the queries
    package init(method: LSHAttention, queries: [[Int32]], keys: [[Int32]]?) {
        self.method = method
        let tokens = queries.first?.count ?? 0
        self.tokens = tokens
        queryBuckets = queries
        keyBuckets = keys ?? queries
        let chunk = max(1, method.chunk)
        let length = max(tokens, method.filledTo ?? 0)
        roundLength = (length + chunk - 1) / chunk * chunk
        let (order, slots) = Self.sorted(queries)
        let ownOrder = keys.map { Self.sorted($0).order }
        queryOrder = order
        self.slots = slots
        keyOrder = ownOrder ?? order
    }

    /// Sorts every round by bucket, tokens of one bucket in their order.
    private static func sorted(_ rounds: [[Int32]]) -> (order: [Int32], slots: [[Int32]]) {
        var order: [Int32] = []
        order.reserveCapacity(rounds.reduce(0) { $0 + $1.count })
        var slots: [[Int32]] = []
        for buckets in rounds {
            let sorted = buckets.indices.sorted { (buckets[$0], $0) < (buckets[$1], $1) }
            var places = [Int32](repeating: 0, count: buckets.count)
            for (slot, token) in sorted.enumerated() { places[token] = Int32(slot) }
            order += sorted.map(Int32.init)
            slots.append(places)
        }
        return (order, slots)
    }

    package var rounds: Int { queryBuckets.count }
    package var chunksOfRound: Int { roundLength / max(1, method.chunk) }
    /// Whether the text is one chunk: then nothing is hashed, unless buckets are kept apart.
    package var isWhole: Bool { chunksOfRound <= 1 && method.readsAcross }

    /// The chunk of a query in a round, counted over all rounds.
    package func chunk(of query: Int, round: Int) -> Int {
        round * chunksOfRound + Int(slots[round][query]) / max(1, method.chunk)
    }

    /// The chunks that a chunk reads, the furthest first, itself last.
    package func chunksRead(by chunk: Int) -> [Int] {
        let all = rounds * chunksOfRound
        return (0...method.before).map { ((chunk - method.before + $0) % all + all) % all }
    }

    /// What a chunk of queries or keys holds; fillings are left out. Counted over all rounds.
    package func members(ofChunk chunk: Int, keys: Bool) -> [Int] {
        (keys ? keyOrder : queryOrder)[slots(ofChunk: chunk)].map(Int.init)
    }

    /// Where a chunk lies in the orders; those behind the text are empty.
    private func slots(ofChunk chunk: Int) -> Range<Int> {
        let (round, start) = (chunk / chunksOfRound, chunk % chunksOfRound * method.chunk)
        let range = (start..<start + method.chunk).clamped(to: 0..<tokens)
        return round * tokens + range.lowerBound..<round * tokens + range.upperBound
    }

    /// The keys of earlier tokens that a round finds for a query, in the order of its chunks; some more than once where
    /// the ring is so short that it meets a chunk again.
    package func keys(of query: Int, round: Int) -> [Int] {
        var keys: [Int] = []
        visit(query, round: round) { keys.append($0) }
        return keys
    }

    @inline(__always)
    private func visit(_ query: Int, round: Int, _ body: (Int) -> Void) {
        if isWhole {
            if round == 0 { for key in 0..<query { body(key) } }
            return
        }
        let all = rounds * chunksOfRound
        let bucket = queryBuckets[round][query]
        let own = chunk(of: query, round: round)
        for step in stride(from: method.before, through: 0, by: -1) {
            let chunk = ((own - step) % all + all) % all
            // Buckets of another round are other buckets.
            guard method.readsAcross || chunk / chunksOfRound == round else { continue }
            for slot in slots(ofChunk: chunk) {
                let key = Int(keyOrder[slot])
                guard key < query, method.readsAcross || keyBuckets[round][key] == bucket else { continue }
                body(key)
            }
        }
    }

    package func tally(_ query: Int, into tally: inout KeyTally) {
        tally.begin()
        let limit: Int32 = method.form == .rounds ? .max : 1
        for round in 0..<rounds { visit(query, round: round) { tally.add($0, limit: limit) } }
        // The last keys are always there; what no round has found counts once.
        for key in max(0, query + 1 - method.window)..<query + 1 { tally.addOnce(key) }
        if tally.keys.isEmpty { tally.addOnce(query) }
    }

    /// Without anything as long as the text: what is found is sorted and counted.
    package func choice(for query: Int) -> KeyChoice {
        var found: [(key: Int, count: Int)] = []
        for key in (0..<rounds).flatMap({ keys(of: query, round: $0) }).sorted() {
            if let last = found.last, last.key == key {
                if method.form == .rounds { found[found.count - 1].count += 1 }
            } else {
                found.append((key, 1))
            }
        }
        let known = Set(found.map(\.key))
        let least = found.isEmpty ? max(1, method.window) : method.window
        found += (max(0, query + 1 - least)..<query + 1).filter { !known.contains($0) }.map { ($0, 1) }
        return choice(for: query, found: found.sorted { $0.key < $1.key })
    }

    private func choice(for query: Int, found: [(key: Int, count: Int)]) -> KeyChoice {
        let keys = KeyRanges(ascending: found.map(\.key))
        return KeyChoice(query: query, keys: keys, copies: KeyCopies.found(found)) { key in
            reason(query: query, key: key, isVisible: keys.contains(key))
        }
    }

    private func reason(query: Int, key: Int, isVisible: Bool) -> VisibilityReason {
        let finding = (0..<rounds).filter { keys(of: query, round: $0).contains(key) }
        if isWhole, key < query { return VisibilityReason(.selected, say("selected: the text is one chunk")) }
        if let round = finding.first, isVisible {
            let bucket = keyBuckets[round][key]
            return finding.count == 1
                ? VisibilityReason(.selected, say("selected: from bucket \(bucket) in round \(round)"))
                : VisibilityReason(
                    .selected,
                    say("selected: found by \(finding.count) rounds, from bucket \(bucket) in round \(round)"))
        }
        if isVisible {
            return key == query && method.window == 0
                ? VisibilityReason(.window, say("kept: its own key, as it finds no other"))
                : VisibilityReason(.window, say("kept: one of the last \(min(method.window, query + 1)) keys"))
        }
        return key == query
            ? VisibilityReason(.notSelected, say("hidden: its own key counts only where it finds no other"))
            : VisibilityReason(.notSelected, say("hidden: not in its chunks in any of \(rounds) rounds"))
    }
}

/// Reads choices off a table.
struct TableChooser: QueryChooser {
    let table: any KeyTable
    mutating func choice(for query: Int) -> KeyChoice { table.choice(for: query) }
}
