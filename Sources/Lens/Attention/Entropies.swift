import RopewalkModels

/// How widely every query of a text spreads its attention, in some heads: bits.
package struct Entropies: Equatable, Sendable {
    /// Over the heads. [query]
    package let mean: [Float]
    package let lowest: [Float]
    package let highest: [Float]

    /// From what the run measured on the way; nil where no head is asked for, or the run did not look at every pair.
    package init?(_ recording: Recording, layers: [Int], heads: [Int]) {
        guard !layers.isEmpty, !heads.isEmpty, heads.allSatisfy((0..<recording.shape.heads).contains),
            layers.allSatisfy((0..<recording.shape.layers).contains), layers.allSatisfy(recording.hasPairs)
        else { return nil }
        var (mean, lowest, highest): ([Float], [Float], [Float]) = ([], [], [])
        for chunk in recording.chunks {
            let count = chunk.tokens.count
            for row in 0..<count {
                var (sum, least, most): (Float, Float, Float) = (0, .infinity, 0)
                for layer in layers {
                    for head in heads {
                        let entropy = chunk.layers[layer].attention.entropy[head * count + row]
                        sum += entropy
                        least = min(least, entropy)
                        most = max(most, entropy)
                    }
                }
                mean.append(sum / Float(layers.count * heads.count))
                lowest.append(least)
                highest.append(most)
            }
        }
        (self.mean, self.lowest, self.highest) = (mean, lowest, highest)
    }
}
