import RopewalkPhrases

/// Keys quantised by channel, values by token, the last ones exact.
package struct KIVI: CompressionMethod, Equatable {
    package static let description = MethodDescription(
        name: "kivi", family: .compression, title: "KIVI cache quantisation",
        summary:
            "The cache holds keys and values in a few bits: keys a channel at a time over groups of tokens, values a token "
            + "at a time over groups of channels; the last ones stay exact. Every token is a step that reads what the cache "
            + "held before it.",
        source: "Liu et al., KIVI, 2024 (arXiv 2402.02750), 2 or 4 bits, group 32 and residual 128 in its evaluation",
        parameters: [
            ParameterDescription(
                "bits", meaning: "bits of a number", unit: "bits", default: 2, range: 1...8, isInteger: true),
            .count("group", "numbers that share scale and zero; divides residual", unit: "numbers", default: 32),
            .count("residual", "last values kept exact; as many keys are quantised at a time", default: 128),
        ],
        flops: "4·N²/2·d a head, and 2·d to quantise a token",
        memory: "2·N·d·(bits + 32·2/group) bits a key/value head, and 2·residual·d numbers exact")

    package let bits: Int
    package let group: Int
    package let residual: Int

    package init(bits: Int, group: Int, residual: Int) {
        self.bits = bits
        self.group = group
        self.residual = residual
    }

    package init(values: [Double]) {
        self.init(bits: Int(values[0]), group: Int(values[1]), residual: Int(values[2]))
    }
    package var values: [Double] { [Double(bits), Double(group), Double(residual)] }

    package var contradiction: String? {
        residual % group == 0
            ? nil : say("group \(group.grouped) does not divide residual \(residual.grouped)")
    }

    package func firstExactKey(cached: Int) -> Int { cached - cached % residual }
    package func firstExactValue(cached: Int) -> Int { max(0, cached - residual) }

    package func compressedKeys(_ keys: [Float], dimension: Int) -> [Float] {
        guard dimension > 0 else { return keys }
        var result = keys
        let tokens = keys.count / dimension
        for start in stride(from: 0, to: firstExactKey(cached: tokens), by: group) {
            for c in 0..<dimension {
                let column = (start..<start + group).map { keys[$0 * dimension + c] }
                for (token, value) in AsymmetricQuantiser(column, bits: bits).values.enumerated() {
                    result[(start + token) * dimension + c] = Float(value)
                }
            }
        }
        return result
    }

    package func compressedValues(_ values: [Float], dimension: Int) -> [Float] {
        guard dimension > 0 else { return values }
        var result: [Float] = []
        result.reserveCapacity(values.count)
        for token in stride(from: 0, to: values.count, by: dimension) {
            let end = min(token + dimension, values.count)
            for start in stride(from: token, to: end, by: group) {
                let part = Array(values[start..<min(start + group, end)])
                result += AsymmetricQuantiser(part, bits: bits).values.map { Float($0) }
            }
        }
        return result
    }

    package func cacheBytes(tokens: Int, dimension: Int, exactBytes: Double) -> Double {
        let quantised = Double(firstExactKey(cached: tokens) + firstExactValue(cached: tokens)) * Double(dimension)
        let exact = Double(2 * tokens) * Double(dimension) - quantised
        // A scale and a zero for every group of keys; a row of values may end with a group that is not full.
        let keyGroups = Double(firstExactKey(cached: tokens) / group) * Double(dimension)
        let valueGroups = Double(firstExactValue(cached: tokens)) * Double((dimension + group - 1) / group)
        return exact * exactBytes + quantised * Double(bits) / 8 + 2 * (keyGroups + valueGroups) * exactBytes
    }
}
