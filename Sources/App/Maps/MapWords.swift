import RopewalkCellGrid
import RopewalkLens
import RopewalkViews

/// The names of queries and keys of a map.
struct MapWords: Sendable {
    let queries: AskWords
    let keys: AskWords

    /// Cells of a name at most.
    private static let longest = 14

    init(_ state: AppState) {
        queries = AskWords(document: state.queryDocument)
        keys = AskWords(document: state.keyDocument)
    }

    /// The words of the axes of a page; nil where they have no room.
    func of(_ request: MapRequest) -> MapView.Words? {
        guard request.cell == 1, max(request.rows, request.columns) <= MapView.Words.most else { return nil }
        func name(_ words: AskWords, _ token: Int) -> String {
            CellWidth.truncated(words.whole(token), to: Self.longest)
        }
        return MapView.Words(
            queries: (0..<request.rows).map { name(queries, request.firstQuery + $0) },
            keys: (0..<request.columns).map { name(keys, request.firstKey + $0) })
    }
}
