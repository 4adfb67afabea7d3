import RopewalkCellGrid

/// How large the cells of a map are drawn where each is one token: as wide as a word, with words beside it.
package struct MapGrowth: Equatable, Sendable {
    /// Columns and lines of the screen that a token takes.
    package let width: Int
    package let height: Int
    /// Columns for the names of queries, without the blank behind.
    let names: Int
    /// Lines for the names of keys: where they are wider than a cell, every other one stands a line higher.
    let lines: Int

    private static let narrowest = 3
    private static let widest = 12

    /// The largest with which all tokens fit into a panel's content; nil where cells would be narrower than a short word.
    /// - Parameter longest: cells of the longest name
    package static func fitting(tokens: Int, longest: Int, in rect: Rect) -> MapGrowth? {
        let names = min(max(1, longest), widest, rect.width / 4)
        guard tokens > 0 else { return nil }
        let width = min(widest, (rect.width - names - 1) / tokens)
        guard width >= narrowest else { return nil }
        let lines = longest < width ? 1 : 2
        let height = min((rect.height - lines - 1) / tokens, (width + 1) / 2)
        return height > 0 ? MapGrowth(width: width, height: height, names: names, lines: lines) : nil
    }

    /// Sizes that single tokens can be enlarged to, the smallest first.
    package static func levels(in rect: Rect) -> [MapGrowth] {
        let names = min(10, rect.width / 4)
        return [(4, 1, 2), (7, 2, 2), (12, 4, 1)].filter { width, height, lines in
            (rect.width - names - 1) / width >= fewest && (rect.height - lines - 1) / height >= fewest
        }.map { width, height, lines in MapGrowth(width: width, height: height, names: names, lines: lines) }
    }

    /// Tokens on each side below which a map shows nothing of what is around the cross.
    private static let fewest = 3
}
