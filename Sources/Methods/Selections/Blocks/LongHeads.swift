import RopewalkPhrases

/// The first chunk, the last two, and those whose summary key scores highest, for each head its own.
package struct LongHeads: StateSelection, DirectSelection, Equatable {
    package static let description = MethodDescription(
        name: "longheads", family: .selection, title: "LongHeads",
        summary:
            "Each head reads a few chunks within the trained length: the first, the last two, and those whose summary key "
            + "scores highest. A chunk's summary is its keys under the attention of its mean output, from reading the "
            + "chunk by itself in both directions. As in the authors' code the query that chooses is not turned, keys are "
            + "turned by their place in their chunk then, and what is read is numbered anew, 0, 1, 2 and so on, the query "
            + "last: no distance is longer than the budget (renumber=0: distances of the text). The code has two forms: the "
            + "one for prompts leaves out the query's own key, which is read here; in the other (decode=1), for one query "
            + "and a cache, one that ends its chunk reads a chunk less, and the chunk before its own has to be chosen.",
        source: "Lu et al., LongHeads, 2024 (arXiv 2402.10685), chunks of 256 and 4,096 keys",
        parameters: [
            .count("chunk", "tokens in a chunk", default: 256),
            .count("budget", "keys that a query reads, a whole number of chunks", default: 4096),
            .flag(
                "renumber", "whether what is read is numbered anew, so that its distances are those inside the budget",
                default: true),
            .flag(
                "decode", "whether every query chooses as in the code for decoding; 0: as in that for a prompt",
                default: false),
        ],
        flops: "4·N·chunk·d a head for the summaries, N·(N/chunk)·d to choose, 4·N·budget·d for what is read",
        memory: "2·N·d numbers a key/value head, and N·d/chunk of summaries a head")

    package let chunk: Int
    package let budget: Int
    package let renumbers: Bool
    package let decodes: Bool

    package init(chunk: Int, budget: Int, renumbers: Bool = true, decodes: Bool = false) {
        self.chunk = chunk
        self.budget = budget
        self.renumbers = renumbers
        self.decodes = decodes
    }

    package init(values: [Double]) {
        self.init(
            chunk: Int(values[0]), budget: Int(values[1]), renumbers: values[2] != 0, decodes: values[3] != 0)
    }
    package var values: [Double] { [Double(chunk), Double(budget), renumbers ? 1 : 0, decodes ? 1 : 0] }

    package var contradiction: String? {
        budget / chunk < 3
            ? say(
                """
                budget \(budget.grouped) holds fewer than three chunks of \(chunk.grouped): the first and the \
                last two
                """)
            : nil
    }

    /// The summary key of a chunk: o the mean of softmax(Q·Kᵀ/√d)·V over its rows, then softmax(o·Kᵀ/√d)·K. [dimension]
    ///
    /// - Parameters:
    ///   - weights: Mean over the chunk's queries of their weights on its keys. [key]
    ///   - keys: [key, dimension]
    ///   - values: [key][dimension]
    package static func summary(weights: [Double], keys: [Float], values: [[Float]]) -> [Double] {
        let dimension = values.first?.count ?? 0
        var output = [Double](repeating: 0, count: dimension)
        for (weight, value) in zip(weights, values) {
            for c in 0..<dimension { output[c] += weight * Double(value[c]) }
        }
        var scores = [Double](repeating: 0, count: weights.count)
        for key in scores.indices {
            for c in 0..<dimension { scores[key] += output[c] * Double(keys[key * dimension + c]) }
            scores[key] /= Double(dimension).squareRoot()
        }
        var result = [Double](repeating: 0, count: dimension)
        for (key, weight) in softmax(scores).enumerated() {
            for c in 0..<dimension { result[c] += weight * Double(keys[key * dimension + c]) }
        }
        return result
    }

    package var keyPeriod: Int? { renumbers ? chunk : nil }

    /// What is read is numbered in the order of the text, the query's own key last.
    package func places(of keys: KeyRanges, query: Int) -> [PlacedKeys] {
        guard renumbers else { return [] }
        let count = keys.count
        var rank = 0
        var result: [PlacedKeys] = []
        for range in keys.ranges {
            var start = range.lowerBound
            while start < range.upperBound {
                let end = min(range.upperBound, (start / chunk + 1) * chunk)
                let distance = count - 1 - rank
                if distance != query - start {
                    result.append(PlacedKeys(keys: start..<end, place: distance + start % chunk))
                }
                rank += end - start
                start = end
            }
        }
        return result
    }

    /// Whether a query reads a chunk less, as in decoding, because it is the last of its own.
    func readsLess(_ query: Int) -> Bool { decodes && (query + 1) % chunk == 0 && query + 1 > budget / chunk * chunk }

    /// Why a chunk is read whatever its score.
    func forcing(_ index: Int, own: Int, readsLess: Bool) -> (@Sendable () -> String)? {
        if index == own { return { say("the query's own chunk") } }
        if index == own - 1, !readsLess { return { say("the chunk before the query's") } }
        guard index == 0 else { return nil }
        return { say("the first chunk") }
    }

    /// The chunks that are read, ascending.
    ///
    /// - Parameters:
    ///   - scores: Of all chunks before the query's own. [chunk]
    ///   - readsLess: whether the query ends its chunk in decoding
    package func chunks(scores: [Double], readsLess: Bool = false) -> [Int] {
        let ranks = (0...scores.count).map {
            forcing($0, own: scores.count, readsLess: readsLess) == nil ? scores[$0] : .infinity
        }
        return HighestScores.indices(budget / chunk - (readsLess ? 1 : 0), of: ranks)
    }

    func chooser(for place: HeadPlace, states: any LayerStates) -> LongHeadsChooser {
        LongHeadsChooser(method: self, place: place, states: states)
    }
}

struct LongHeadsChooser: QueryChooser {
    private let method: LongHeads
    private let place: HeadPlace
    private let states: any LayerStates
    private var summaries: BlockVectors

    init(method: LongHeads, place: HeadPlace, states: any LayerStates) {
        self.method = method
        self.place = place
        self.states = states
        summaries = BlockVectors(dimension: states.dimension)
    }

    mutating func choice(for query: Int) -> KeyChoice {
        let own = query / method.chunk
        while summaries.count < own { summaries.append(summary(of: summaries.count)) }
        let scores = summaries.products(
            with: states.query(query, head: place.head, at: 0), count: own, scale: states.scale(of: query))
        let readsLess = method.readsLess(query)
        let chosen = method.chunks(scores: scores, readsLess: readsLess)
        var forced: [Int: @Sendable () -> String] = [:]
        for chunk in chosen { forced[chunk] = method.forcing(chunk, own: own, readsLess: readsLess) }
        return BlockChoice(
            noun: .chunk, score: "score of its summary", size: method.chunk, query: query, scores: scores,
            chosen: chosen, forced: forced
        ).keyChoice
    }

    private func summary(of chunk: Int) -> [Double] {
        let range = chunk * method.chunk..<(chunk + 1) * method.chunk
        let keyHead = states.keyHead(of: place.head)
        let keys = states.keys(range, keyHead: keyHead, at: 0, movingOn: true)
        var weights = [Double](repeating: 0, count: range.count)
        for query in range {
            let vector = states.query(query, head: place.head, at: query - range.lowerBound)
            let row = softmax(products(vector, keys, scale: states.scale(of: query)))
            for key in weights.indices { weights[key] += row[key] / Double(range.count) }
        }
        return LongHeads.summary(
            weights: weights, keys: keys, values: range.map { states.value($0, keyHead: keyHead) })
    }

    /// A query's products with keys that lie in a row. [key]
    private func products(_ query: [Float], _ keys: [Float], scale: Double) -> [Double] {
        stride(from: 0, to: keys.count, by: max(1, query.count)).map { start in
            var sum = 0.0
            for c in query.indices { sum += Double(query[c]) * Double(keys[start + c]) }
            return sum * scale
        }
    }
}
