import RopewalkKernels
import RopewalkMethods
import RopewalkModels

/// The mean weight that a head gives keys at each distance.
package struct DistanceProfile: Equatable, Sendable {
    /// Keys at these distances from their query.
    package struct Bucket: Equatable, Sendable {
        package let distances: Range<Int>
        /// Of all pairs at these distances; nil where no sampled query reaches so far back.
        package let meanWeight: Double?
        /// Pairs of query and key that the mean is over.
        package let pairs: Int

        package init(distances: Range<Int>, meanWeight: Double?, pairs: Int) {
            self.distances = distances
            self.meanWeight = meanWeight
            self.pairs = pairs
        }
    }

    package let buckets: [Bucket]
    /// Queries that the means are over, of all recorded ones.
    package let queries: Int
    package let recorded: Int
    package let provenance: Provenance

    package init(buckets: [Bucket], queries: Int, recorded: Int, provenance: Provenance) {
        self.buckets = buckets
        self.queries = queries
        self.recorded = recorded
        self.provenance = provenance
    }

    /// The mean weight of keys at `distance` or further away; nil where there are none.
    package func meanWeight(from distance: Int) -> Double? {
        let far = buckets.filter { $0.distances.lowerBound >= distance }
        let pairs = far.reduce(0) { $0 + $1.pairs }
        return pairs > 0 ? far.reduce(0) { $0 + ($1.meanWeight ?? 0) * Double($1.pairs) } / Double(pairs) : nil
    }
}

extension Lens {
    /// The mean weight of a head by distance, over at most `limit` queries, evenly spread over what is recorded; nil where
    /// nothing is.
    package func distanceProfile(layer: Int, head: Int, limit: Int = 32) -> DistanceProfile? {
        let tokens = recording.tokens
        guard recording.isCausal, has(layer: layer, head: head, token: 0), limit > 0 else { return nil }
        let count = min(limit, tokens)
        let queries = (0..<count).map { ($0 + 1) * tokens / count - 1 }
        guard let rows = FullRows(self, layer: layer, head: head, queries: queries) else { return nil }
        let buckets = Self.distanceBuckets(tokens)
        let sums = workers.map(count) { row in
            buckets.map { bucket -> (sum: Double, pairs: Int) in
                let query = queries[row]
                let keys = (query + 1 - bucket.upperBound..<query + 1 - bucket.lowerBound).clamped(to: 0..<query + 1)
                return keys.isEmpty ? (0, 0) : (Double(rows.weights.sum(row: row, columns: keys)), keys.count)
            }
        }
        return DistanceProfile(
            buckets: buckets.enumerated().map { index, distances in
                let pairs = sums.reduce(0) { $0 + $1[index].pairs }
                let sum = sums.reduce(0) { $0 + $1[index].sum }
                return DistanceProfile.Bucket(
                    distances: distances, meanWeight: pairs > 0 ? sum / Double(pairs) : nil, pairs: pairs)
            }, queries: count, recorded: tokens,
            provenance: provenance(sampling: max(1, tokens / count)))
    }

    /// Distances from 0 on, single ones first, then each bucket about a quarter longer than what comes before it.
    static func distanceBuckets(_ tokens: Int) -> [Range<Int>] {
        var buckets: [Range<Int>] = []
        var start = 0
        while start < tokens {
            let end = min(tokens, start + max(1, start / 4))
            buckets.append(start..<end)
            start = end
        }
        return buckets
    }

    /// The effective distances g(query, key) of the scenario in a window of the map, in tokens: those of the last query and
    /// the first key of every cell; NaN above the diagonal, and where a selection gives places to those keys alone that it
    /// has chosen. Nil where the layer turns nothing, or where it would take too long to find out what is chosen.
    package func distanceMap(_ request: MapRequest) -> MapImage? {
        guard (0..<setup.layers).contains(request.layer), request.rows > 0, request.columns > 0, request.cell > 0,
            let encoding = setup.encoding(layer: request.layer)
        else { return nil }
        let moves = movesKeys(layer: request.layer)
        let chosen = moves ? choices(of: request) : [:]
        guard let chosen else { return nil }
        var values = [Float](repeating: .nan, count: request.rows * request.columns)
        for row in 0..<request.rows {
            let query = min(request.firstQuery + (row + 1) * request.cell, setup.queries) - 1
            guard query >= request.firstQuery + row * request.cell else { break }
            let places = chosen[query].map { setup.stateSelection(request.layer)?.places(of: $0, query: query) ?? [] }
            for column in 0..<request.columns {
                let key = request.firstKey + column * request.cell
                guard key <= query else { break }
                if moves, chosen[query]?.contains(key) != true { continue }
                let placed = places?.first { $0.keys.contains(key) }
                let period = setup.stateSelection(request.layer)?.keyPeriod ?? 1
                let distance =
                    placed.map { encoding.effectiveDistance(query: $0.place, key: key % period) }
                    ?? encoding.effectiveDistance(query: query, key: key)
                // Nothing is drawn for 0, which is no weight: the diagonal of single tokens is the nearest there is.
                values[row * request.columns + column] = Float(max(distance, 0.5))
            }
        }
        return MapImage(request: request, values: values, provenance: moves ? provenance : .exact)
    }

    /// What the last query of every row of cells has chosen; nil where finding out would take too long.
    private func choices(of request: MapRequest) -> [Int: KeyRanges]? {
        let queries = (0..<request.rows).map {
            min(request.firstQuery + ($0 + 1) * request.cell, setup.queries, recording.tokens) - 1
        }
        let known = Array(Set(queries.filter { $0 >= 0 })).sorted()
        guard let choices else {
            return known.reduce(into: [:]) {
                $0[$1] = recording.chosenKeys(layer: request.layer, head: request.head, query: $1)
            }
        }
        guard let made = choices.choices(layer: request.layer, head: request.head, queries: known) else { return nil }
        return Dictionary(zip(known, made.map(\.keys)), uniquingKeysWith: { first, _ in first })
    }
}
