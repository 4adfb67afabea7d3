import RopewalkPhrases

/// The keys that fall into a query's bucket in one of some rounds of hashing, or lie beside it in what is sorted by buckets.
package struct LSHAttention: StateSelection, Equatable {
    /// What a key is worth that several rounds find.
    package enum Form: Sendable {
        /// One softmax over all that any round finds, each once: the paper's formula.
        case union
        /// A softmax a round, put together by the sums of their exponentials: the authors' code. A key counts once a round.
        case rounds
    }

    package static let description = MethodDescription(
        name: "lsh", family: .selection, title: "Reformer, LSH attention",
        summary:
            "In every round queries and keys are turned by random directions, and the largest product, of either sign, names "
            + "their bucket: a query reads the keys that share one with it in any round. With chunk the tokens of a round are "
            + "sorted by bucket and cut into chunks, and a query reads its own and those before it, as in the authors' code: "
            + "which keys those are depends on later tokens too, so that the text is read in one piece.",
        source:
            "Kitaev et al., Reformer, 2020 (arXiv 2001.04451), 8 rounds come close to full attention there. Its formula is "
            + "form=union; its code (trax, transformers) form=code with chunks, shared=1, window=0 and keys of length 1",
        parameters: [
            ParameterDescription(
                "rounds", meaning: "rounds of hashing", unit: "rounds", default: 8, range: 1...1024, isInteger: true),
            .count("buckets", "buckets of a round, two for each direction", unit: "buckets", default: 64, from: 2),
            .count(
                "split", "buckets of a second turning, each of which splits every bucket; 1 for none", unit: "buckets",
                default: 1),
            .count(
                "chunk", "tokens of a chunk of what is sorted by buckets; 0 reads whole buckets", default: 0, from: 0),
            ParameterDescription(
                "back", meaning: "chunks before its own that a query reads", unit: "chunks", default: 1, range: 0...64,
                isInteger: true),
            .flag("shared", "whether a token's query names the bucket of its key too", default: false),
            .kind(
                "form",
                "keys of its buckets count once, or once a round; all keys of its chunks once a round, or once",
                of: ["union", "rounds", "code", "reach"]),
            .count(
                "window", "last keys always read; 0 leaves out the query's own unless it finds no other", default: 1,
                from: 0),
            ParameterDescription(
                "seed", meaning: "another one draws other directions", default: 0, range: 0...9_999, isInteger: true),
        ],
        flops: "N·rounds·buckets·d a head to hash queries and keys, 4·d for each key that is read",
        memory: "2·N·d numbers a key/value head, and N·rounds buckets")

    package var rounds: Int
    package var buckets: Int
    package var factor = 1
    package var chunk = 0
    package var before = 1
    package var readsAcross = false
    package var isShared = false
    package var form = Form.union
    package var window: Int
    package var seed: Int
    /// Tokens that the text is filled up to before it is cut into chunks; nil for whole chunks.
    package var filledTo: Int?
    /// Where directions come from that are not drawn from `seed`.
    package var drawn: TorchDirections?

    /// Numbers of all directions of a layer that are made at once.
    private static let largest = 1 << 16
    /// Chunks are sorted for so many rounds at most.
    private static let mostRoundsOfChunks = 64

    package init(rounds: Int, buckets: Int, window: Int = 1, seed: Int = 0) {
        self.rounds = rounds
        self.buckets = buckets
        self.window = window
        self.seed = seed
    }

    package init(values: [Double]) {
        self.init(rounds: Int(values[0]), buckets: Int(values[1]), window: Int(values[7]), seed: Int(values[8]))
        factor = Int(values[2])
        chunk = Int(values[3])
        before = Int(values[4])
        isShared = values[5] != 0
        readsAcross = values[6] >= 2
        form = values[6] == 1 || values[6] == 2 ? .rounds : .union
    }

    package var values: [Double] {
        [
            rounds, buckets, factor, chunk, before, isShared ? 1 : 0, kind, window, seed,
        ].map(Double.init)
    }

    /// Place in the parameter `form`.
    private var kind: Int {
        switch form {
        case .union: readsAcross ? 3 : 0
        case .rounds: readsAcross ? 2 : 1
        }
    }

    package var contradiction: String? {
        if buckets % 2 != 0 { return say("buckets \(buckets.grouped) is odd: every direction has two") }
        if factor > 1, factor % 2 != 0 { return say("split \(factor.grouped) is odd: every direction has two") }
        if rounds.multipliedReportingOverflow(by: buckets).overflow || rounds * buckets > Self.largest {
            return say(
                "\(rounds.grouped) rounds of \(buckets.grouped) buckets are more than \(Self.largest.grouped) together")
        }
        if rounds * factor > Self.largest {
            return say(
                "\(rounds.grouped) rounds of \(factor.grouped) buckets are more than \(Self.largest.grouped) together")
        }
        if chunk == 0, readsAcross {
            return say("form=code and form=reach need chunks: without them a query reads its buckets")
        }
        if chunk > 0, rounds > Self.mostRoundsOfChunks {
            return say("chunks take at most \(Self.mostRoundsOfChunks) rounds, not \(rounds.grouped)")
        }
        return nil
    }

    /// Of a round.
    package var bucketCount: Int { buckets * factor }
    package var readsAhead: Bool { chunk > 0 }
    package var followsFromStates: Bool { true }
    package var countsCopies: Bool { form == .rounds }
    /// Bucket, place in the order and the order itself, of queries and where they differ of keys.
    package var tableNumbers: Double { readsAhead ? Double(rounds * (isShared ? 3 : 5)) : 0 }

    /// The directions of a round, those of the second turning after the others. [bucket / 2 + factor / 2][dimension]
    package func directions(round: Int, layer: Int, dimension: Int) -> [[Double]] {
        var random = GaussianNumbers(
            seed: (UInt64(seed) &* 1_000_003 &+ UInt64(layer)) &* 4_294_967_311 &+ UInt64(round))
        return (0..<buckets / 2 + (factor > 1 ? factor / 2 : 0)).map { _ in random.row(dimension) }
    }

    /// The bucket of a state: the direction that it lies along most, or half the buckets on where it points away; of
    /// equal ones the first.
    package static func bucket(of state: some RandomAccessCollection<Float>, directions: [[Double]]) -> Int {
        let products = directions.map { zip($0, state).reduce(0) { $0 + $1.0 * Double($1.1) } }
        let both = products + products.map { -$0 }
        return both.indices.reduce(0) { both[$1] > both[$0] ? $1 : $0 }
    }

    package func selector(for place: HeadPlace, states: any LayerStates) -> any KeySelector {
        if let table = table(for: place, states: states) { return Steps(TableChooser(table: table)) }
        return Steps(LSHChooser(method: self, place: place, states: states))
    }

    package func choices(for queries: [Int], place: HeadPlace, states: any LayerStates) -> [Int: KeyChoice] {
        let queries = queries.filter((0..<states.tokens).contains)
        if let table = table(for: place, states: states) {
            return queries.reduce(into: [:]) { $0[$1] = table.choice(for: $1) }
        }
        var chooser = LSHChooser(method: self, place: place, states: states)
        return queries.sorted().reduce(into: [:]) { $0[$1] = chooser.choice(for: $1) }
    }

    package func choice(for query: Int, place: HeadPlace, states: any LayerStates) -> KeyChoice? {
        guard (0..<states.tokens).contains(query) else { return nil }
        return choices(for: [query], place: place, states: states)[query]
    }

    package func table(for place: HeadPlace, states: any LayerStates) -> (any KeyTable)? {
        chunk > 0 ? sortedBuckets(for: place, states: states) : nil
    }

    /// Buckets of all tokens, sorted and cut into chunks; without chunks a round is one, of which a query reads its bucket.
    package func sortedBuckets(for place: HeadPlace, states: any LayerStates) -> SortedBuckets {
        guard chunk > 0 else {
            var whole = self
            (whole.chunk, whole.before, whole.readsAcross) = (max(1, states.tokens), 0, false)
            return whole.sortedBuckets(for: place, states: states)
        }
        let hashes = hashes(for: place, states: states)
        return SortedBuckets(
            method: self, queries: hashes.buckets(ofQueries: 0..<states.tokens, place: place, states: states),
            keys: isShared ? nil : hashes.buckets(ofKeys: 0..<states.tokens, place: place, states: states))
    }

    /// What names the buckets of a head in every round.
    func hashes(for place: HeadPlace, states: any LayerStates) -> LSHHashes {
        let dimension = states.dimension
        let all = (0..<rounds).map { round in
            drawn?.directions(head: place.head, round: round, dimension: dimension, method: self)
                ?? directions(round: round, layer: place.layer, dimension: dimension)
        }
        return LSHHashes(directions: all, first: buckets / 2, dimension: dimension)
    }
}
