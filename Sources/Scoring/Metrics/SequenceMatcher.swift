/// How alike two texts are as Python's `difflib.SequenceMatcher` says it.
///
/// The longest common stretch is taken, then the same on both sides of it. In a second text of 200 characters or more,
/// those that make up more than a hundredth of it begin no stretch (`autojunk`).
struct SequenceMatcher {
    private let first: CodePoints
    private let second: CodePoints
    /// Where each character of the second text stands, but for those that are too frequent.
    private var places: [Unicode.Scalar: [Int]] = [:]

    init(_ first: CodePoints, _ second: CodePoints) {
        (self.first, self.second) = (first, second)
        for (place, scalar) in second.enumerated() { places[scalar, default: []].append(place) }
        guard second.count >= 200 else { return }
        let most = second.count / 100 + 1
        places = places.filter { $0.value.count <= most }
    }

    /// 2 · matching characters / all characters of both; 1 for two empty texts.
    var ratio: Double {
        let all = first.count + second.count
        return all == 0 ? 1 : 2.0 * Double(matches) / Double(all)
    }

    /// Characters in the stretches that both have.
    private var matches: Int {
        var count = 0
        var open = [(first: 0..<first.count, second: 0..<second.count)]
        var scratch = Scratch(second.count)
        while let (a, b) = open.popLast() {
            let found = longest(a, b, &scratch)
            guard found.length > 0 else { continue }
            count += found.length
            if a.lowerBound < found.first, b.lowerBound < found.second {
                open.append((a.lowerBound..<found.first, b.lowerBound..<found.second))
            }
            let (afterA, afterB) = (found.first + found.length, found.second + found.length)
            if afterA < a.upperBound, afterB < b.upperBound {
                open.append((afterA..<a.upperBound, afterB..<b.upperBound))
            }
        }
        return count
    }

    /// Lengths of the stretches that end at a place of the second text, of the present and the last place of the first.
    private struct Scratch {
        var now: [Int]
        var last: [Int]
        var touched: [Int] = []
        var touchedLast: [Int] = []

        init(_ count: Int) {
            now = Array(repeating: 0, count: count)
            last = now
        }

        mutating func turn() {
            for place in touchedLast { last[place] = 0 }
            swap(&now, &last)
            swap(&touched, &touchedLast)
            touched.removeAll(keepingCapacity: true)
        }
    }

    /// The longest stretch in both ranges; of equal ones the earliest of the first text, then of the second.
    private func longest(
        _ a: Range<Int>, _ b: Range<Int>, _ scratch: inout Scratch
    ) -> (first: Int, second: Int, length: Int) {
        var best = (first: a.lowerBound, second: b.lowerBound, length: 0)
        for i in a {
            for j in places[first[i]] ?? [] where j >= b.lowerBound {
                if j >= b.upperBound { break }
                let length = (j > 0 ? scratch.last[j - 1] : 0) + 1
                scratch.now[j] = length
                scratch.touched.append(j)
                if length > best.length { best = (i - length + 1, j - length + 1, length) }
            }
            scratch.turn()
        }
        scratch.turn()
        scratch.turn()
        // Frequent characters begin no stretch, but belong to it where they stand beside it.
        while best.first > a.lowerBound, best.second > b.lowerBound,
            first[best.first - 1] == second[best.second - 1]
        {
            best = (best.first - 1, best.second - 1, best.length + 1)
        }
        while best.first + best.length < a.upperBound, best.second + best.length < b.upperBound,
            first[best.first + best.length] == second[best.second + best.length]
        {
            best.length += 1
        }
        return best
    }
}
