import RopewalkMethods
import RopewalkPhrases

/// Tokens that are asked about together: a word, a sentence, a paragraph, the hits of a search.
package struct TokenSpan: Hashable, Codable, Sendable {
    /// Ascending, with something between each and the next; none is empty.
    package let ranges: [Range<Int>]

    /// Nil where there is no token.
    package init?(_ ranges: [Range<Int>]) {
        var joined: [Range<Int>] = []
        for range in ranges.filter({ !$0.isEmpty }).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = joined.last, range.lowerBound <= last.upperBound {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        guard !joined.isEmpty else { return nil }
        self.ranges = joined
    }

    package init(_ token: Int) { ranges = [token..<token + 1] }

    package var count: Int { ranges.reduce(0) { $0 + $1.count } }
    package var first: Int { ranges[0].lowerBound }
    package var last: Int { ranges[ranges.count - 1].upperBound - 1 }
    /// In order.
    package var tokens: [Int] { ranges.flatMap { Array($0) } }

    package func contains(_ token: Int) -> Bool { ranges.contains { $0.contains(token) } }

    /// Those of them that are below a bound; nil where none is.
    package func clamped(below end: Int) -> TokenSpan? {
        TokenSpan(ranges.map { $0.clamped(to: 0..<max(0, end)) })
    }

    /// "203", "203–209"; of several ranges how many tokens they are.
    package var text: String {
        guard ranges.count == 1 else { return say("\(count.grouped) tokens") }
        return count == 1 ? first.grouped : "\(first.grouped)–\(last.grouped)"
    }
}
