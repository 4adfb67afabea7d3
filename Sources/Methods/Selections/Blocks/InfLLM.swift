import RopewalkPhrases

/// First tokens, last tokens, and the blocks between whose representative keys score highest; all heads choose together.
package struct InfLLM: StateSelection, DirectSelection, Equatable {
    package static let description = MethodDescription(
        name: "infllm", family: .selection, title: "InfLLM context memory",
        summary:
            "Beside the first tokens and a local window, the heads of a layer together read the memory blocks whose "
            + "representative keys score highest; tokens that are not yet a whole block are read too. A key represents its "
            + "block by its mean score with the queries of the window after it (the paper's form). Scores are the "
            + "scenario's own, at true distances; the published code puts everything outside of the window at one "
            + "distance. Every query chooses for itself, as in decoding.",
        source: "Xiao et al., InfLLM, 2024 (arXiv 2402.04617), settings for Mistral in its code",
        parameters: [
            .count("init", "first tokens always read", default: 128, from: 0),
            .count("local", "last tokens always read, the query's own included", default: 4096),
            .count("block", "tokens in a memory block", default: 128),
            .count("topk", "memory blocks that a query reads", unit: "blocks", default: 16, from: 0),
            .count("representatives", "keys that stand for a block", default: 4),
        ],
        flops:
            "2·N·d a head for the representatives, N·(N/block)·d to choose, 4·N·(init + local + topk·block)·d to read",
        memory: "2·N·d numbers a key/value head, and N·d/block of block keys a head")

    package let first: Int
    package let local: Int
    package let block: Int
    package let topk: Int
    package let representatives: Int

    package init(first: Int, local: Int, block: Int, topk: Int, representatives: Int) {
        self.first = first
        self.local = local
        self.block = block
        self.topk = topk
        self.representatives = representatives
    }

    package init(values: [Double]) {
        self.init(
            first: Int(values[0]), local: Int(values[1]), block: Int(values[2]), topk: Int(values[3]),
            representatives: Int(values[4]))
    }
    package var values: [Double] {
        [Double(first), Double(local), Double(block), Double(topk), Double(representatives)]
    }

    package var sharing: HeadSharing { .layer }

    /// Memory blocks that lie outside of a query's window.
    package func blockCount(query: Int) -> Int { max(0, (query - first - local) / block) }

    /// The tokens of a memory block.
    package func blockRange(_ index: Int) -> Range<Int> {
        let start = first + index * block
        return start..<start + block
    }

    /// Tokens between the memory blocks and the window, which are read until they are a whole block.
    package func remainder(query: Int) -> Range<Int> {
        let start = first + blockCount(query: query) * block
        return start..<max(start, query - local + 1)
    }

    /// The keys that stand for a block, ascending.
    ///
    /// - Parameter scores: Representative scores of the block's tokens. [block]
    package func representatives(of block: Int, scores: [Double]) -> [Int] {
        HighestScores.indices(representatives, of: scores).map { blockRange(block).lowerBound + $0 }
    }

    /// The memory blocks that are read, ascending.
    package func blocks(scores: [Double]) -> [Int] { HighestScores.indices(topk, of: scores) }

    func chooser(for place: HeadPlace, states: any LayerStates) -> InfLLMChooser {
        InfLLMChooser(method: self, states: states)
    }
}

struct InfLLMChooser: QueryChooser {
    private let method: InfLLM
    private let states: any LayerStates
    /// The mean of each block's representative keys. [head]
    private var blockKeys: [BlockVectors]
    /// Sum of the queries that lie up to `local` tokens after the last token of the blocks so far. [head][dimension]
    private var querySums: [[Double]] = []

    init(method: InfLLM, states: any LayerStates) {
        self.method = method
        self.states = states
        blockKeys = (0..<states.heads).map { _ in BlockVectors(dimension: states.dimension) }
    }

    mutating func choice(for query: Int) -> KeyChoice {
        let count = method.blockCount(query: query)
        while blockKeys.first.map({ $0.count < count }) ?? false { appendBlock() }
        var scores = [Double](repeating: 0, count: count)
        let scale = 1 / Double(states.dimension).squareRoot()
        for (head, keys) in blockKeys.enumerated() {
            let products = keys.products(with: states.query(query, head: head), count: count, scale: scale)
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

    /// Makes the next block's key in every head: the mean of the keys with the highest mean score over the
    /// `local` queries that follow each of them.
    private mutating func appendBlock() {
        let index = blockKeys.first?.count ?? 0
        let range = method.blockRange(index)
        let dimension = states.dimension
        if querySums.isEmpty { querySums = (0..<states.heads).map { firstSums(before: range.lowerBound, head: $0) } }
        for head in 0..<states.heads {
            let keys = states.keys(range, keyHead: states.keyHead(of: head))
            let scores = representativeScores(of: range, head: head, keys: keys)
            let tokens = method.representatives(of: index, scores: scores)
            blockKeys[head].appendMean(
                of: tokens.flatMap { token in
                    let start = (token - range.lowerBound) * dimension
                    return keys[start..<start + dimension]
                })
        }
    }

    /// The sum of the queries that lie up to `local` tokens after the token before `start`. [dimension]
    private func firstSums(before start: Int, head: Int) -> [Double] {
        var sum = [Double](repeating: 0, count: states.dimension)
        let queries = states.queries(start..<start + method.local, head: head)
        for index in queries.indices { sum[index % states.dimension] += Double(queries[index]) }
        return sum
    }

    /// Moves the window of summed queries over a block and scores its keys with it. [block]
    private mutating func representativeScores(of range: Range<Int>, head: Int, keys: [Float]) -> [Double] {
        let dimension = states.dimension
        let leaving = states.queries(range, head: head)
        let entering = states.queries(range.lowerBound + method.local..<range.upperBound + method.local, head: head)
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
