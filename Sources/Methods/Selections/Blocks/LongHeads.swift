import RopewalkPhrases

/// The first chunk, the last two, and those whose summary key scores highest, for each head its own.
package struct LongHeads: StateSelection, DirectSelection, Equatable {
    package static let description = MethodDescription(
        name: "longheads", family: .selection, title: "LongHeads",
        summary:
            "Each head reads a few chunks within the trained length: the first, the last two, and those whose summary key "
            + "scores highest. A chunk's summary is its keys under the attention of its mean output, from reading the "
            + "chunk by itself in both directions. As in the authors' code the query that chooses is not turned, and keys are "
            + "turned by their place in their chunk, whatever the scenario's positions; the code also numbers the tokens "
            + "that are read anew, which the weights here do not.",
        source: "Lu et al., LongHeads, 2024 (arXiv 2402.10685), chunks of 256 and 4,096 keys",
        parameters: [
            .count("chunk", "tokens in a chunk", default: 256),
            .count("budget", "keys that a query reads, a whole number of chunks", default: 4096),
        ],
        flops: "4·N·chunk·d a head for the summaries, N·(N/chunk)·d to choose, 4·N·budget·d for what is read",
        memory: "2·N·d numbers a key/value head, and N·d/chunk of summaries a head")

    package let chunk: Int
    package let budget: Int

    package init(chunk: Int, budget: Int) {
        self.chunk = chunk
        self.budget = budget
    }

    package init(values: [Double]) { self.init(chunk: Int(values[0]), budget: Int(values[1])) }
    package var values: [Double] { [Double(chunk), Double(budget)] }

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

    /// Why a chunk is read whatever its score.
    func forcing(_ index: Int, own: Int) -> (@Sendable () -> String)? {
        if index == own { return { say("the query's own chunk") } }
        if index == own - 1 { return { say("the chunk before the query's") } }
        guard index == 0 else { return nil }
        return { say("the first chunk") }
    }

    /// The chunks that are read, ascending.
    ///
    /// - Parameter scores: Of all chunks before the query's own. [chunk]
    package func chunks(scores: [Double]) -> [Int] {
        let ranks = (0...scores.count).map { forcing($0, own: scores.count) == nil ? scores[$0] : .infinity }
        return HighestScores.indices(budget / chunk, of: ranks)
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
        let chosen = method.chunks(scores: scores)
        var forced: [Int: @Sendable () -> String] = [:]
        for chunk in chosen { forced[chunk] = method.forcing(chunk, own: own) }
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
