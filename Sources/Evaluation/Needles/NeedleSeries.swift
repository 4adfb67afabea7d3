import Foundation
import RopewalkPhrases

/// Lengths and depths of a grid of needles, and lists of them as they are written.
package enum NeedleSeries {
    /// Whole numbers evenly spread from one to another, both included, rounded to the nearest, halves to the even one, as
    /// NumPy's `round(linspace(a, b, count))` gives them (LLMTest_NeedleInAHaystack, RULER).
    package static func spread(_ first: Double, _ last: Double, count: Int) -> [Int] {
        guard count > 1 else { return count == 1 ? [Int(first.rounded(.toNearestOrEven))] : [] }
        let step = (last - first) / Double(count - 1)
        return (0..<count).map { index in
            let value = index == count - 1 ? last : Double(index) * step + first
            return Int(value.rounded(.toNearestOrEven))
        }
    }

    /// Depths in per cent that crowd at both ends: a logistic curve of slope 0.1 around 50, ends as they are, three decimals.
    package static func sigmoid(count: Int) -> [Double] {
        guard count > 1 else { return count == 1 ? [0] : [] }
        return (0..<count).map { index in
            let x = 100 * Double(index) / Double(count - 1)
            guard index > 0, index < count - 1 else { return x }
            return (100 / (1 + exp(-0.1 * (x - 50))) * 1000).rounded() / 1000
        }
    }

    /// The most numbers of a list.
    package static let limit = 4096

    /// Whole numbers such as `512,1024`, `0-19` (all of them) and `1000-16000:35` (so many, evenly spread), in the order in
    /// which they are written, each once.
    /// - Parameter range: what each has to be
    package static func parse(_ text: String, in range: ClosedRange<Int>) throws(NeedleError) -> [Int] {
        var values: [Int] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            values += try parsed(part, of: text, in: range)
            if values.count > limit {
                throw .series(text, problem: say("there may be \(limit.grouped) numbers at most"))
            }
        }
        var seen: Set<Int> = []
        return values.filter { seen.insert($0).inserted }
    }

    private static func parsed(
        _ part: Substring, of text: String, in range: ClosedRange<Int>
    ) throws(NeedleError) -> [Int] {
        let pieces = part.split(separator: ":", omittingEmptySubsequences: false)
        let ends = pieces[0].split(separator: "-", omittingEmptySubsequences: false).map { number($0) }
        let count = pieces.count == 2 ? number(pieces[1]) : nil
        guard pieces.count <= 2, ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1],
            (pieces.count == 2) == (count != nil), count == nil || ends.count == 2
        else {
            throw .series(
                text,
                problem: say("it takes numbers joined by commas, 512,1024, ranges, 0-19, and spreads, 1000-16000:35"))
        }
        guard first <= last else {
            throw .series(text, problem: say("in \(first)-\(last) the first is after the last: write \(last)-\(first)"))
        }
        for value in [first, last] where !range.contains(value) {
            throw .series(
                text,
                problem: say(
                    "\(value) is not within \(range.lowerBound.grouped) to \(range.upperBound.grouped)"))
        }
        let wanted = count ?? last - first + 1
        guard (1...limit).contains(wanted) else {
            throw .series(text, problem: say("there may be \(limit.grouped) numbers at most"))
        }
        return count == nil ? Array(first...last) : spread(Double(first), Double(last), count: wanted)
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }
}
