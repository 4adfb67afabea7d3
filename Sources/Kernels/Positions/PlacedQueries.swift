import CRopewalkKernels

/// Queries of one head as they meet keys that are taken to stand elsewhere, turned for each stretch of them.
struct PlacedQueries {
    private let positions: PositionTables
    private let dimension: Int
    /// How many slots behind those of the text the keys of folded places are.
    private let folded: Int
    /// Of every row. [row][stretch]
    private let stretches: [[(keys: Range<Int>, place: Int)]]
    /// Before rotation, multiplied by what products are multiplied by. [row, dimension]
    private let states: Matrix

    /// Nil where no query meets a key elsewhere.
    init?(
        positions: PositionTables, rule: ScoreRule, head: Int, places: [Int], dimension: Int, scale: Float,
        states: (_ row: Int) -> UnsafePointer<Float>
    ) {
        guard let folded = positions.folded, let keyPlaces = rule.places, rule.features == nil else { return nil }
        stretches = places.map { keyPlaces.ofHeads(head, $0) }
        guard stretches.contains(where: { !$0.isEmpty }) else { return nil }
        self.positions = positions
        self.dimension = dimension
        self.folded = folded
        self.states = Matrix(rows: max(1, places.count), columns: dimension, filling: nil)
        for (row, place) in places.enumerated() {
            let scale = positions.queryScales.isEmpty ? scale : scale * positions.queryScales[place]
            let target = self.states.row(row)
            let state = states(row)
            for i in 0..<dimension { target[i] = state[i] * scale }
        }
    }

    /// Puts the scores of such keys of a tile in the place of those at their true distance.   scores: [rows, tileSize]
    /// - Parameter keys: the tile as it is turned so many slots behind, [dimension, tileSize]
    func score(tile: Int, keys: (_ behind: Int) -> UnsafePointer<Float>, into scores: Matrix) {
        let range = tile * tileSize..<(tile + 1) * tileSize
        let needed = stretches.contains { $0.contains { $0.keys.overlaps(range) } }
        guard needed else { return }
        let tileKeys = keys(folded)
        let query = Matrix(rows: 1, columns: dimension, filling: nil)
        let packed = Matrix(rows: 1, columns: dimension, filling: nil)
        let products = Matrix(rows: 1, columns: tileSize, filling: nil)
        for (row, stretches) in stretches.enumerated() {
            let target = scores.row(row)
            for (stretch, place) in stretches {
                let part = stretch.clamped(to: range)
                guard !part.isEmpty else { continue }
                turn(row, to: place, into: query)
                let first = part.lowerBound - range.lowerBound
                // A whole tile at once takes about as long as so many keys one by one.
                if part.count < 16 {
                    for key in first..<first + part.count {
                        target[key] = ck_score(query.base, tileKeys, dimension, key)
                    }
                } else {
                    ck_pack_queries(query.base, dimension, 1, dimension, packed.base)
                    ck_scores(packed.base, 1, tileKeys, dimension, products.base)
                    (target + first).update(from: products.base + first, count: part.count)
                }
            }
        }
    }

    /// The score of one pair; nil where the key stands where the text has it.
    func score(row: Int, key: Int, keys: (_ behind: Int) -> UnsafePointer<Float>) -> Float? {
        guard let stretch = stretches[row].first(where: { $0.keys.contains(key) }) else { return nil }
        let query = Matrix(rows: 1, columns: dimension, filling: nil)
        turn(row, to: stretch.place, into: query)
        return ck_score(query.base, keys(folded), dimension, key % tileSize)
    }

    private func turn(_ row: Int, to place: Int, into query: Matrix) {
        query.base.update(from: states.row(row), count: dimension)
        positions.pieces[0].queries.rotate(query.base, position: place)
    }
}
