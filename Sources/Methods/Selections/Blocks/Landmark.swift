import RopewalkPhrases

/// The own block and the earlier blocks whose landmark token scores highest.
package struct Landmark: StateSelection, DirectSelection, Equatable {
    package static let description = MethodDescription(
        name: "landmark", family: .selection, title: "Landmark attention",
        summary:
            "Every block ends in a landmark token that stands for it; a query reads its own block and the blocks whose "
            + "landmarks score highest, the landmarks themselves are not read. An ordinary model has no trained landmarks: "
            + "the last token of each block plays one. With stingy=1, as in the authors' code, landmarks before the last "
            + "topk + 1 are taken to stand where the first of these does, so that no unseen distance chooses; landmarks of "
            + "one word then tie in the first layer, and rounding decides. Shown are the keys that are read, under one plain softmax at the scenario's positions; the method's own weights go "
            + "through the landmarks, and its code moves the blocks that are read next to the query's.",
        source: "Mohtashami and Jaggi, Landmark Attention, 2023 (arXiv 2305.16300), blocks of 50 and a landmark, "
            + "2 to 5 blocks retrieved",
        parameters: [
            .count("block", "ordinary tokens in a block; its landmark follows them", default: 50),
            .count("topk", "earlier blocks that a query reads", unit: "blocks", default: 4, from: 0),
            .flag(
                "stingy",
                "whether landmarks before the last topk + 1 are taken to stand where the first of these does",
                default: false),
        ],
        flops: "N·(N/block)·d a head for the landmarks, 4·N·(topk + 1)·block·d for what is read",
        memory: "2·N·d numbers a key/value head")

    package let block: Int
    package let topk: Int
    package let isStingy: Bool

    package init(block: Int, topk: Int, isStingy: Bool = false) {
        self.block = block
        self.topk = topk
        self.isStingy = isStingy
    }

    package init(values: [Double]) {
        self.init(block: Int(values[0]), topk: Int(values[1]), isStingy: values[2] != 0)
    }
    package var values: [Double] { [Double(block), Double(topk), isStingy ? 1 : 0] }

    /// Tokens from one landmark to the next.
    var stride: Int { block + 1 }

    /// The weights of the grouped softmax of a query: its own block and the landmarks of earlier blocks share one
    /// softmax, and the tokens of an earlier block share its landmark's weight. The sum is 1. [logits.count]
    ///
    /// - Parameter logits: Scores of all tokens; those after the query get no weight.
    package func weights(logits: [Double], query: Int) -> [Double] {
        var result = [Double](repeating: 0, count: logits.count)
        let own = query / stride
        let near = (own * stride...query).filter { $0 % stride < block }
        let marks = (0..<own).map { $0 * stride + block }
        let group = softmax((near + marks).map { logits[$0] })
        for (token, weight) in zip(near, group) { result[token] = weight }
        for (earlier, weight) in zip(0..<own, group.dropFirst(near.count)) {
            let tokens = earlier * stride..<earlier * stride + block
            for (token, share) in zip(tokens, softmax(tokens.map { logits[$0] })) { result[token] = share * weight }
        }
        return result
    }

    func chooser(for place: HeadPlace, states: any LayerStates) -> LandmarkChooser {
        LandmarkChooser(method: self, place: place, states: states)
    }
}

struct LandmarkChooser: QueryChooser {
    private let method: Landmark
    private let place: HeadPlace
    private let states: any LayerStates
    private var landmarks: PooledKeys
    /// The landmarks as if they stood at 0.
    private var still: BlockVectors

    init(method: Landmark, place: HeadPlace, states: any LayerStates) {
        self.method = method
        self.place = place
        self.states = states
        landmarks = PooledKeys(states: states, keyHead: states.keyHead(of: place.head))
        still = BlockVectors(dimension: states.dimension)
    }

    mutating func choice(for query: Int) -> KeyChoice {
        let stride = method.stride
        let own = query / stride
        while landmarks.count < own {
            let token = landmarks.count * stride + method.block
            landmarks.append(token..<token + 1)
            still.appendMean(
                of: states.keys(token..<token + 1, keyHead: states.keyHead(of: place.head), at: 0, movingOn: false))
        }
        let scores = scores(query: query, own: own)
        let choice = BlockChoice(
            noun: .block, score: "score of its landmark", size: stride, query: query, scores: scores,
            chosen: HighestScores.indices(method.topk, of: scores) + [own],
            forced: [own: { say("the query's own block") }])
        let ordinary = choice.ranges.map { range in
            range.lowerBound..<min(range.upperBound, range.lowerBound + method.block)
        }
        let block = method.block
        return KeyChoice(query: query, keys: KeyRanges(ordinary)) { key in
            key % stride < block
                ? choice.reason(key)
                : VisibilityReason(
                    .notSelected,
                    say(
                        """
                        not read: a landmark, which stands for tokens \((key - block).grouped) to \
                        \((key - 1).grouped)
                        """))
        }
    }

    /// Of the landmarks before the query's block: the last topk + 1 where they stand, those before where the first of
    /// these does.
    private func scores(query: Int, own: Int) -> [Double] {
        var scores = landmarks.scores(query: query, head: place.head, count: own)
        let near = own - 1 - method.topk
        guard method.isStingy, near > 0 else { return scores }
        let distance = query - (near * method.stride + method.block)
        let far = still.products(
            with: states.query(query, head: place.head, at: distance), count: near, scale: states.scale(of: query))
        scores.replaceSubrange(0..<near, with: far)
        return scores
    }
}
