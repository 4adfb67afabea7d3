import RopewalkKernels

/// Numbers of tokens in groups (heads), to which tokens are added: a recording has all tokens of a group in a row, so that
/// every group would have to be moved for each token.
struct GrowingRows<Number> {
    /// [group][token · width]
    private var groups: [[Number]]

    init(groups: Int) { self.groups = Array(repeating: [], count: max(1, groups)) }

    /// - Parameter flat: of some tokens, [group, token, width]
    mutating func append(_ flat: [Number]) {
        let size = flat.count / groups.count
        for group in groups.indices { groups[group] += flat[group * size..<(group + 1) * size] }
    }

    /// [group, token, width]
    var joined: [Number] { groups.count == 1 ? groups[0] : groups.flatMap { $0 } }

    /// Some numbers of a group.
    func part(_ group: Int, _ range: Range<Int>) -> ArraySlice<Number> { groups[group][range] }

    /// Sets the last number of the first group.
    mutating func setLast(_ number: Number) {
        guard !groups[0].isEmpty else { return }
        groups[0][groups[0].count - 1] = number
    }
}

/// Keys in tiles, to which keys are added.
struct GrowingTiles {
    let dimension: Int
    private(set) var count = 0
    /// [head][tile, dimension, tileSize]
    private var heads: [[Float]]

    init(heads: Int, dimension: Int) {
        self.dimension = dimension
        self.heads = Array(repeating: [], count: heads)
    }

    /// - Parameters:
    ///   - packed: [head, tile, dimension, tileSize], the first of them at the beginning of a tile
    ///   - added: how many keys they are
    mutating func append(_ packed: [Float], count added: Int) {
        let size = dimension * tileSize
        let tiles = (added + tileSize - 1) / tileSize
        guard heads.count * tiles * size == packed.count else { return }
        for head in heads.indices {
            if count % tileSize == 0 {
                heads[head] += packed[head * tiles * size..<(head + 1) * tiles * size]
                continue
            }
            for row in 0..<added {
                let place = count + row
                if place % tileSize == 0 { heads[head] += repeatElement(0, count: size) }
                let source = (head * tiles + row / tileSize) * size + row % tileSize
                let target = place / tileSize * size + place % tileSize
                let dimension = self.dimension
                heads[head].withUnsafeMutableBufferPointer { numbers in
                    packed.withUnsafeBufferPointer { packed in
                        for i in 0..<dimension { numbers[target + i * tileSize] = packed[source + i * tileSize] }
                    }
                }
            }
        }
        count += added
    }

    /// [head, tile, dimension, tileSize]
    var joined: [Float] { heads.count == 1 ? heads[0] : heads.flatMap { $0 } }

    /// A tile of a head; its index is given by who knows where the first stands in the text.
    func tile(_ tile: Int, head: Int, index: Int) -> KeyTile {
        KeyTile(keys: heads[head], offset: tile * dimension * tileSize, index: index)
    }
}
