/// The two orders of the rows of a query or key projection.
///
/// Rotary dimensions that turn together are published half a head apart (i and i + d/2), which is how they are kept;
/// llama-architecture GGUF files and some families have them beside each other (2i and 2i + 1).
enum RotaryRows {
    /// For each row as published, the row of the file. [heads · dimension]
    /// - Parameter turned: the first dimensions of a head, which turn; nil for all
    static func paired(heads: Int, dimension: Int, turned: Int? = nil) -> [Int] {
        let half = (turned ?? dimension) / 2
        return (0..<heads).flatMap { head in
            (0..<dimension).map { row in
                head * dimension + (row < half ? 2 * row : row < 2 * half ? 2 * (row - half) + 1 : row)
            }
        }
    }
}
