/// The slots of a compressed memory that a chunk of a run has filled in one layer.
package struct RecordedSlots: Sendable {
    /// Of the text, from 0.
    package let first: Int
    package let count: Int
    /// Before rotation. [key/value head, slot, dimension]
    package let keys: [Float]
    package let values: [Float]
    /// The token whose state each holds; nil where they are made of several. [slot]
    package var tokens: [Int32]?
    /// ln Σ exp of the scores with the slots that the chunk's queries read; −infinity where one reads none, nil where none
    /// does. [head, query of the chunk]
    package var logSumExp: [Float]?

    init(first: Int, count: Int, keys: [Float], values: [Float], tokens: [Int32]? = nil) {
        self.first = first
        self.count = count
        self.keys = keys
        self.values = values
        self.tokens = tokens
    }

    /// Slots that follow each other as one; nil for none.
    init?(joining parts: [RecordedSlots], heads: Int) {
        guard let first = parts.first else { return nil }
        /// One head after the other.
        func joined(_ numbers: (RecordedSlots) -> [Float]) -> [Float] {
            (0..<heads).flatMap { head in
                parts.flatMap { part -> ArraySlice<Float> in
                    let all = numbers(part)
                    let size = all.count / max(1, heads)
                    return all[head * size..<(head + 1) * size]
                }
            }
        }
        self.init(
            first: first.first, count: parts.reduce(0) { $0 + $1.count }, keys: joined(\.keys),
            values: joined(\.values), tokens: first.tokens == nil ? nil : parts.flatMap { $0.tokens ?? [] })
    }
}

extension Recording {
    /// The token whose state a slot holds; nil where it has not been filled, or is made of several.
    package func token(ofSlot slot: Int, layer: Int) -> Int? {
        for chunk in chunks {
            guard let slots = chunk.layers[layer].slots, slot >= slots.first, slot < slots.first + slots.count else {
                continue
            }
            return slots.tokens.map { Int($0[slot - slots.first]) }
        }
        return nil
    }

    /// ln Σ exp of a query's scores with the slots that it reads; nil where it reads none.
    package func slotLogSumExp(layer: Int, head: Int, query: Int) -> Float? {
        guard let (chunk, row) = place(of: query), let sums = chunk.layers[layer].slots?.logSumExp else { return nil }
        let value = sums[head * chunk.tokens.count + row]
        return value.isFinite ? value : nil
    }

    /// Key and value of a slot before rotation; nil where it has not been filled. [dimension]
    package func slot(_ slot: Int, layer: Int, keyValueHead: Int) -> (key: [Float], value: [Float])? {
        for chunk in chunks {
            guard let slots = chunk.layers[layer].slots, slot >= slots.first, slot < slots.first + slots.count else {
                continue
            }
            let start = (keyValueHead * slots.count + slot - slots.first) * shape.headDimension
            let range = start..<start + shape.headDimension
            return (Array(slots.keys[range]), Array(slots.values[range]))
        }
        return nil
    }
}
