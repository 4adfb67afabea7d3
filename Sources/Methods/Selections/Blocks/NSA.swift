import RopewalkPhrases

/// Blocks chosen by the attention to pooled keys, and a window.
package struct NSA: StateSelection, DirectSelection, Equatable {
    package static let description = MethodDescription(
        name: "nsa", family: .selection, title: "NSA, native sparse attention",
        summary:
            "The attention to pooled, overlapping stretches of keys scores blocks; the heads of a key group together read "
            + "the best blocks, the first ones and the last ones, and a window. Stretches are pooled by their mean here, "
            + "where the method learns the pooling. Shown are the keys of the block and window branches together, under one "
            + "plain softmax; the method has three branches with learned gates, and the pooled one reads no single key.",
        source: "Yuan et al., Native Sparse Attention, 2025 (arXiv 2502.11089)",
        parameters: [
            .count("length", "keys pooled into one", default: 32),
            .count("stride", "keys from one pooled stretch to the next; divides length and block", default: 16),
            .count("block", "keys in a block that is read", default: 64),
            .count("blocks", "blocks that a query reads, forced ones included", unit: "blocks", default: 16),
            .count("init", "first blocks always read", unit: "blocks", default: 1, from: 0),
            .count("local", "last blocks always read, the query's own included", unit: "blocks", default: 2),
            .count("window", "last keys always read", default: 512),
        ],
        flops: "N·(N/stride)·d a head for the pooled keys, 4·N·(blocks·block + window)·d for what is read",
        memory: "2·N·d numbers a key/value head, and 2·N·d/stride pooled")

    package let length: Int
    package let stride: Int
    package let block: Int
    package let blocks: Int
    package let first: Int
    package let local: Int
    package let window: Int

    package init(length: Int, stride: Int, block: Int, blocks: Int, first: Int, local: Int, window: Int) {
        self.length = length
        self.stride = stride
        self.block = block
        self.blocks = blocks
        self.first = first
        self.local = local
        self.window = window
    }

    package init(values: [Double]) {
        self.init(
            length: Int(values[0]), stride: Int(values[1]), block: Int(values[2]), blocks: Int(values[3]),
            first: Int(values[4]), local: Int(values[5]), window: Int(values[6]))
    }
    package var values: [Double] { [length, stride, block, blocks, first, local, window].map(Double.init) }

    package var contradiction: String? {
        if length % stride != 0 || block % stride != 0 {
            return say("stride \(stride.grouped) does not divide length \(length.grouped) and block \(block.grouped)")
        }
        if first + local > blocks {
            return say("init \(first.grouped) and local \(local.grouped) are more than blocks \(blocks.grouped)")
        }
        return nil
    }

    package var sharing: HeadSharing { .group }

    /// Pooled stretches that end at the query or before it.
    package func compressedCount(query: Int) -> Int {
        query + 1 < length ? 0 : (query + 1 - length) / stride + 1
    }

    /// The blocks' scores of one head: each block sums the weights of the stretches that overlap it, one at its edge
    /// fewer times than one inside. [block]
    ///
    /// - Parameter weights: Softmax over the visible stretches. [stretch]
    package func blockScores(weights: [Double], query: Int) -> [Double] {
        var scores = [Double](repeating: 0, count: query / block + 1)
        let perBlock = block / stride
        let perLength = length / stride
        for index in scores.indices {
            // Stretch block·perBlock + m − n for every m of the block and every n of the stretch's length.
            let start = index * perBlock
            let stretches = max(0, start + 1 - perLength)..<max(0, start + perBlock)
            for stretch in stretches.clamped(to: weights.indices) {
                let offset = stretch - start
                let pairs = min(perBlock - 1, offset + perLength - 1) - max(0, offset) + 1
                scores[index] += Double(pairs) * weights[stretch]
            }
        }
        return scores
    }

    /// Why a block is read whatever its score; nil where its score decides.
    func forcing(_ index: Int, of count: Int) -> (@Sendable () -> String)? {
        if index < first { return { say("one of the first \(first.grouped)") } }
        if index >= count - local { return { say("one of the last \(local.grouped)") } }
        return nil
    }

    /// The blocks that are read, ascending.
    ///
    /// - Parameter scores: Of all blocks up to the query's own, summed over the heads of its group. [block]
    package func chosenBlocks(scores: [Double]) -> [Int] {
        let ranks = scores.indices.map { forcing($0, of: scores.count) == nil ? scores[$0] : .infinity }
        return HighestScores.indices(blocks, of: ranks)
    }

    func chooser(for place: HeadPlace, states: any LayerStates) -> NSAChooser {
        NSAChooser(method: self, place: place, states: states)
    }
}

struct NSAChooser: QueryChooser {
    private let method: NSA
    private let place: HeadPlace
    private let states: any LayerStates
    private var pooled: PooledKeys

    init(method: NSA, place: HeadPlace, states: any LayerStates) {
        self.method = method
        self.place = place
        self.states = states
        pooled = PooledKeys(states: states, keyHead: states.keyHead(of: place.head))
    }

    mutating func choice(for query: Int) -> KeyChoice {
        let method = method
        let count = method.compressedCount(query: query)
        while pooled.count < count {
            let start = pooled.count * method.stride
            pooled.append(start..<start + method.length)
        }
        let scores = blockScores(query: query, count: count)
        let chosen = method.chosenBlocks(scores: scores)
        var forced: [Int: @Sendable () -> String] = [:]
        for block in chosen { forced[block] = method.forcing(block, of: scores.count) }
        let blocks = BlockChoice(
            noun: .block, score: "weight of its pooled keys", size: method.block, query: query, scores: scores,
            chosen: chosen, forced: forced)
        let window = KeyRanges(from: max(0, query - method.window + 1), to: query + 1)
        return KeyChoice(query: query, keys: KeyRanges(blocks.ranges).union(window)) { key in
            query - key < method.window
                ? .inWindow(query: query, key: key, window: method.window) : blocks.reason(key)
        }
    }

    /// Summed over the heads that share the keys. [block]
    private func blockScores(query: Int, count: Int) -> [Double] {
        var sum = [Double](repeating: 0, count: query / method.block + 1)
        for head in states.group(of: place.head) {
            let products = pooled.scores(query: query, head: head, count: count)
            let scores = method.blockScores(weights: softmax(products), query: query)
            for block in sum.indices { sum[block] += scores[block] }
        }
        return sum
    }
}
