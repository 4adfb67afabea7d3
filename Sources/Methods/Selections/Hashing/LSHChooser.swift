import RopewalkPhrases

/// Whole buckets, gathered from left to right.
struct LSHChooser: QueryChooser {
    private let method: LSHAttention
    private let place: HeadPlace
    private let states: any LayerStates
    private let hashes: LSHHashes
    /// Ascending. [round][bucket]
    private var members: [[Int32: [Int32]]]
    private var hashed = 0

    init(method: LSHAttention, place: HeadPlace, states: any LayerStates) {
        self.method = method
        self.place = place
        self.states = states
        hashes = method.hashes(for: place, states: states)
        members = Array(repeating: [:], count: method.rounds)
    }

    mutating func choice(for query: Int) -> KeyChoice {
        if hashed <= query {
            let new = hashed..<query + 1
            let found =
                method.isShared
                ? hashes.buckets(ofQueries: new, place: place, states: states)
                : hashes.buckets(ofKeys: new, place: place, states: states)
            for (round, buckets) in found.enumerated() {
                for (key, bucket) in zip(new, buckets) { members[round][bucket, default: []].append(Int32(key)) }
            }
            hashed = query + 1
        }
        let buckets = hashes.buckets(ofQueries: query..<query + 1, place: place, states: states).map { $0[0] }
        return choice(for: query, buckets: buckets)
    }

    private func choice(for query: Int, buckets: [Int32]) -> KeyChoice {
        // The first round that finds a key, and how many do.
        var found: [Int: (round: Int, count: Int)] = [:]
        for (round, bucket) in buckets.enumerated() {
            for key in members[round][bucket] ?? [] where key < query {
                let known = found[Int(key)] ?? (round, 0)
                found[Int(key)] = (known.round, known.count + 1)
            }
        }
        // Its own key counts once where it is read at all.
        let first = max(0, query + 1 - (found.isEmpty ? max(1, method.window) : method.window))
        let rounds = found
        let keys = Set(rounds.keys).union(first..<query + 1).sorted()
        let copies =
            method.form == .rounds ? KeyCopies.found(keys.map { ($0, rounds[$0]?.count ?? 1) }) : []
        return KeyChoice(query: query, keys: KeyRanges(ascending: keys), copies: copies) { key in
            if key >= first { return VisibilityReason(.window, say("kept: one of the last \(query + 1 - first) keys")) }
            guard let (round, _) = rounds[key] else {
                return VisibilityReason(.notSelected, say("hidden: in another bucket in all \(buckets.count) rounds"))
            }
            return VisibilityReason(
                .selected, say("selected: in bucket \(buckets[round]) with the query in round \(round)"))
        }
    }
}
