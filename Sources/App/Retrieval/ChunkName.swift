import RopewalkCellGrid
import RopewalkDocuments
import RopewalkPhrases
import RopewalkRetrieval

/// Where a chunk lies in its text, and how it begins.
struct ChunkName: Equatable, Sendable {
    /// "L61", as `:` takes it.
    let place: String
    /// Its first words, without line ends.
    let words: String

    /// Characters that are read for the words, at most.
    private static let most = 120

    init(_ chunk: Chunk, in text: SourceText?) {
        guard let text else {
            (place, words) = ("", "")
            return
        }
        place = "L\((text.line(containing: chunk.bytes.lowerBound) + 1).grouped)"
        let end = min(chunk.bytes.upperBound, chunk.bytes.lowerBound + 4 * Self.most)
        words = String(
            AskWords.line(text, chunk.bytes.lowerBound..<max(chunk.bytes.lowerBound, end)).drop { $0 == " " }
                .prefix(Self.most))
    }
}

/// Lines of text whose parts stand below each other.
enum ColumnText {
    /// - Parameter cells: of each line, all of one count
    static func lines(_ cells: [[String]]) -> [String] {
        let widths = (cells.first ?? []).indices.map { place in cells.map { CellWidth.of($0[place]) }.max() ?? 0 }
        return cells.map { line in
            line.enumerated().map { place, cell in
                place + 1 == line.count
                    ? cell : cell + String(repeating: " ", count: widths[place] - CellWidth.of(cell))
            }.joined(separator: "  ")
        }
    }
}
