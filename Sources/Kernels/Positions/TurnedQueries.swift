import CRopewalkKernels
import Foundation

/// Some queries of one head, turned for every piece of the positions and scaled, ready to be scored with tiles of keys.
struct TurnedQueries {
    let positions: PositionTables
    let rule: ScoreRule
    let head: Int
    /// Their places in the text.
    let places: [Int]
    let dimension: Int
    /// Turned and scaled, one matrix a piece and, for a sinusoid, one more. [row, dimension]
    let turned: [Matrix]
    /// The same in the order of the loops.
    private let packed: [Matrix]
    /// What the sinusoid adds to earlier and later keys beyond its limit, of each query; empty without a limit.
    private var farSinusoid: [(before: Float, after: Float)] = []
    /// Of a feature map, a piece each: features, and what those of a query share. [row, feature]
    private(set) var features: [(features: Matrix, shared: [Float])] = []
    private let placed: PlacedQueries?

    /// - Parameters:
    ///   - states: gives a query before rotation, [dimension]
    ///   - scale: what products are multiplied by, 1 / √dimension
    init(
        positions: PositionTables, rule: ScoreRule, head: Int, places: [Int], dimension: Int, scale: Float,
        states: (_ row: Int) -> UnsafePointer<Float>
    ) {
        self.positions = positions
        self.rule = rule
        self.head = head
        self.places = places
        self.dimension = dimension
        // A sinusoid has a frequency for two dimensions of a head, as a rotation has (TransformerXLRelative).
        precondition(2 * (positions.sinusoid?.subspaces ?? 0) <= dimension)
        let count = positions.pieces.count + (positions.sinusoid == nil ? 0 : 1)
        turned = (0..<count).map { _ in Matrix(rows: max(1, places.count), columns: dimension, filling: nil) }
        packed = (0..<count).map { _ in Matrix(rows: max(1, places.count), columns: dimension, filling: nil) }
        for (row, place) in places.enumerated() {
            let scale = positions.queryScales.isEmpty ? scale : scale * positions.queryScales[place]
            for (index, matrix) in turned.enumerated() {
                let target = matrix.row(row)
                target.update(from: states(row), count: dimension)
                if index < positions.pieces.count {
                    positions.pieces[index].queries.rotate(target, position: place)
                } else if let table = positions.sinusoid {
                    table.turnForSinusoid(target, position: place)
                }
                for i in 0..<dimension { target[i] *= scale }
            }
        }
        if let table = positions.sinusoid, let limit = positions.sinusoidLimit, limit < table.positions {
            for (row, place) in places.enumerated() {
                let scale = positions.queryScales.isEmpty ? scale : scale * positions.queryScales[place]
                let (before, after) = table.sinusoidProducts(states(row), distance: limit)
                farSinusoid.append((before * scale, after * scale))
            }
        }
        for (index, matrix) in turned.enumerated() {
            let half = index < positions.pieces.count ? nil : positions.sinusoid?.subspaces
            let width = half ?? dimension
            for part in 0..<(half == nil ? 1 : 2) {
                ck_pack_queries(
                    matrix.base + part * width, dimension, places.count, width,
                    packed[index].base + part * places.count * width)
            }
        }
        placed = PlacedQueries(
            positions: positions, rule: rule, head: head, places: places, dimension: dimension, scale: scale,
            states: states)
        if let map = rule.features {
            features = turned.map { turned in
                let states = Matrix(rows: max(1, places.count), columns: dimension, filling: nil)
                states.copyRows(of: turned, count: places.count)
                return map.features(ofQueries: states, rows: places.count)
            }
        }
    }

    /// The scores with a tile by the products of features.   keys: [dimension, tileSize]   scores: [rows, tileSize]
    private func scoreFeatures(
        _ map: FeatureMap, piece: Int, keys: UnsafePointer<Float>, into scores: Matrix
    ) {
        let tile = Matrix(rows: map.width, columns: tileSize, filling: nil)
        let shared = Matrix(rows: 1, columns: tileSize, filling: nil)
        let highest = Matrix(rows: 1, columns: map.width, filling: -.infinity)
        map.features(of: keys, count: tileSize, to: tile, shared: shared.base)
        map.divide(tile, columns: tileSize, used: tileSize, highest: highest.base)
        let queries = features[piece]
        let weights = Matrix(rows: max(1, places.count), columns: map.width, filling: nil)
        let tops = places.indices.map {
            map.weigh(queries.features.row($0), highest: highest.base, to: weights.row($0))
        }
        ck_sums(weights.base, places.count, map.width, tile.base, tileSize, nil, scores.base)
        for row in places.indices {
            let values = scores.row(row)
            let sum = tops[row] + queries.shared[row] + map.offset
            for key in 0..<tileSize {
                values[key] =
                    values[key] > FeatureMap.least
                    ? logf(values[key]) + shared.base[key] + sum
                    : map.score(
                        query: queries.features.row(row), shared: queries.shared[row], key: keys + key, stride: tileSize
                    )
            }
        }
    }

    /// The scores with a tile of keys, before any mask.   into, scratch: [rows, tileSize]
    /// - Parameter keys: a tile of keys as a slot turns them, [dimension, tileSize]
    func score(
        tile: Int, uses: [PositionTables.Use], keys: (_ slot: Int) -> UnsafePointer<Float>, into scores: Matrix,
        scratch: Matrix
    ) {
        let rows = places.count
        for (order, use) in uses.enumerated() {
            let target = order == 0 ? scores : scratch
            let slot = positions.pieces[use.piece].slot
            let tileKeys = keys(slot)
            if let map = rule.features {
                scoreFeatures(map, piece: use.piece, keys: tileKeys, into: target)
            } else {
                ck_scores(packed[use.piece].base, rows, tileKeys, dimension, target.base)
                placed?.score(tile: tile, keys: { keys(slot + $0) }, into: target)
            }
            if let bits = use.bits, order > 0 { ck_blend(scores.base, scratch.base, rows, bits) }
        }
        if let table = positions.sinusoid, let queries = packed.last {
            let half = table.subspaces
            let product = Matrix(rows: max(1, rows), columns: tileSize, filling: nil)
            table.withTile(tile) { cosine, sine in
                ck_scores(queries.base, rows, cosine, half, product.base)
                ck_scores(queries.base + rows * half, rows, sine, half, scratch.base)
            }
            ck_add(product.base, scratch.base, rows * tileSize)
            limitSinusoid(product, tile: tile)
            ck_add(scores.base, product.base, rows * tileSize)
        }
        if let cap = rule.softcap { ck_softcap(scores.base, rows * tileSize, cap) }
        for bias in rule.additions {
            for (row, place) in places.enumerated() {
                bias.add(to: scores.row(row), head: head, query: place, tile: tile)
            }
        }
    }

    /// Keys beyond the limit get what the key at the limit has.
    private func limitSinusoid(_ product: Matrix, tile: Int) {
        guard let limit = positions.sinusoidLimit, !farSinusoid.isEmpty else { return }
        for (row, place) in places.enumerated() {
            let end = min(tileSize, place - limit - tile * tileSize)
            for j in 0..<max(0, end) { product.row(row)[j] = farSinusoid[row].before }
            let start = max(0, place + limit + 1 - tile * tileSize)
            for j in min(start, tileSize)..<tileSize { product.row(row)[j] = farSinusoid[row].after }
        }
    }

    /// The score of one pair.
    func score(row: Int, key: Int, keys: (_ slot: Int) -> UnsafePointer<Float>) -> Float {
        let place = places[row]
        let piece = positions.piece(query: place, key: key)
        let tileKeys = keys(positions.pieces[piece].slot)
        if let map = rule.features {
            let (queries, shared) = features[piece]
            return map.score(
                query: queries.row(row), shared: shared[row], key: tileKeys + key % tileSize, stride: tileSize)
        }
        let slot = positions.pieces[piece].slot
        var score =
            placed?.score(row: row, key: key, keys: { keys(slot + $0) })
            ?? ck_score(turned[piece].row(row), tileKeys, dimension, key % tileSize)
        if let table = positions.sinusoid, let queries = turned.last {
            let half = table.subspaces
            if let limit = positions.sinusoidLimit, !farSinusoid.isEmpty, abs(place - key) > limit {
                score += key < place ? farSinusoid[row].before : farSinusoid[row].after
            } else {
                // Added up in the order of a tile.
                table.withTile(key / tileSize) { cosine, sine in
                    score +=
                        ck_score(queries.row(row), cosine, half, key % tileSize)
                        + ck_score(queries.row(row) + half, sine, half, key % tileSize)
                }
            }
        }
        if let cap = rule.softcap { ck_softcap(&score, 1, cap) }
        for bias in rule.additions { score = bias.adding(to: score, head: head, query: place, key: key) }
        return score
    }

    /// Whether a score is one product, so that `ck_find_score` finds it again to the bit.
    var isPlainProduct: Bool { positions.isSimple && rule.isPlain }
}

extension RotaryTable {
    /// q · [sin(t·ω), cos(t·ω)] for a key that is `distance` tokens before the query (t = distance), and for one after it.
    /// - Parameter x: the query before rotation. [2 · subspaces or more]
    func sinusoidProducts(_ x: UnsafePointer<Float>, distance: Int) -> (before: Float, after: Float) {
        let place = distance / tileSize * subspaces * tileSize + distance % tileSize
        var (before, after): (Float, Float) = (0, 0)
        for i in 0..<subspaces {
            let (s, c) = (sine[place + i * tileSize], cosine[place + i * tileSize])
            before += x[i] * s + x[i + subspaces] * c
            after += x[i + subspaces] * c - x[i] * s
        }
        return (before, after)
    }

    /// Brings a query into the form in which its product with [cos, sin] of a key's place is q · [sin(t·ω), cos(t·ω)].
    func turnForSinusoid(_ x: UnsafeMutablePointer<Float>, position: Int) {
        let place = position / tileSize * subspaces * tileSize + position % tileSize
        for i in 0..<subspaces {
            let c = cosine[place + i * tileSize]
            let s = sine[place + i * tileSize]
            let a = x[i]
            let b = x[i + subspaces]
            x[i] = a * s + b * c
            x[i + subspaces] = b * s - a * c
        }
    }
}
