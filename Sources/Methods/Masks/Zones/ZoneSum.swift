/// A mask, or a part of it, as a sum of zones.
package struct ZoneSum: Equatable, Sendable {
    package private(set) var zones: [Zone]

    /// More terms than this are not worth having: looking at some rows says as much.
    static let limit = 1 << 17

    package init(_ zones: [Zone] = []) {
        self.zones = zones.contains(where: \.isEmpty) ? zones.filter { !$0.isEmpty } : zones
    }

    /// How many pairs it holds among these queries and keys.
    package func count(queries: Range<Int>, keys: Range<Int>) -> Int {
        zones.reduce(0) { $0 + $1.weight * $1.within(queries: queries, keys: keys).pairCount }
    }

    func value(query: Int, key: Int) -> Int {
        zones.reduce(0) { $0 + ($1.contains(query: query, key: key) ? $1.weight : 0) }
    }

    static func + (a: ZoneSum, b: ZoneSum) -> ZoneSum {
        var sum = a
        sum.zones += b.zones
        return sum
    }

    static func - (a: ZoneSum, b: ZoneSum) -> ZoneSum {
        var sum = a
        for var zone in b.zones {
            zone.weight = -zone.weight
            sum.zones.append(zone)
        }
        return sum
    }

    /// The pairs that are in both; nil where that has no sum of a sensible size.
    func intersection(_ other: ZoneSum) -> ZoneSum? {
        let (mine, theirs) = (ordered, other.ordered)
        // reach[i]: where the last of the first i + 1 zones ends.
        var reach: [Int] = []
        for zone in theirs { reach.append(max(reach.last ?? .min, zone.queries.upperBound)) }
        var product = ZoneSum()
        var start = 0
        var looks = 0
        for a in mine {
            while start < theirs.count, reach[start] <= a.queries.lowerBound { start += 1 }
            for b in theirs[start...] {
                guard b.queries.lowerBound < a.queries.upperBound else { break }
                looks += 1
                switch a.intersection(b) {
                case .none: continue
                case .some(let zone): product.zones.append(zone)
                case .uncountable: return nil
                }
                guard product.zones.count <= Self.limit else { return nil }
            }
            guard looks <= 8 * Self.limit else { return nil }
        }
        return product
    }

    /// By their first queries.
    private var ordered: [Zone] {
        let isOrdered = zip(zones, zones.dropFirst()).allSatisfy { $0.queries.lowerBound <= $1.queries.lowerBound }
        return isOrdered ? zones : zones.sorted { $0.queries.lowerBound < $1.queries.lowerBound }
    }

    /// The pairs that are in one of them at least.
    func union(_ other: ZoneSum) -> ZoneSum? {
        intersection(other).map { self + other - $0 }
    }
}

extension Zone {
    enum Intersection {
        case none
        case some(Zone)
        /// The congruences have different periods.
        case uncountable
    }

    func intersection(_ other: Zone) -> Intersection {
        var zone = within(queries: other.queries, keys: other.keys)
        zone.distances = distances.clamped(to: other.distances)
        zone.weight *= other.weight
        guard !zone.isEmpty else { return .none }
        if hasNoComb, other.hasNoComb { return .some(zone) }
        for (mine, theirs, target) in [
            (queryComb, other.queryComb, \Zone.queryComb), (keyComb, other.keyComb, \.keyComb),
            (distanceComb, other.distanceComb, \.distanceComb),
        ] where !(mine.isAll && theirs.isAll) {
            switch mine.intersection(theirs) {
            case .none: return .none
            case .some(let joint): zone[keyPath: target] = joint
            case .tooLong: return .uncountable
            }
        }
        return zone.isCountable ? .some(zone) : .uncountable
    }

    private var hasNoComb: Bool { queryComb.isAll && keyComb.isAll && distanceComb.isAll }

    /// Whether its congruences all have one period.
    var isCountable: Bool {
        Set([queryComb, keyComb, distanceComb].lazy.map(\.period).filter { $0 > 1 }).count <= 1
    }
}

extension KeyRanges {
    /// The keys of a query in a sum of zones.
    init(_ sum: ZoneSum, query: Int) {
        var steps: [(key: Int, change: Int)] = []
        var ranges: [Range<Int>] = []
        for zone in sum.zones {
            guard let (range, comb) = zone.keys(of: query) else { continue }
            if comb.isAll {
                steps.append((range.lowerBound, zone.weight))
                steps.append((range.upperBound, -zone.weight))
            } else {
                for key in stride(from: comb.first(from: range.lowerBound), to: range.upperBound, by: comb.period) {
                    steps.append((key, zone.weight))
                    steps.append((key + 1, -zone.weight))
                }
            }
        }
        steps.sort { $0.key < $1.key }
        var level = 0
        var start = 0
        var index = 0
        while index < steps.count {
            let key = steps[index].key
            let before = level
            while index < steps.count, steps[index].key == key {
                level += steps[index].change
                index += 1
            }
            if before <= 0, level > 0 { start = key }
            if before > 0, level <= 0 { ranges.append(start..<key) }
        }
        self.init(canonical: ranges)
    }
}
