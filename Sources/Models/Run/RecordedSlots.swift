/// The slots of a compressed memory that a chunk of a run has filled in one layer.
package struct RecordedSlots: Sendable {
    /// Of the text, from 0.
    package let first: Int
    package let count: Int
    /// Before rotation. [key/value head, slot, dimension]
    package let keys: [Float]
    package let values: [Float]
    /// ln Σ exp of the scores with the slots that the chunk's queries read; −infinity where one reads none, nil where none
    /// does. [head, query of the chunk]
    package var logSumExp: [Float]?

    init(first: Int, count: Int, keys: [Float], values: [Float]) {
        self.first = first
        self.count = count
        self.keys = keys
        self.values = values
    }
}

extension Recording {
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
