import RopewalkPhrases

/// Chooses the memory blocks of one query after the other, for all heads of a layer.
struct InfLLMChooser: QueryChooser {
    private let method: InfLLM
    private let states: any LayerStates
    /// The mean of each block's representative keys, which are not turned. [head]
    private var blockKeys: [BlockVectors]
    /// Sum of the queries whose window holds the last token of the blocks so far. [head][dimension]
    private var querySums: [[Double]] = []
    /// What queries so far gave each key in their window, with `usesMass` alone. [head][key]
    private var masses: [[Double]]
    /// Queries whose weights are in `masses`.
    private var weighed = 0

    init(method: InfLLM, states: any LayerStates) {
        self.method = method
        self.states = states
        blockKeys = (0..<states.heads).map { _ in BlockVectors(dimension: states.dimension) }
        masses = Array(repeating: [], count: states.heads)
    }

    mutating func choice(for query: Int) -> KeyChoice {
        if method.usesMass {
            // Weights depend on what earlier queries chose.
            while weighed < query { weigh(choose(weighed)) }
        }
        return choose(query)
    }

    private mutating func choose(_ query: Int) -> KeyChoice {
        let count = method.blockCount(query: query)
        while blockKeys.first.map({ $0.count < count }) ?? false { appendBlock() }
        var scores = [Double](repeating: 0, count: count)
        let scale = states.scale(of: query)
        for (head, keys) in blockKeys.enumerated() where count > 0 {
            let vector = states.query(query, head: head, at: method.local - 1)
            let products = keys.products(with: vector, count: count, scale: scale)
            for block in scores.indices { scores[block] += products[block] }
        }
        return choice(for: query, scores: scores)
    }

    private func choice(for query: Int, scores: [Double]) -> KeyChoice {
        let method = method
        let chosen = method.blocks(scores: scores)
        let fixed = KeyRanges.sinksAndWindow(
            sink: method.first, window: method.local, query: query, tokens: query + 1)
        let remainder = method.remainder(query: query)
        let memory = BlockChoice(
            noun: .memoryBlock, score: "score of its representatives in all heads", size: method.block,
            query: query, scores: scores, chosen: chosen, forced: [:], start: method.first)
        return KeyChoice(query: query, keys: KeyRanges(memory.ranges).union(fixed).union(KeyRanges(remainder))) { key in
            if query - key < method.local { return .inWindow(query: query, key: key, window: method.local) }
            if key < method.first { return .isSink(key: key, sink: method.first) }
            if remainder.contains(key) {
                return VisibilityReason(
                    .block,
                    say(
                        """
                        kept: tokens \(remainder.text) have left the window and are not yet a block of \
                        \(method.block.grouped)
                        """))
            }
            return memory.reason(key)
        }
    }

    /// Adds the weights of the next query to those of the keys in its window.
    private mutating func weigh(_ choice: KeyChoice) {
        let query = weighed
        let keys = choice.keys.keys
        let first = max(0, query - method.local + 1)
        for head in masses.indices {
            masses[head].append(0)
            let weights = softmax(states.scores(query: query, head: head, keys: choice.keys))
            for (key, weight) in zip(keys, weights) where key >= first { masses[head][key] += weight }
        }
        weighed += 1
    }

    /// Makes the next block's key in every head: the mean of its representatives.
    private mutating func appendBlock() {
        let index = blockKeys.first?.count ?? 0
        let range = method.blockRange(index)
        let dimension = states.dimension
        if querySums.isEmpty, !method.usesMass {
            querySums = (0..<states.heads).map { firstSums(before: range.lowerBound, head: $0) }
        }
        for head in 0..<states.heads {
            let keyHead = states.keyHead(of: head)
            let scores = method.usesMass ? Array(masses[head][range]) : meanScores(of: range, head: head)
            let tokens = method.representatives(of: index, scores: scores)
            let keys = states.keys(range, keyHead: keyHead, at: 0, movingOn: false)
            blockKeys[head].appendMean(
                of: tokens.flatMap { token in
                    let start = (token - range.lowerBound) * dimension
                    return keys[start..<start + dimension]
                })
        }
    }

    /// The sum of the queries whose window begins with `start`, but for its own and with the token before. [dimension]
    private func firstSums(before start: Int, head: Int) -> [Double] {
        var sum = [Double](repeating: 0, count: states.dimension)
        let queries = states.queries(start..<start + method.local - 1, head: head)
        for index in queries.indices { sum[index % states.dimension] += Double(queries[index]) }
        return sum
    }

    /// Moves the window of summed queries over a block and scores its keys with it: each key with the `local` − 1
    /// queries that follow it. [block]
    private mutating func meanScores(of range: Range<Int>, head: Int) -> [Double] {
        let dimension = states.dimension
        let keys = states.keys(range, keyHead: states.keyHead(of: head), piece: 0)
        let leaving = states.queries(range, head: head)
        let next = range.lowerBound + method.local - 1
        let entering = states.queries(next..<next + range.count, head: head)
        var sum = querySums[head]
        var scores = [Double](repeating: 0, count: range.count)
        for token in scores.indices {
            var score = 0.0
            for c in 0..<dimension {
                let place = token * dimension + c
                sum[c] += Double(entering[place]) - Double(leaving[place])
                score += sum[c] * Double(keys[place])
            }
            scores[token] = score
        }
        querySums[head] = sum
        return scores
    }
}
