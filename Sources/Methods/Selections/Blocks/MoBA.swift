import RopewalkPhrases

/// The own block and the earlier blocks whose mean key scores highest.
package struct MoBA: StateSelection, DirectSelection, Equatable {
    package static let description = MethodDescription(
        name: "moba", family: .selection, title: "MoBA, mixture of block attention",
        summary:
            "Each query reads the block it stands in, up to itself, and the earlier blocks whose mean key has the highest "
            + "product with it.",
        source: "Lu et al., MoBA, 2025 (arXiv 2502.13189), block 512 and top 3 there, the own block counted; "
            + "the last layers are dense in some of its models",
        parameters: [
            .count("block", "keys in a block", default: 512),
            .count("topk", "blocks that a query reads, its own included", unit: "blocks", default: 3),
            .count("dense-layers", "last layers that read everything", unit: "layers", default: 0, from: 0),
        ],
        flops: "N·(N/block)·d a head for the means, 4·N·topk·block·d for what is read",
        memory: "2·N·d numbers a key/value head, and N·d/block of means")

    package let block: Int
    package let topk: Int
    package let denseLayers: Int

    package init(block: Int, topk: Int, denseLayers: Int = 0) {
        self.block = block
        self.topk = topk
        self.denseLayers = denseLayers
    }

    package init(values: [Double]) {
        self.init(block: Int(values[0]), topk: Int(values[1]), denseLayers: Int(values[2]))
    }
    package var values: [Double] { [Double(block), Double(topk), Double(denseLayers)] }

    /// The blocks that are read, ascending; the last is the query's own.
    ///
    /// - Parameter scores: Of all complete blocks before the query's own. [block]
    package func blocks(scores: [Double]) -> [Int] {
        HighestScores.indices(topk - 1, of: scores) + [scores.count]
    }

    func chooser(for place: HeadPlace, states: any LayerStates) -> MoBAChooser {
        MoBAChooser(method: self, place: place, states: states)
    }
}

struct MoBAChooser: QueryChooser {
    private let method: MoBA
    private let place: HeadPlace
    private let states: any LayerStates
    private var means: PooledKeys

    init(method: MoBA, place: HeadPlace, states: any LayerStates) {
        self.method = method
        self.place = place
        self.states = states
        means = PooledKeys(states: states, keyHead: states.keyHead(of: place.head))
    }

    mutating func choice(for query: Int) -> KeyChoice {
        guard place.layer < place.layers - method.denseLayers else {
            let layers = method.denseLayers.grouped
            return .dense(
                query: query, because: say("the last \(layers) layers read everything (dense-layers)"))
        }
        let own = query / method.block
        while means.count < own {
            means.append(means.count * method.block..<(means.count + 1) * method.block)
        }
        let scores = means.scores(query: query, head: place.head, count: own)
        return BlockChoice(
            noun: .block, score: "score of its mean key", size: method.block, query: query, scores: scores,
            chosen: method.blocks(scores: scores), forced: [own: { say("the query's own block") }]
        ).keyChoice
    }
}
