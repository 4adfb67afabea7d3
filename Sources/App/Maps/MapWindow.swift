import RopewalkLens

/// Which part of the attention map is on the screen.
package struct MapWindow: Equatable, Sendable {
    /// Tokens on one side of a cell, a power of two; nil: what `wholeCell` says, to show the whole document.
    package var cell: Int?
    /// The upper left corner in tokens, where `cell` is set; multiples of it.
    package var firstQuery = 0
    package var firstKey = 0
    /// What a cell stands for.
    package var level = MapLevel.tokens
    /// How far single tokens have grown, an index into the sizes of a `MapExtent`; 0: not at all.
    package var growth = 0

    package init() {}

    /// The largest cell: more tokens than any text has.
    static let largestCell = 1 << 30

    /// Texts of more tokens have maps put together from recorded blocks: to compute every weight takes work that grows
    /// with their square, 33 million dot products for so many.
    private static let mostComputed = 8_192

    /// The smallest cell with which `tokens` fit into the cells; of long texts a power of two, or a multiple of `block`,
    /// the side of the recorded blocks.
    package static func wholeCell(tokens: Int, rows: Int, columns: Int, block: Int) -> Int {
        let room = max(1, min(rows, columns))
        let needed = tokens / room + (tokens % room > 0 ? 1 : 0)
        if tokens <= mostComputed { return max(1, needed) }
        if needed > block { return min(largestCell, (needed + block - 1) / block * block) }
        var cell = 1
        while cell < needed { cell *= 2 }
        return cell
    }

    /// The request for what is on the screen.
    func request(in frame: MapExtent, layer: Int, head: Int, pooling: Pooling) -> MapRequest {
        let size = frame.size(of: self)
        return MapRequest(
            layer: layer, head: head, firstQuery: cell == nil ? 0 : firstQuery, firstKey: cell == nil ? 0 : firstKey,
            cell: cell ?? frame.wholeCell, rows: size.rows, columns: size.columns, pooling: pooling)
    }

    /// Takes the power of two below (`steps` 1) or above (-1) the cell and keeps `query` and `key` where they are on the
    /// screen; single tokens grow.
    mutating func zoom(_ steps: Int, query: Int, key: Int, in frame: MapExtent) {
        if grows(steps, in: frame) { return grow(steps, query: query, key: key, in: frame) }
        let old = min(cell ?? frame.wholeCell, frame.wholeCell)
        let new = steps > 0 ? Self.powerOfTwo(below: old) : old * 2
        guard new != old else { return }
        if new >= frame.wholeCell { return showAll() }
        let (rowsAbove, columnsBefore) =
            cell == nil
            ? (min(query / old, frame.rows - 1), min(key / old, frame.columns - 1))
            : (bounded((query - firstQuery) / old, frame.rows), bounded((key - firstKey) / old, frame.columns))
        cell = new
        firstQuery = query - query % new - rowsAbove * new
        firstKey = key - key % new - columnsBefore * new
        clamp(in: frame)
    }

    private func grows(_ steps: Int, in frame: MapExtent) -> Bool {
        (cell ?? frame.wholeCell) == 1 && (steps > 0 || cell == 1 && growth > 0)
    }

    /// Larger or smaller tokens, around the cross.
    private mutating func grow(_ steps: Int, query: Int, key: Int, in frame: MapExtent) {
        let present = cell == nil ? frame.wholeLevel : growth
        let next = present + (steps > 0 ? 1 : -1)
        guard frame.sizes.indices.contains(next) else { return }
        if steps < 0, next <= frame.wholeLevel, frame.wholeCell == 1 { return showAll() }
        (cell, growth) = (1, next)
        centre(query: query, key: key, in: frame)
    }

    /// The largest power of two that is smaller than `cell`; at least 1.
    private static func powerOfTwo(below cell: Int) -> Int {
        cell > 2 ? 1 << (Int.bitWidth - 1 - (cell - 1).leadingZeroBitCount) : 1
    }

    mutating func showAll() {
        let level = level
        self = MapWindow()
        self.level = level
    }

    /// Shows these queries and keys in cells as small, or as large tokens, as they have room for.
    mutating func show(queries: Range<Int>, keys: Range<Int>, in frame: MapExtent) {
        func fits(_ size: MapSize, _ cell: Int) -> Bool {
            // What is shown begins at a multiple of the cell.
            size.rows * cell >= queries.count + queries.lowerBound % cell
                && size.columns * cell >= keys.count + keys.lowerBound % cell
        }
        var cell = 1
        while cell < frame.wholeCell, !fits(frame.sizes[0], cell) { cell *= 2 }
        guard cell < frame.wholeCell || frame.wholeCell == 1 else { return showAll() }
        self.cell = cell
        growth = cell == 1 ? frame.sizes.lastIndex { fits($0, 1) } ?? 0 : 0
        firstQuery = queries.lowerBound - queries.lowerBound % cell
        firstKey = keys.lowerBound - keys.lowerBound % cell
        clamp(in: frame)
    }

    /// Puts `query` and `key` into the middle; shows single tokens where the whole document was shown.
    mutating func centre(query: Int, key: Int, in frame: MapExtent) {
        guard let cell else { return }
        let size = frame.size(of: self)
        firstQuery = query - size.rows / 2 * cell
        firstKey = key - size.columns / 2 * cell
        clamp(in: frame)
    }

    /// Moves by eighths of the screen.
    mutating func pan(rows: Int, columns: Int, in frame: MapExtent) {
        guard let cell else { return }
        let size = frame.size(of: self)
        firstQuery += rows * max(1, size.rows / 8) * cell
        firstKey += columns * max(1, size.columns / 8) * cell
        clamp(in: frame)
    }

    /// Moves only as far as it takes to have `query` on the screen; queries that were on it stay.
    mutating func follow(query: Int, key: Int, in frame: MapExtent) {
        guard let cell else { return }
        if !(firstQuery..<firstQuery + frame.size(of: self).rows * cell).contains(query) {
            centre(query: query, key: key, in: frame)
        }
    }

    /// Keeps at least half of the screen inside of the document, on multiples of the cell.
    private mutating func clamp(in frame: MapExtent) {
        guard let cell else { return }
        func inside(_ first: Int, _ cells: Int) -> Int {
            let last = max(0, frame.tokens - (cells + 1) / 2 * cell)
            let bounded = min(max(0, first), last)
            return bounded - bounded % cell
        }
        let size = frame.size(of: self)
        firstQuery = inside(firstQuery, size.rows)
        firstKey = inside(firstKey, size.columns)
    }

    private func bounded(_ place: Int, _ count: Int) -> Int { min(max(0, place), count - 1) }
}

/// The cells that the map has on the screen, and the tokens of the document.
struct MapExtent: Equatable, Sendable {
    /// Cells of the map: as small as they can be, then as single tokens grow.
    let sizes: [MapSize]
    /// Those with which all tokens of a short text fill the panel; nil where they are too many for that.
    let whole: MapSize?
    let tokens: Int
    /// Tokens on one side of a recorded block.
    let block: Int

    init(sizes: [MapSize], whole: MapSize? = nil, tokens: Int, block: Int) {
        self.sizes = sizes.isEmpty ? [MapSize(rows: 1, columns: 1)] : sizes
        self.whole = whole
        self.tokens = max(1, tokens)
        self.block = max(1, block)
    }

    var rows: Int { sizes[0].rows }
    var columns: Int { sizes[0].columns }

    var wholeCell: Int { MapWindow.wholeCell(tokens: tokens, rows: rows, columns: columns, block: block) }

    /// The size that the whole text has grown to, or the one before it.
    var wholeLevel: Int {
        guard let whole else { return 0 }
        return sizes.lastIndex { $0.width <= whole.width } ?? 0
    }

    func size(of window: MapWindow) -> MapSize {
        guard window.cell != nil else { return whole ?? sizes[0] }
        return window.cell == 1 && sizes.indices.contains(window.growth) ? sizes[window.growth] : sizes[0]
    }
}

/// How many tokens or cells a map has room for, and how wide each is drawn.
struct MapSize: Equatable, Sendable {
    let rows: Int
    let columns: Int
    let width: Int

    init(rows: Int, columns: Int, width: Int = 1) {
        self.rows = max(1, rows)
        self.columns = max(1, columns)
        self.width = width
    }
}
