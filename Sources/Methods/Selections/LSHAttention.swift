import RopewalkPhrases

/// The keys that fall into a query's bucket in one of some rounds of hashing.
package struct LSHAttention: StateSelection, DirectSelection, Equatable {
    package static let description = MethodDescription(
        name: "lsh", family: .selection, title: "Reformer, LSH attention",
        summary:
            "In every round queries and keys are turned by random directions, and the largest product, of either sign, names "
            + "their bucket: a query reads the keys that share one with it in any round, under one softmax, as the paper's "
            + "formula has it. Its model has one vector for queries and keys; this one has not, and both are hashed alike.",
        source:
            "Kitaev et al., Reformer, 2020 (arXiv 2001.04451), 8 rounds come close to full attention there; its code cuts what "
            + "is sorted by buckets into chunks, whose edges depend on later tokens: a reader from left to right has no chunks",
        parameters: [
            .count("rounds", "rounds of hashing", unit: "rounds", default: 8),
            .count("buckets", "buckets of a round, two for each direction", unit: "buckets", default: 64, from: 2),
            .count("window", "last keys always read, the query's own among them", default: 1),
            ParameterDescription(
                "seed", meaning: "another one draws other directions", default: 0, range: 0...9_999, isInteger: true),
        ],
        flops: "N·rounds·buckets·d a head to hash queries and keys, 4·d for each key that is read",
        memory: "2·N·d numbers a key/value head, and N·rounds buckets")

    package let rounds: Int
    package let buckets: Int
    package let window: Int
    package let seed: Int

    /// Numbers of all directions of a layer that are made at once.
    private static let largest = 1 << 16

    package init(rounds: Int, buckets: Int, window: Int = 1, seed: Int = 0) {
        self.rounds = rounds
        self.buckets = buckets
        self.window = window
        self.seed = seed
    }

    package init(values: [Double]) {
        self.init(rounds: Int(values[0]), buckets: Int(values[1]), window: Int(values[2]), seed: Int(values[3]))
    }
    package var values: [Double] { [rounds, buckets, window, seed].map(Double.init) }

    package var contradiction: String? {
        if buckets % 2 != 0 { return say("buckets \(buckets.grouped) is odd: every direction has two") }
        return rounds.multipliedReportingOverflow(by: buckets).overflow || rounds * buckets > Self.largest
            ? say(
                "\(rounds.grouped) rounds of \(buckets.grouped) buckets are more than \(Self.largest.grouped) together")
            : nil
    }

    /// The directions of a round. [bucket / 2][dimension]
    package func directions(round: Int, layer: Int, dimension: Int) -> [[Double]] {
        var random = GaussianNumbers(
            seed: (UInt64(seed) &* 1_000_003 &+ UInt64(layer)) &* 4_294_967_311 &+ UInt64(round))
        return (0..<buckets / 2).map { _ in random.row(dimension) }
    }

    /// The bucket of a state: the direction that it lies along most, or half the buckets on where it points away; of
    /// equal ones the first.
    package static func bucket(of state: some RandomAccessCollection<Float>, directions: [[Double]]) -> Int {
        let products = directions.map { zip($0, state).reduce(0) { $0 + $1.0 * Double($1.1) } }
        let both = products + products.map { -$0 }
        return both.indices.reduce(0) { both[$1] > both[$0] ? $1 : $0 }
    }

    func chooser(for place: HeadPlace, states: any LayerStates) -> LSHChooser {
        LSHChooser(method: self, place: place, states: states)
    }
}

struct LSHChooser: QueryChooser {
    private let method: LSHAttention
    private let place: HeadPlace
    private let states: any LayerStates
    /// [round][bucket / 2][dimension]
    private let directions: [[[Double]]]
    /// Ascending. [round][bucket]
    private var members: [[[Int32]]]
    private var hashed = 0

    init(method: LSHAttention, place: HeadPlace, states: any LayerStates) {
        self.method = method
        self.place = place
        self.states = states
        directions = (0..<method.rounds).map {
            method.directions(round: $0, layer: place.layer, dimension: states.dimension)
        }
        members = Array(
            repeating: Array(repeating: [], count: method.buckets), count: method.rounds)
    }

    mutating func choice(for query: Int) -> KeyChoice {
        while hashed <= query {
            let key = states.keys(hashed..<hashed + 1, keyHead: states.keyHead(of: place.head), piece: 0)
            for round in directions.indices {
                members[round][LSHAttention.bucket(of: key, directions: directions[round])].append(Int32(hashed))
            }
            hashed += 1
        }
        let state = states.query(query, head: place.head, piece: 0)
        let buckets = directions.map { LSHAttention.bucket(of: state, directions: $0) }
        let first = max(0, query + 1 - method.window)
        var rounds: [Int: Int] = [:]
        for (round, bucket) in buckets.enumerated() {
            for key in members[round][bucket] where Int(key) < first { rounds[Int(key)] = rounds[Int(key)] ?? round }
        }
        let found = rounds
        let keys = KeyRanges(ascending: found.keys.sorted() + Array(first...query))
        return KeyChoice(query: query, keys: keys) { key in
            if key >= first { return VisibilityReason(.window, say("kept: one of the last \(query + 1 - first) keys")) }
            guard let round = found[key] else {
                return VisibilityReason(.notSelected, say("hidden: in another bucket in all \(buckets.count) rounds"))
            }
            return VisibilityReason(
                .selected, say("selected: in bucket \(buckets[round]) with the query in round \(round)"))
        }
    }
}
