/// Where a tensor lies in a file.
public struct TensorEntry: Sendable, Equatable {
    public let type: ElementType
    /// Lengths of the axes, outermost first; empty for a single number.
    public let shape: [Int]
    /// The tensor's bytes, counted from the start of the file. Nothing promises that they are aligned.
    public let bytes: Range<Int>

    /// How many numbers it has.
    public var count: Int { shape.reduce(1, *) }
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
