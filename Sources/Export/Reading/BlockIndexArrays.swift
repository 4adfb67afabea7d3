import RopewalkMethods
import RopewalkPhrases

/// A BlockMask as its index arrays: of every row of blocks how many it computes, and which.
///
/// It becomes a mask with a place a block: visible where the block is full or in part.
struct BlockIndexArrays {
    /// Counts [..., rows] and indices [..., rows, columns] of the blocks in part, and of the full ones.
    static let names = [("kv_num_blocks", "kv_indices"), ("full_kv_num_blocks", "full_kv_indices")]

    private let lists: [(counts: MaskArray, indices: MaskArray)]
    private let path: String

    /// Nil where the file has no such arrays.
    init?(_ container: MaskContainer, path: String) throws(ExportError) {
        var lists: [(counts: MaskArray, indices: MaskArray)] = []
        for (counts, indices) in Self.names where container.has(counts) && container.has(indices) {
            lists.append((try container.array(named: counts), try container.array(named: indices)))
        }
        guard !lists.isEmpty else { return nil }
        self.lists = lists
        self.path = path
    }

    func stack(_ reading: MaskReading, fingerprint: Int) throws(ExportError) -> MaskStack {
        let shape = lists[0].indices.shape
        guard shape.count >= 2, shape.count <= 4, shape.reduce(1, *) <= 1 << 26 else {
            throw .mask(file: path, problem: say("kv_indices is \(shape): [batch, heads, rows, columns] is wanted"))
        }
        for (counts, indices) in lists
        where indices.shape != shape || counts.shape != Array(shape.dropLast()) || counts.element.isFloat
            || indices.element.isFloat || indices.strides.last != 1 || counts.strides.last != 1
        {
            throw .mask(file: path, problem: say("the counts and indices of blocks do not fit each other"))
        }
        let (rows, columns) = (shape[shape.count - 2], shape[shape.count - 1])
        var planes: [any MaskRows] = []
        for plane in 0..<shape.dropLast(2).reduce(1, *) {
            planes.append(
                try ListedMask(queries: rows, keys: columns) { row throws(ExportError) in
                    try blocks(plane * rows + row, columns: columns)
                })
        }
        return MaskStack(
            planes: planes, lengths: Array(shape.dropLast(2)), offset: reading.offset,
            remarks: [say("a BlockMask's index arrays: a place a block")], fingerprint: fingerprint)
    }

    private func blocks(_ row: Int, columns: Int) throws(ExportError) -> KeyRanges {
        var ranges: [Range<Int>] = []
        for (counts, indices) in lists {
            let count = try numbers(counts, row, 1)[0]
            guard (0...columns).contains(count) else {
                throw .mask(file: path, problem: say("row \(row): \(count) blocks of \(columns)"))
            }
            for block in try numbers(indices, row * columns, columns).prefix(count) {
                guard (0..<columns).contains(block) else {
                    throw .mask(file: path, problem: say("row \(row): block \(block) of \(columns)"))
                }
                ranges.append(block..<block + 1)
            }
        }
        return KeyRanges(ranges)
    }

    private func numbers(_ array: MaskArray, _ start: Int, _ count: Int) throws(ExportError) -> [Int] {
        let bytes = array.row(start, count: count)
        guard bytes.count == count * array.element.size else {
            throw .mask(file: path, problem: say("the indices end early"))
        }
        return bytes.withUnsafeBytes { buffer in
            (0..<count).map { Int(exactly: array.element.value(buffer, at: $0)) ?? -1 }
        }
    }
}
