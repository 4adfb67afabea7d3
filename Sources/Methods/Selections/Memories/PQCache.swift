import RopewalkPhrases

/// The keys whose quantised form scores highest, with the first and the last ones.
package struct PQCache: StateSelection, Equatable {
    package static let description = MethodDescription(
        name: "pqcache", family: .selection, title: "PQCache",
        summary:
            "When the prompt has been read in full, its keys are product-quantised; the heads of a key group then read the "
            + "first tokens, the last ones, and those whose quantised keys promise the most attention. Later keys are "
            + "quantised with the same centroids when they leave the last ones. The first tokens of the text are the prompt.",
        source:
            "Zhang et al., PQCache, 2024 (arXiv 2407.12820), 2 parts of 6 bits, sink 32, a tenth of the prompt half "
            + "recent, half selected; the prompt's length and the rounds of k-means are ours",
        parameters: [
            .count("prompt", "first tokens of the text, read in full and then quantised", default: 4096),
            .count("sink", "first tokens always read", default: 32, from: 0),
            ParameterDescription(
                "ratio", meaning: "share of the prompt that is read, half recent and half selected", default: 0.1,
                range: 0...1),
            ParameterDescription(
                "parts", meaning: "parts of a key with a code each; must divide the dimension", default: 2,
                range: 1...256, isInteger: true),
            ParameterDescription(
                "bits", meaning: "bits of a code", unit: "bits", default: 6, range: 1...8, isInteger: true),
            ParameterDescription(
                "rounds", meaning: "rounds of k-means", default: 4, range: 0...100, isInteger: true),
        ],
        flops: "prompt·2^bits·d·rounds a key head for the centroids, N·2^bits·d + N²·parts/2 a head to choose, "
            + "4·N·(sink + ratio·prompt)·d for what is read",
        memory: "2·N·d numbers a key/value head, and N·parts·bits bits of codes")

    package let prompt: Int
    package let sink: Int
    package let ratio: Double
    package let parts: Int
    package let bits: Int
    package let rounds: Int

    package init(prompt: Int, sink: Int, ratio: Double, parts: Int, bits: Int, rounds: Int) {
        self.prompt = prompt
        self.sink = sink
        self.ratio = ratio
        self.parts = parts
        self.bits = bits
        self.rounds = rounds
    }

    package init(values: [Double]) {
        self.init(
            prompt: Int(values[0]), sink: Int(values[1]), ratio: values[2], parts: Int(values[3]),
            bits: Int(values[4]), rounds: Int(values[5]))
    }
    package var values: [Double] {
        [Double(prompt), Double(sink), ratio, Double(parts), Double(bits), Double(rounds)]
    }

    package var contradiction: String? {
        sink >= prompt ? say("sink \(sink.grouped) is all of prompt \(prompt.grouped): give a smaller one") : nil
    }

    package var sharing: HeadSharing { .group }

    /// Keys that are selected, and as many that are recent.
    package var selectedCount: Int { Int(ratio / 2 * Double(prompt - sink) + 1e-9) }

    /// Which keys are selected, ascending, for the heads of a group together: the highest sum of their weights, each
    /// head's softmax over the candidates.
    ///
    /// - Parameter scores: Approximate q·k/√d of the candidates. [head][candidate]
    package static func selected(_ count: Int, scores: [[Double]]) -> [Int] {
        HighestScores.indices(count, of: weights(scores))
    }

    /// [candidate]
    static func weights(_ scores: [[Double]]) -> [Double] {
        guard var sum = scores.first.map({ softmax($0) }) else { return [] }
        for head in scores.dropFirst() {
            for (index, weight) in softmax(head).enumerated() { sum[index] += weight }
        }
        return sum
    }

    package func selector(for place: HeadPlace, states: any LayerStates) -> any KeySelector {
        Steps(PQCacheChooser(method: self, place: place, states: states))
    }

    package func choice(for query: Int, place: HeadPlace, states: any LayerStates) -> KeyChoice? {
        guard (0..<states.tokens).contains(query) else { return nil }
        var chooser = PQCacheChooser(method: self, place: place, states: states)
        return chooser.choice(for: query)
    }
}

struct PQCacheChooser: QueryChooser {
    private let method: PQCache
    private let place: HeadPlace
    private let states: any LayerStates
    /// One for every way in which the scenario turns keys. [piece]
    private var quantisers: [ProductQuantiser] = []
    /// Of the keys from `sink` on, as far as they have left the recent ones. [piece][key, part]
    private var codes: [[UInt16]]

    init(method: PQCache, place: HeadPlace, states: any LayerStates) {
        self.method = method
        self.place = place
        self.states = states
        codes = Array(repeating: [], count: states.pieces)
    }

    /// A dimension that the parts do not divide has one part.
    private var parts: Int { states.dimension % method.parts == 0 ? method.parts : 1 }

    mutating func choice(for query: Int) -> KeyChoice {
        let method = method
        guard query >= method.prompt else {
            return .dense(
                query: query, because: say("the prompt of \(method.prompt.grouped) tokens is read in full (prompt)"))
        }
        let recent = method.selectedCount
        // The prompt's tokens have codes from the start; later ones get theirs when they leave the recent ones.
        let candidates = method.sink..<max(method.sink, query - recent)
        if quantisers.isEmpty { quantisers = codes.indices.map(trained) }
        for piece in codes.indices { encode(upTo: candidates.upperBound, piece: piece) }
        let scores = states.group(of: place.head).map { approximate(query: query, head: $0, keys: candidates) }
        let chosen = NearestKeys(
            recent, query: query, window: recent + 1, candidates: candidates, scores: PQCache.weights(scores),
            called: "weight by quantised keys, summed over the heads of a key,"
        ).keyChoice
        let sinks = KeyRanges(from: 0, to: method.sink)
        return KeyChoice(query: query, keys: chosen.keys.union(sinks)) { key in
            key < method.sink && query - key > recent ? .isSink(key: key, sink: method.sink) : chosen.reason(key)
        }
    }

    private func trained(piece: Int) -> ProductQuantiser {
        ProductQuantiser.trained(
            on: states.keys(method.sink..<method.prompt, keyHead: states.keyHead(of: place.head), piece: piece),
            dimension: states.dimension, parts: parts, count: 1 << method.bits, iterations: method.rounds)
    }

    private mutating func encode(upTo end: Int, piece: Int) {
        let known = method.sink + codes[piece].count / parts
        guard known < end else { return }
        codes[piece] += quantisers[piece].codes(
            ofRows: states.keys(known..<end, keyHead: states.keyHead(of: place.head), piece: piece))
    }

    /// Sums of table entries, of each key those of the way in which the query scores it. [candidate]
    private func approximate(query: Int, head: Int, keys: Range<Int>) -> [Double] {
        var result = [Double](repeating: 0, count: keys.count)
        let scale = states.scale(of: query)
        for piece in codes.indices {
            let scored = states.keys(of: query, piece: piece).clamped(to: keys)
            guard !scored.isEmpty else { continue }
            let table = quantisers[piece].table(query: states.query(query, head: head, piece: piece), scale: scale)
            let codes = codes[piece]
            for (part, row) in table.enumerated() {
                for key in scored {
                    result[key - keys.lowerBound] += row[Int(codes[(key - method.sink) * parts + part])]
                }
            }
        }
        return result
    }
}
