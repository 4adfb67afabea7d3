/// Where a tensor lies in a file.
package struct TensorEntry: Sendable, Equatable {
    package let type: ElementType
    /// Lengths of the axes, outermost first; empty for a single number.
    package let shape: [Int]
    /// The tensor's bytes, counted from the start of the file. Nothing promises that they are aligned.
    package let bytes: Range<Int>

    /// How many numbers it has.
    package var count: Int { shape.reduce(1, *) }
}

extension [String: TensorEntry] {
    /// Two tensors that claim the same bytes; nil where none do.
    func overlap() -> (earlier: String, later: String, byte: Int)? {
        let ordered = filter { !$0.value.bytes.isEmpty }.sorted {
            $0.value.bytes.lowerBound < $1.value.bytes.lowerBound
        }
        for (earlier, later) in zip(ordered, ordered.dropFirst())
        where later.value.bytes.lowerBound < earlier.value.bytes.upperBound {
            return (earlier.key, later.key, later.value.bytes.lowerBound)
        }
        return nil
    }
}
