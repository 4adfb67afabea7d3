import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

/// Where keys and values of a text lie in a cache of blocks (PagedAttention).
package struct PagesView: Sendable {
    let cache: PagedCache
    let comparison: [ComparedCache]
    let cursor: Int
    /// After how many tokens another sequence goes on, and how many it has written; nil without one.
    let fork: (tokens: Int, written: Int)?
    /// What keeps or gives up keys, in words.
    let giving: String
    /// Tokens by their names.
    let name: @Sendable (Int) -> String
    let look: Look

    package init(
        cache: PagedCache, comparison: [ComparedCache], cursor: Int, fork: (tokens: Int, written: Int)?,
        giving: String, name: @escaping @Sendable (Int) -> String, look: Look
    ) {
        (self.cache, self.comparison, self.cursor, self.fork) = (cache, comparison, cursor, fork)
        (self.giving, self.name, self.look) = (giving, name, look)
    }

    /// A line of the block tables.
    struct Line: Equatable {
        let sequence: Int
        let logical: Int
        let block: Int?
    }

    /// The tables of all sequences one after the other.
    var lines: [Line] {
        cache.sequences.enumerated().flatMap { place, sequence in
            sequence.table.enumerated().map { Line(sequence: place, logical: $0, block: $1) }
        }
    }

    /// Where everything stands in a panel's content.
    struct Frame {
        let table: Rect
        let pool: Rect
        let waste: Rect
        let events: Rect
    }

    func frame(in rect: Rect) -> Frame {
        let top = rect.y + 2
        let height = max(0, rect.height - 2)
        let events = height >= 12 ? 2 : height >= 5 ? 1 : 0
        let isBeside = rect.width >= 64
        let left = isBeside ? rect.width / 2 - 1 : rect.width
        let waste = min(comparison.count, height >= 8 ? 4 : height >= 5 ? 1 : 0)
        let above = height - events
        if isBeside {
            let x = rect.x + left + 2
            let width = rect.maxX - x
            return Frame(
                table: Rect(x: rect.x, y: top, width: left, height: above),
                pool: Rect(x: x, y: top, width: width, height: max(0, above - waste)),
                waste: Rect(x: x, y: top + max(0, above - waste), width: width, height: waste),
                events: Rect(x: rect.x, y: rect.maxY - events, width: rect.width, height: events))
        }
        let pool = min(max(0, (above - waste) / 3), poolRows(width: rect.width))
        return Frame(
            table: Rect(x: rect.x, y: top, width: rect.width, height: max(0, above - waste - pool)),
            pool: Rect(x: rect.x, y: top + max(0, above - waste - pool), width: rect.width, height: pool),
            waste: Rect(x: rect.x, y: top + above - waste, width: rect.width, height: waste),
            events: Rect(x: rect.x, y: rect.maxY - events, width: rect.width, height: events))
    }

    /// Rows that the pool takes with a cell a block, its title among them.
    private func poolRows(width: Int) -> Int { 1 + (cache.pool.count + width - 1) / max(1, width) }

    /// The page whose name stands there.
    package func page(atX x: Int, y: Int, in rect: Rect) -> IOPage? {
        y == rect.y ? IOTabs(shown: .pages).tabs(in: rect).first { $0.cells.contains(x) }?.page : nil
    }

    /// The lines that are shown: around the cursor's block, and the end of the last other sequence.
    func shownLines(_ height: Int) -> [Line] {
        let all = lines
        let own = all.filter { $0.sequence == 0 }
        let others = all.filter { $0.sequence > 0 }
        let room = max(0, height)
        let tail = min(others.count, room < 2 ? 0 : max(1, room / 3))
        let here = min(cursor / cache.pool.blockSize, max(0, own.count - 1))
        let count = room - tail
        let first = max(0, min(here - count / 2, own.count - count))
        return Array(own.dropFirst(first).prefix(count)) + others.suffix(tail)
    }

    /// The first token of a line that stands there.
    package func token(atX x: Int, y: Int, in rect: Rect) -> Int? {
        let table = frame(in: rect).table
        let shown = shownLines(table.height)
        guard table.contains(x: x, y: y), shown.indices.contains(y - table.y) else { return nil }
        let line = shown[y - table.y]
        return line.sequence == 0 ? line.logical * cache.pool.blockSize : nil
    }

    /// What stands in the upper border.
    package var facts: [[String]] {
        let (used, all) = (cache.pool.used.grouped, cache.pool.count.grouped)
        return [[say("\(used) of \(all) blocks in use"), say("\(used) of \(all) blocks")]]
    }
}
