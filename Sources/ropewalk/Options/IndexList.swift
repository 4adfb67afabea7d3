import RopewalkMethods
import RopewalkPhrases

/// Several numbers and ranges, as in `0,2-3`; ends are included.
struct IndexList: CustomStringConvertible, Equatable {
    let text: String
    let ranges: [ClosedRange<Int>]

    /// - Parameter takes: what an error says is taken.
    private init(_ text: String, takes: String) throws(Problem) {
        var ranges: [ClosedRange<Int>] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Self.index($0) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1] else {
                throw .notAList(takes: takes)
            }
            guard first <= last else { throw .backwards(first, last) }
            ranges.append(first...last)
        }
        self.text = text
        self.ranges = ranges
    }

    private static func index(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }

    static func parse(_ text: String) throws -> IndexList {
        try IndexList(text, takes: say("indices and ranges joined by commas, such as 0,2-3"))
    }

    /// For options that take one range.
    static func parser(_ takes: String) -> @Sendable (String) throws -> IndexList {
        { try IndexList($0, takes: takes) }
    }

    enum Problem: Error, CustomStringConvertible {
        case notAList(takes: String)
        case backwards(Int, Int)

        var description: String {
            switch self {
            case .notAList(let takes): say("it takes \(takes)")
            case .backwards(let first, let last):
                say("in \(first)-\(last) the first is after the last: write \(last)-\(first)")
            }
        }
    }

    var description: String { text }

    /// The indices in order, each once; an error where one is not in `0..<count`.
    func indices(below count: Int, option: String) throws(CommandError) -> [Int] {
        guard ranges.allSatisfy({ $0.upperBound < count }) else {
            throw .outOfRange(option: option, value: text, takes: say("indices 0 to \((count - 1).grouped)"))
        }
        return Set(ranges.flatMap { Array($0) }).sorted()
    }
}
