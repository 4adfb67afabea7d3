/// Whole numbers that many keys are worked out with at once.
protocol LaneNumber: Comparable, Sendable {
    /// Below it all is exact.
    static var limit: Double { get }
    init(_ value: Int)
    var asInt: Int { get }
    static func + (a: Self, b: Self) -> Self
    static func - (a: Self, b: Self) -> Self
    static func * (a: Self, b: Self) -> Self
    /// a / b, rounded down.
    static func quotient(_ a: Self, _ b: Self) -> Self
    /// Whether quotients by it are shifts, and how far.
    var shift: Self? { get }
    static func shifted(_ a: Self, by shift: Self) -> Self
}

/// Of doubles every processor computes several together.
extension Double: LaneNumber {
    static var limit: Double { 2_251_799_813_685_248 }
    var asInt: Int { Int(self) }
    var shift: Double? { nil }
    static func shifted(_ a: Double, by shift: Double) -> Double { a }

    /// A quotient of whole numbers that is none is 1 / |b| away from one at least, and is rounded by less, because a is
    /// below 2^53: it never becomes one.
    @inline(__always)
    static func quotient(_ a: Double, _ b: Double) -> Double {
        let value = a / b
        // Added to it, every fraction is rounded away.
        let shift = 6_755_399_441_055_744.0
        let near = (value + shift) - shift
        return near > value ? near - 1 : near
    }
}

extension Int: LaneNumber {
    /// Bounds are doubles, and may be a little off.
    static var limit: Double { 4e18 }
    var asInt: Int { self }
    var shift: Int? { self > 0 && self & (self - 1) == 0 ? trailingZeroBitCount : nil }
    @inline(__always)
    static func shifted(_ a: Int, by shift: Int) -> Int { a >> shift }
    @inline(__always)
    static func quotient(_ a: Int, _ b: Int) -> Int { a.floorDivided(by: b) }
}

/// A condition of which only the key is not known, for many keys at once: with doubles where these are exact, else with
/// whole numbers.
struct RuleLanes<Number: LaneNumber> {
    private static var limit: Double { Number.limit }

    let start: Int
    let count: Int

    /// A number for every key, or for all of them.
    private enum Lane {
        case constant(Number)
        case values([Number], ClosedRange<Double>)

        var range: ClosedRange<Double> {
            switch self {
            case .constant(let value): Double(value.asInt)...Double(value.asInt)
            case .values(_, let range): range
            }
        }
    }

    /// The keys that fit, as words; nil where numbers are too large or undefined for some key, which has to be looked at
    /// key by key then.
    func words(_ condition: MaskExpression.Condition) -> [UInt64]? {
        switch condition {
        case .constant(let value): return words(all: value)
        case .not(let a): return words(a).map { cut($0.map { ~$0 }) }
        case .and(let a, let b):
            guard let first = words(a) else { return nil }
            guard first.contains(where: { $0 != 0 }) else { return first }
            return words(b).map { zip(first, $0).map { $0 & $1 } }
        case .or(let a, let b):
            guard let first = words(a) else { return nil }
            return words(b).map { zip(first, $0).map { $0 | $1 } }
        case .compare(let relation, let a, let b, _):
            guard let a = lane(a), let b = lane(b) else { return nil }
            return compared(relation, a, b)
        }
    }

    private func words(all value: Bool) -> [UInt64] {
        cut([UInt64](repeating: value ? ~0 : 0, count: (count + 63) / 64))
    }

    /// Without the bits behind the last key.
    private func cut(_ words: [UInt64]) -> [UInt64] {
        guard count & 63 != 0, !words.isEmpty else { return words }
        var words = words
        words[words.count - 1] &= ~0 >> UInt64(64 - count & 63)
        return words
    }

    // MARK: Numbers

    private func lane(_ number: MaskExpression.Number) -> Lane? {
        switch number {
        case .constant(let value): return abs(Double(value)) < Self.limit ? .constant(Number(value)) : nil
        case .name(.key):
            return .values((start..<start + count).map { Number($0) }, Double(start)...Double(start + count))
        case .name: return nil
        case .element(let array, let places): return looked(up: array, places)
        case .choice(let test, let a, let b):
            guard let test = words(test), let a = lane(a), let b = lane(b) else { return nil }
            return chosen(test, a, b)
        case .binary(let operation, let a, let b):
            guard let a = lane(a), let b = lane(b) else { return nil }
            return joined(operation, a, b)
        }
    }

    private func joined(_ operation: MaskExpression.Operator, _ a: Lane, _ b: Lane) -> Lane? {
        let (x, y) = (a.range, b.range)
        switch operation {
        case .add: return bounded(x.lowerBound + y.lowerBound, x.upperBound + y.upperBound) { map(a, b) { $0 + $1 } }
        case .subtract:
            return bounded(x.lowerBound - y.upperBound, x.upperBound - y.lowerBound) { map(a, b) { $0 - $1 } }
        case .multiply:
            let corners = [
                x.lowerBound * y.lowerBound, x.lowerBound * y.upperBound, x.upperBound * y.lowerBound,
                x.upperBound * y.upperBound,
            ]
            return bounded(corners.min() ?? 0, corners.max() ?? 0) { map(a, b) { $0 * $1 } }
        case .divide, .remainder:
            // What divides must not be 0 for any key.
            guard y.lowerBound > 0 || y.upperBound < 0 else { return nil }
            let isQuotient = operation == .divide
            let most =
                isQuotient ? max(abs(x.lowerBound), abs(x.upperBound)) + 1 : max(abs(y.lowerBound), abs(y.upperBound))
            return bounded(-most, most) { divided(a, b, isQuotient: isQuotient) }
        }
    }

    /// The values with their bounds; nil where these are too large.
    private func bounded(_ low: Double, _ high: Double, _ values: () -> [Number]) -> Lane? {
        guard low > -Self.limit, high < Self.limit else { return nil }
        return .values(values(), low...high)
    }

    private func divided(_ a: Lane, _ b: Lane, isQuotient: Bool) -> [Number] {
        if case .constant(let divisor) = b, let shift = divisor.shift {
            return isQuotient
                ? map(a, b) { x, _ in Number.shifted(x, by: shift) }
                : map(a, b) { x, _ in x - Number.shifted(x, by: shift) * divisor }
        }
        return isQuotient ? map(a, b) { Number.quotient($0, $1) } : map(a, b) { $0 - Number.quotient($0, $1) * $1 }
    }

    @inline(__always)
    private func map<Value>(_ a: Lane, _ b: Lane, _ join: (Number, Number) -> Value) -> [Value] {
        [Value](unsafeUninitializedCapacity: count) { result, filled in
            filled = count
            switch (a, b) {
            case (.constant(let x), .constant(let y)): for index in 0..<count { result[index] = join(x, y) }
            case (.values(let x, _), .constant(let y)):
                x.withUnsafeBufferPointer { x in for index in 0..<count { result[index] = join(x[index], y) } }
            case (.constant(let x), .values(let y, _)):
                y.withUnsafeBufferPointer { y in for index in 0..<count { result[index] = join(x, y[index]) } }
            case (.values(let x, _), .values(let y, _)):
                x.withUnsafeBufferPointer { x in
                    y.withUnsafeBufferPointer { y in for index in 0..<count { result[index] = join(x[index], y[index]) }
                    }
                }
            }
        }
    }

    private func chosen(_ test: [UInt64], _ a: Lane, _ b: Lane) -> Lane {
        let (first, second) = (map(a, .constant(Number(0))) { x, _ in x }, map(b, .constant(Number(0))) { x, _ in x })
        let values = (0..<count).map { test[$0 >> 6] >> UInt64($0 & 63) & 1 == 1 ? first[$0] : second[$0] }
        let (x, y) = (a.range, b.range)
        return .values(values, min(x.lowerBound, y.lowerBound)...max(x.upperBound, y.upperBound))
    }

    private func looked(up array: RuleArray, _ places: [MaskExpression.Number]) -> Lane? {
        let bounds = array.bounds
        guard abs(Double(bounds.lowerBound)) < Self.limit, abs(Double(bounds.upperBound)) < Self.limit else {
            return nil
        }
        var indices = [Int](repeating: 0, count: count)
        for (axis, place) in places.enumerated() {
            guard let lane = lane(place) else { return nil }
            let values = map(lane, .constant(Number(0))) { x, _ in x }
            for index in 0..<count {
                let place = values[index].asInt
                guard place >= 0, place < array.shape[axis] else { return nil }
                indices[index] = indices[index] * array.shape[axis] + place
            }
        }
        return .values(indices.map { Number(array.values[$0]) }, Double(bounds.lowerBound)...Double(bounds.upperBound))
    }

    // MARK: Comparisons

    private func compared(_ relation: MaskExpression.Relation, _ a: Lane, _ b: Lane) -> [UInt64] {
        switch relation {
        case .less: flags(a, b) { $0 < $1 }
        case .atMost: flags(a, b) { $0 <= $1 }
        case .equal: flags(a, b) { $0 == $1 }
        case .unequal: flags(a, b) { $0 != $1 }
        case .more: flags(a, b) { $0 > $1 }
        case .atLeast: flags(a, b) { $0 >= $1 }
        }
    }

    @inline(__always)
    private func flags(_ a: Lane, _ b: Lane, _ holds: (Number, Number) -> Bool) -> [UInt64] {
        KeyBits(bytes: map(a, b) { holds($0, $1) ? 1 : 0 }).words
    }
}
