import Foundation
import RopewalkPhrases

/// The own block and the earlier blocks whose landmark token scores highest.
package struct Landmark: StateSelection, DirectSelection, Equatable {
    package static let description = MethodDescription(
        name: "landmark", family: .selection, title: "Landmark attention",
        summary:
            "Every block ends in a landmark token that stands for it; a query reads its own block and the blocks whose "
            + "landmarks score highest. Its own block and these landmarks share one softmax, and the tokens of a block share "
            + "what its landmark gets (grouped=0: one plain softmax over the tokens). The blocks are read at the places of "
            + "the last topk + 1 before the query's, in their order (moved=0: where the text has them). An ordinary model "
            + "has no trained landmarks: the last token of each block plays one. With stingy=1, as in the authors' code, "
            + "landmarks before the last topk + 1 are taken to stand where the first of these does when they are scored, so "
            + "that no unseen distance chooses; landmarks of one word then tie in the first layer, and rounding decides. A "
            + "token that plays a landmark reads as the others of its block do; what a trained one reads is not shown.",
        source: "Mohtashami and Jaggi, Landmark Attention, 2023 (arXiv 2305.16300), blocks of 50 and a landmark, "
            + "2 to 5 blocks retrieved",
        parameters: [
            .count("block", "ordinary tokens in a block; its landmark follows them", default: 50),
            .count("topk", "earlier blocks that a query reads", unit: "blocks", default: 4, from: 0),
            .flag(
                "stingy",
                "whether landmarks before the last topk + 1 are taken to stand where the first of these does",
                default: false),
            .flag(
                "moved", "whether blocks are read at the places of the last topk + 1 before the query's own",
                default: true),
            .flag("grouped", "whether the tokens of a block share the weight of its landmark", default: true),
        ],
        flops: "N·(N/block)·d a head for the landmarks, 4·N·(topk + 1)·block·d for what is read",
        memory: "2·N·d numbers a key/value head")

    package let block: Int
    package let topk: Int
    package let isStingy: Bool
    package let moves: Bool
    package let isGrouped: Bool

    package init(block: Int, topk: Int, isStingy: Bool = false, moves: Bool = true, isGrouped: Bool = true) {
        self.block = block
        self.topk = topk
        self.isStingy = isStingy
        self.moves = moves
        self.isGrouped = isGrouped
    }

    package init(values: [Double]) {
        self.init(
            block: Int(values[0]), topk: Int(values[1]), isStingy: values[2] != 0, moves: values[3] != 0,
            isGrouped: values[4] != 0)
    }
    package var values: [Double] {
        [Double(block), Double(topk)] + [isStingy, moves, isGrouped].map { $0 ? 1 : 0 }
    }

    package var addsToScores: Bool { isGrouped }
    package var keyPeriod: Int? { moves ? stride : nil }

    package func places(of keys: KeyRanges, query: Int) -> [PlacedKeys] {
        guard moves else { return [] }
        let own = query / stride
        let blocks = Set(keys.ranges.flatMap { $0.lowerBound / stride...($0.upperBound - 1) / stride }).sorted()
        let earlier = blocks.filter { $0 < own }
        return earlier.enumerated().compactMap { slot, block in
            placed(block, slot: slot, own: own, query: query)
        }
    }

    /// Where a query stands to a block with its landmark; nil where the block stays where it is.
    /// - Parameter slot: which of the blocks that are read it is, from 0, in the order of the text
    func placed(_ block: Int, slot: Int, own: Int, query: Int) -> PlacedKeys? {
        let count = min(topk, own)
        // A block among the last `count` finds the first of the topk + 1 places taken.
        let place = own - count - 1 + slot + (block >= own - count ? 1 : 0)
        guard moves, place != block else { return nil }
        return PlacedKeys(keys: block * stride..<(block + 1) * stride, place: query - place * stride)
    }

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
        let chosen = HighestScores.indices(method.topk, of: scores)
        let choice = BlockChoice(
            noun: .block, score: "score of its landmark", size: stride, query: query, scores: scores,
            chosen: chosen + [own],
            forced: [own: { say("the query's own block") }])
        let ordinary = choice.ranges.map { range in
            range.lowerBound..<min(range.upperBound, range.lowerBound + method.block)
        }
        let block = method.block
        let additions = method.isGrouped ? additions(query: query, own: own, blocks: chosen) : []
        return KeyChoice(query: query, keys: KeyRanges(ordinary), additions: additions) { key in
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

    /// What makes the exponentials of a block's tokens add up to that of its landmark, all where they are read.
    private func additions(query: Int, own: Int, blocks: [Int]) -> [KeyAddition] {
        blocks.enumerated().map { slot, block in
            let keys = block * method.stride..<(block + 1) * method.stride
            let places = method.placed(block, slot: slot, own: own, query: query).map { [$0] } ?? []
            let scores = states.scores(query: query, head: place.head, keys: KeyRanges(keys), places: places)
                .map(Double.init)
            let highest = scores.dropLast().max() ?? 0
            let sum = scores.dropLast().reduce(0) { $0 + exp($1 - highest) }
            return KeyAddition(
                keys: keys.lowerBound..<keys.upperBound - 1,
                value: Float((scores.last ?? 0) - highest - log(sum)))
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
