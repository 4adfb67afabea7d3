import CRopewalkKernels

/// Queries, keys or values of a chunk that lie in files, [head, token, dimension], read as recordings have them in memory.
///
/// They are converted when they are read, and take no memory before.
package struct StoredNumbers: Sendable {
    /// How they are read.
    package enum Layout: Sendable, Equatable {
        /// [head, token, dimension]
        case rows
        /// [head, token, `KeyValueCache.width`]: the rest is 0
        case padded
        /// [head, tile, dimension, tileSize]: what is past the last token is 0
        case tiles
    }

    /// Tensors that have different heads, and the row of each that the chunk begins with.
    private let pieces: [(tensor: FileTensor, first: Int)]
    private let layout: Layout
    private let heads: Int
    private let tokens: Int
    private let dimension: Int

    /// - Parameters:
    ///   - pieces: tensors that have different heads, and the row where the chunk begins; heads that none of them has are 0.
    ///   - tokens: of the chunk; every tensor has as many rows from there on.
    package init(
        _ pieces: [(tensor: FileTensor, first: Int)], as layout: Layout, heads: Int, tokens: Int, dimension: Int
    ) {
        // The reader of recordings holds the shapes of tensors to those of the model (RecordingPart).
        precondition(
            pieces.allSatisfy { $0.first >= 0 && $0.first + tokens <= $0.tensor.rows && $0.tensor.width == dimension })
        self.pieces = pieces
        self.layout = layout
        self.heads = heads
        self.tokens = tokens
        self.dimension = dimension
    }

    private var tiles: Int { (tokens + tileSize - 1) / tileSize }

    /// Numbers of a head.
    private var perHead: Int {
        switch layout {
        case .rows: tokens * dimension
        case .padded: tokens * KeyValueCache.width(of: dimension)
        case .tiles: tiles * dimension * tileSize
        }
    }

    var count: Int { heads * perHead }

    private func piece(of head: Int) -> (tensor: FileTensor, first: Int)? {
        pieces.first { $0.tensor.heads.contains(head) }
    }

    subscript(place: Int) -> Float {
        // Places are those of heads and tokens that were recorded.
        precondition(place >= 0 && place < count)
        let (head, inside) = (place / perHead, place % perHead)
        let (row, column) =
            switch layout {
            case .rows: (inside / dimension, inside % dimension)
            case .padded: (inside / KeyValueCache.width(of: dimension), inside % KeyValueCache.width(of: dimension))
            case .tiles:
                (inside / (dimension * tileSize) * tileSize + inside % tileSize, inside / tileSize % dimension)
            }
        guard row < tokens, column < dimension, let (tensor, first) = piece(of: head) else { return 0 }
        var number: Float = 0
        tensor.widen(head: head, row: first + row, column: column, count: 1, to: &number)
        return number
    }

    /// Copies some of them.
    func copy(_ range: Range<Int>, to target: UnsafeMutablePointer<Float>) {
        // Ranges are those of heads and tiles that were recorded.
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        var place = range.lowerBound
        while place < range.upperBound {
            let head = place / perHead
            let end = min(range.upperBound, (head + 1) * perHead)
            let inside = place - head * perHead..<end - head * perHead
            copy(head: head, inside, to: target + (place - range.lowerBound))
            place = end
        }
    }

    /// Copies numbers of one head.
    private func copy(head: Int, _ range: Range<Int>, to target: UnsafeMutablePointer<Float>) {
        guard let (tensor, first) = piece(of: head) else {
            target.update(repeating: 0, count: range.count)
            return
        }
        switch layout {
        case .rows:
            tensor.widen(
                head: head, row: first + range.lowerBound / dimension, column: range.lowerBound % dimension,
                count: range.count, to: target)
        case .padded where KeyValueCache.width(of: dimension) == dimension:
            tensor.widen(
                head: head, row: first + range.lowerBound / dimension, column: range.lowerBound % dimension,
                count: range.count, to: target)
        case .padded: copyPadded(tensor, head: head, first: first, range, to: target)
        case .tiles: copyTiles(tensor, head: head, first: first, range, to: target)
        }
    }

    private func copyPadded(
        _ tensor: FileTensor, head: Int, first: Int, _ range: Range<Int>, to target: UnsafeMutablePointer<Float>
    ) {
        let width = KeyValueCache.width(of: dimension)
        var place = range.lowerBound
        while place < range.upperBound {
            let (row, column) = (place / width, place % width)
            let end = min(range.upperBound, (row + 1) * width)
            let start = target + (place - range.lowerBound)
            start.update(repeating: 0, count: end - place)
            if column < dimension {
                tensor.widen(
                    head: head, row: first + row, column: column, count: min(end - place, dimension - column),
                    to: start)
            }
            place = end
        }
    }

    private func copyTiles(
        _ tensor: FileTensor, head: Int, first: Int, _ range: Range<Int>, to target: UnsafeMutablePointer<Float>
    ) {
        let size = dimension * tileSize
        let rows = Matrix(rows: tileSize, columns: dimension, filling: nil)
        let packed = Matrix(rows: dimension, columns: tileSize, filling: nil)
        var place = range.lowerBound
        while place < range.upperBound {
            let tile = place / size
            let end = min(range.upperBound, (tile + 1) * size)
            let present = min(tileSize, tokens - tile * tileSize)
            tensor.widen(head: head, row: first + tile * tileSize, count: present * dimension, to: rows.base)
            if end - place == size {
                ck_pack_tile(rows.base, dimension, present, dimension, target + (place - range.lowerBound))
            } else {
                ck_pack_tile(rows.base, dimension, present, dimension, packed.base)
                (target + (place - range.lowerBound)).update(from: packed.base + place % size, count: end - place)
            }
            place = end
        }
    }

    /// Lends numbers where they lie; nil where they have to be converted.
    func pointer(_ range: Range<Int>) -> UnsafePointer<Float>? {
        let isPlain =
            switch layout {
            case .rows: true
            case .padded: KeyValueCache.width(of: dimension) == dimension
            case .tiles: false
            }
        guard isPlain, !range.isEmpty, dimension > 0, range.lowerBound % dimension == 0 else { return nil }
        let head = range.lowerBound / perHead
        guard range.upperBound <= (head + 1) * perHead, let (tensor, first) = piece(of: head) else { return nil }
        return tensor.pointer(
            head: head, row: first + (range.lowerBound - head * perHead) / dimension, count: range.count)
    }
}
