/// A part of a mask that is counted in closed form: the pairs whose query, key and distance (query − key) each lie in a
/// range, and, where it is a comb, in a congruence.
///
/// A mask is a sum of zones: a zone counts `weight` times, and all zones that hold a pair add up to 1 where the pair is
/// allowed and to 0 where it is not. So an intersection of masks is a product of sums, and a union a + b − a·b.
package struct Zone: Equatable, Sendable {
    package var queries: Range<Int>
    package var keys: Range<Int>
    /// Of query − key; negative for later keys.
    package var distances: Range<Int>
    package var queryComb: Congruence
    package var keyComb: Congruence
    package var distanceComb: Congruence
    /// 1, or −1 for what other zones count once too often.
    package var weight: Int

    /// Beyond every distance of a mask.
    package static let far = 1 << 32

    package init(
        queries: Range<Int>, keys: Range<Int>, distances: Range<Int> = -Zone.far..<Zone.far,
        queryComb: Congruence = .all, keyComb: Congruence = .all, distanceComb: Congruence = .all, weight: Int = 1
    ) {
        self.queries = queries
        self.keys = keys
        self.distances = distances
        self.queryComb = queryComb
        self.keyComb = keyComb
        self.distanceComb = distanceComb
        self.weight = weight
    }

    /// Distances from `first` on.
    static func distances(from first: Int) -> Range<Int> { first..<far }

    /// Whether it surely holds no pair; the combs are not looked at.
    var isEmpty: Bool { queries.isEmpty || keys.isEmpty || closeDistances.isEmpty }

    /// The distances that pairs of these queries and keys can have at all.
    private var closeDistances: Range<Int> {
        distances.clamped(to: queries.lowerBound - keys.upperBound + 1..<queries.upperBound - keys.lowerBound)
    }

    func contains(query: Int, key: Int) -> Bool {
        queries.contains(query) && keys.contains(key) && distances.contains(query - key)
            && queryComb.contains(query) && keyComb.contains(key) && distanceComb.contains(query - key)
    }

    func within(queries: Range<Int>, keys: Range<Int>) -> Zone {
        var part = self
        part.queries = self.queries.clamped(to: queries)
        part.keys = self.keys.clamped(to: keys)
        return part
    }

    /// How many pairs it holds; the weight is left out.
    package var pairCount: Int {
        guard !isEmpty else { return 0 }
        let distances = closeDistances
        switch (queryComb.isAll, keyComb.isAll, distanceComb.isAll) {
        case (true, true, true): return Self.pairs(queries, keys, distances)
        case (true, true, false):
            return Self.overlaps(fixed: queries, moving: keys, places: distances, distanceComb)
        case (true, false, true):
            return Self.overlaps(fixed: queries, moving: distances, places: keys, keyComb)
        case (false, true, true):
            let moving = 1 - distances.upperBound..<1 - distances.lowerBound
            return Self.overlaps(fixed: keys, moving: moving, places: queries, queryComb)
        default: return latticeCount(distances)
        }
    }

    /// Two or three congruences of one period fix both residues: what is left is a zone of every period-th token.
    private func latticeCount(_ distances: Range<Int>) -> Int {
        let period = max(queryComb.period, keyComb.period, distanceComb.period)
        let query = queryComb.isAll ? (keyComb.phase + distanceComb.phase).modulo(period) : queryComb.phase
        let key = keyComb.isAll ? (query - distanceComb.phase).modulo(period) : keyComb.phase
        guard distanceComb.contains(query - key) else { return 0 }
        return Self.pairs(
            Self.coarse(queries, period, query), Self.coarse(keys, period, key),
            Self.coarse(distances, period, query - key))
    }

    /// The numbers i for which i · period + phase lies in a range.
    private static func coarse(_ range: Range<Int>, _ period: Int, _ phase: Int) -> Range<Int> {
        let lower = (range.lowerBound - phase + period - 1).floorDivided(by: period)
        return lower..<max(lower, (range.upperBound - phase + period - 1).floorDivided(by: period))
    }

    /// Pairs without a comb. With q and −k counted from 0 the distance is their sum plus a constant, and the pairs with
    /// a sum below D are a triangle with two corners cut off.
    private static func pairs(_ queries: Range<Int>, _ keys: Range<Int>, _ distances: Range<Int>) -> Int {
        let (m, n) = (queries.count, keys.count)
        guard m > 0, n > 0 else { return 0 }
        let least = queries.lowerBound - keys.upperBound + 1
        func below(_ distance: Int) -> Int {
            let d = max(0, min(distance - least, m + n - 1))
            return triangle(d) - triangle(d - m) - triangle(d - n)
        }
        return max(0, below(distances.upperBound) - below(distances.lowerBound))
    }

    private static func triangle(_ n: Int) -> Int { n > 0 ? n * (n + 1) / 2 : 0 }

    /// Σ over the places x of a congruence of |fixed ∩ (moving + x)|: the overlap rises, stays and falls, so it is four
    /// ramps, and a ramp sums up as an arithmetic series.
    private static func overlaps(
        fixed: Range<Int>, moving: Range<Int>, places: Range<Int>, _ comb: Congruence
    ) -> Int {
        func ramp(_ start: Int) -> Int {
            let first = comb.first(from: max(places.lowerBound, start + 1))
            guard first < places.upperBound else { return 0 }
            let terms = (places.upperBound - 1 - first) / comb.period + 1
            return terms * (first - start) + comb.period * (terms * (terms - 1) / 2)
        }
        return ramp(fixed.lowerBound - moving.upperBound) - ramp(fixed.lowerBound - moving.lowerBound)
            - ramp(fixed.upperBound - moving.upperBound) + ramp(fixed.upperBound - moving.lowerBound)
    }

    /// The keys of one query, in the step of their comb.
    func keys(of query: Int) -> (range: Range<Int>, comb: Congruence)? {
        guard queries.contains(query), queryComb.contains(query) else { return nil }
        let range = keys.clamped(to: query - distances.upperBound + 1..<query - distances.lowerBound + 1)
        let apart = Congruence(period: distanceComb.period, phase: query - distanceComb.phase)
        guard !range.isEmpty, case .some(let comb) = keyComb.intersection(apart) else { return nil }
        return (range, comb)
    }
}
