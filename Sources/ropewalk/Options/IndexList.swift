import RopewalkMethods

/// Several numbers and ranges, as in `0,2-3`; ends are included.
struct IndexList: CustomStringConvertible, Equatable {
    let text: String
    let ranges: [ClosedRange<Int>]

    /// Nil where the text is no such list.
    init?(_ text: String) {
        var ranges: [ClosedRange<Int>] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Self.index($0) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last
            else { return nil }
            ranges.append(first...last)
        }
        self.text = text
        self.ranges = ranges
    }

    private static func index(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }

    static func parse(_ text: String) throws -> IndexList {
        guard let list = IndexList(text) else { throw NotAList() }
        return list
    }

    struct NotAList: Error, CustomStringConvertible {
        var description: String { "it takes indices and ranges joined by commas, such as 0,2-3" }
    }

    var description: String { text }

    /// The indices in order, each once; an error where one is not in `0..<count`.
    func indices(below count: Int, option: String) throws(CommandError) -> [Int] {
        guard ranges.allSatisfy({ $0.upperBound < count }) else {
            throw .outOfRange(option: option, value: text, takes: "indices 0 to \((count - 1).grouped)")
        }
        return Set(ranges.flatMap { Array($0) }).sorted()
    }
}
