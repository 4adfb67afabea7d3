import Foundation

/// In one layer the nearest keys of a long memory, in the others a window.
package struct MemorizingTransformer: StateSelection, DirectSelection, Equatable {
    package static let description = MethodDescription(
        name: "memorizing", family: .selection, title: "Memorizing Transformer",
        summary:
            "In one upper layer each head reads, beside the window, the keys of a long memory that are nearest to its query "
            + "by cosine; the other layers read the window only. Shown is one softmax over both; the method as published "
            + "takes two and mixes their outputs by a learned gate per head.",
        source: "Wu et al., Memorizing Transformers, 2022 (arXiv 2203.08913), the 4th layer from the end of 12, "
            + "k 32, window 512, memory up to 65,536 there",
        parameters: [
            .count("k", "keys read from the memory", default: 32, from: 0),
            .count("window", "last keys always read", default: 512),
            .count("memory", "keys that the memory holds; the oldest leave first", default: 65_536, from: 0),
            .count("from-end", "the memory layer, counted from the last as 1", unit: "layers", default: 4),
        ],
        flops: "N·memory·d in the memory layer for the scores, 4·N·(window + k)·d a head for what is read",
        memory: "2·(window + memory)·d numbers a key/value head in the memory layer, 2·window·d in the others")

    package let k: Int
    package let window: Int
    package let memory: Int
    package let fromEnd: Int

    package init(k: Int, window: Int, memory: Int, fromEnd: Int) {
        self.k = k
        self.window = window
        self.memory = memory
        self.fromEnd = fromEnd
    }

    package init(values: [Double]) {
        self.init(k: Int(values[0]), window: Int(values[1]), memory: Int(values[2]), fromEnd: Int(values[3]))
    }
    package var values: [Double] { [k, window, memory, fromEnd].map(Double.init) }

    /// The first layer in a model with fewer layers than that.
    func hasMemory(_ place: HeadPlace) -> Bool { place.layer == max(0, place.layers - fromEnd) }

    /// Which of the memory's keys are read, ascending.
    package static func nearest(_ k: Int, scores: [Double]) -> [Int] { HighestScores.indices(k, of: scores) }

    /// g·memory + (1 − g)·local with g = 1/(1 + exp(−bias)), the bias one learned number a head. [dimension]
    package static func gated(memory: [Double], local: [Double], bias: Double) -> [Double] {
        let gate = 1 / (1 + exp(-bias))
        return zip(memory, local).map { gate * $0 + (1 - gate) * $1 }
    }

    /// softmax(scores)·values. [dimension]
    ///
    /// - Parameter values: [key][dimension]
    package static func output(scores: [Double], values: [[Double]]) -> [Double] {
        var result = [Double](repeating: 0, count: values.first?.count ?? 0)
        for (weight, value) in zip(softmax(scores), values) {
            for c in result.indices { result[c] += weight * value[c] }
        }
        return result
    }

    func chooser(for place: HeadPlace, states: any LayerStates) -> MemoryChooser {
        let isMemory = hasMemory(place)
        return MemoryChooser(
            count: isMemory ? k : 0, window: window, memory: isMemory ? memory : 0, score: .cosine, place: place,
            states: states)
    }
}
