import RopewalkPhrases

/// First tokens, last tokens, and the blocks between whose representative keys score highest; all heads choose together.
package struct InfLLM: StateSelection, DirectSelection, Equatable {
    package static let description = MethodDescription(
        name: "infllm", family: .selection, title: "InfLLM context memory",
        summary:
            "Beside the first tokens and a local window, the heads of a layer together read the memory blocks whose "
            + "representative keys score highest; tokens that are not yet a whole block are read too. Everything outside of "
            + "the window counts as local − 1 away when blocks are chosen, whatever the scenario's positions; with "
            + "distance-limit:window=local−1 it does when they are read, and this is the whole method. A key represents its "
            + "block by its mean score with the queries whose window it is in (the paper's form), or by the weights that they "
            + "give it (mass=1, the authors' code). Every query chooses for itself, as in decoding.",
        source: "Xiao et al., InfLLM, 2024 (arXiv 2402.04617), settings for Mistral in its code",
        parameters: [
            .count("init", "first tokens always read", default: 128, from: 0),
            .count("local", "last tokens always read, the query's own included", default: 4096),
            .count("block", "tokens in a memory block", default: 128),
            .count("topk", "memory blocks that a query reads", unit: "blocks", default: 16, from: 0),
            .count("representatives", "keys that stand for a block", default: 4),
            .flag(
                "mass",
                "whether those stand for it that got the most weight in the window, as in the code; 0: the highest mean score",
                default: false),
        ],
        flops:
            "2·N·d a head for the representatives, N·(N/block)·d to choose, 4·N·(init + local + topk·block)·d to read",
        memory: "2·N·d numbers a key/value head, and N·d/block of block keys a head")

    package let first: Int
    package let local: Int
    package let block: Int
    package let topk: Int
    package let representatives: Int
    package let usesMass: Bool

    package init(first: Int, local: Int, block: Int, topk: Int, representatives: Int, usesMass: Bool = false) {
        self.first = first
        self.local = local
        self.block = block
        self.topk = topk
        self.representatives = representatives
        self.usesMass = usesMass
    }

    package init(values: [Double]) {
        self.init(
            first: Int(values[0]), local: Int(values[1]), block: Int(values[2]), topk: Int(values[3]),
            representatives: Int(values[4]), usesMass: values[5] != 0)
    }
    package var values: [Double] {
        [first, local, block, topk, representatives, usesMass ? 1 : 0].map(Double.init)
    }

    package var companion: (any Method)? { local > 1 ? DistanceLimit(window: local - 1) : nil }

    /// What a key weighs depends on what the queries after it read.
    package var followsFromStates: Bool { !usesMass }

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
