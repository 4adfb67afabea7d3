/// The two orders of the rows of a query or key projection.
///
/// Rotary dimensions that turn together are published half a head apart (i and i + d/2); llama-architecture GGUF files
/// have them beside each other (2i and 2i + 1).
enum RotaryRows {
    /// For each row as published, the row of the file. [heads · dimension]
    static func paired(heads: Int, dimension: Int) -> [Int] {
        (0..<heads).flatMap { head in
            (0..<dimension).map { row in
                let half = dimension / 2
                return head * dimension + (row < half ? 2 * row : 2 * (row - half) + 1)
            }
        }
    }
}
