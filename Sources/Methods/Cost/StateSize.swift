/// A method that keeps something of its own in place of the keys and values that its queries see.
package protocol StateSized: Method {
    /// The most numbers that one key head keeps at a time while a text is read: key and value are 2·dimension.
    func stateNumbers(tokens: Int, dimension: Int) -> Double
}

extension CompressiveWindow: StateSized {
    /// A segment, its memory, and the slots as they are kept: one key and one value each.
    package func stateNumbers(tokens: Int, dimension: Int) -> Double {
        let starts = stride(from: 0, to: tokens, by: segment)
        let most = starts.map { start in
            min(segment, tokens - start) + memory(before: start).count + slotRange(before: start).count
        }
        return 2 * Double(dimension) * Double(most.max() ?? 0)
    }
}
