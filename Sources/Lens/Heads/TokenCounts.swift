/// How often numbers occur: a place a number where they are those of tokens or of a vocabulary, which is many times faster
/// than a dictionary.
struct TokenCounts {
    /// Larger numbers than any vocabulary has tokens.
    static let most: Int32 = 1 << 22

    private var counts: [Int32]
    /// Of numbers that have no place.
    private var others: [Int32: Int] = [:]

    /// - Parameter highest: the highest number that is counted; higher ones, and those below 0, take longer.
    init(upTo highest: Int) { counts = Array(repeating: 0, count: max(0, min(highest, Int(Self.most))) + 1) }

    mutating func add(_ number: Int32) {
        if number >= 0, Int(number) < counts.count {
            counts[Int(number)] += 1
        } else {
            others[number, default: 0] += 1
        }
    }

    subscript(number: Int32) -> Int {
        number >= 0 && Int(number) < counts.count ? Int(counts[Int(number)]) : others[number] ?? 0
    }

    /// Those that occur so often, in any order.
    func numbers(occurring fewest: Int) -> [(number: Int32, count: Int)] {
        let low = counts.indices.lazy.filter { Int(counts[$0]) >= fewest }.map { (Int32($0), Int(counts[$0])) }
        return Array(low) + others.filter { $0.value >= fewest }.map { ($0.key, $0.value) }
    }

    /// Σ over numbers of how often each is here, times how often it is there.
    func product(_ other: TokenCounts) -> Int {
        var sum = 0
        for number in counts.indices where counts[number] > 0 { sum += Int(counts[number]) * other[Int32(number)] }
        return others.reduce(sum) { $0 + $1.value * other[$1.key] }
    }
}
