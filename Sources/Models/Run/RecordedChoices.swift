import RopewalkKernels
import RopewalkMethods

/// The keys that one head's queries of a chunk see, packed.
package struct RecordedChoices: Sendable {
    /// Where the bounds of each query begin, and where the last one's end. [query + 1], from `firstStart` on
    private var starts: KeptNumbers<Int32>
    private var firstStart = 0
    /// Lower and upper bounds of ranges, one after the other.
    private var bounds: KeptNumbers<Int32>
    /// Those that count more than once, a row of the chunk each; empty where none do.
    private var copies: [[KeyCopies]]
    /// Where the additions of each query begin, and where the last one's end; empty where nothing is added. [query + 1]
    private var additionStarts: [Int32]
    /// Lower and upper bounds of their keys, one after the other, and what is added to them.
    private var additionBounds: [Int32]
    private var addedValues: [Float]

    init(_ choices: [KeyChoice]) {
        var starts: [Int32] = [0]
        var bounds: [Int32] = []
        for choice in choices {
            for range in choice.keys.ranges {
                bounds.append(Int32(range.lowerBound))
                bounds.append(Int32(range.upperBound))
            }
            starts.append(Int32(bounds.count))
        }
        self.starts = KeptNumbers(starts)
        self.bounds = KeptNumbers(bounds)
        copies = choices.contains { !$0.copies.isEmpty } ? choices.map(\.copies) : []
        let additions = choices.flatMap(\.additions)
        additionBounds = additions.flatMap { [Int32($0.keys.lowerBound), Int32($0.keys.upperBound)] }
        addedValues = additions.map(\.value)
        additionStarts =
            additions.isEmpty
            ? []
            : choices.reduce(into: [0]) { starts, choice in
                starts.append(starts[starts.count - 1] + Int32(choice.additions.count))
            }
    }

    /// Those of a file.
    /// - Parameters:
    ///   - starts: of all heads, [head, query + 1]
    ///   - first: where those of this head begin
    ///   - bounds: of all heads and queries
    init(starts: KeptNumbers<Int32>, from first: Int, bounds: KeptNumbers<Int32>) {
        self.starts = starts
        firstStart = first
        self.bounds = bounds
        (copies, additionStarts, additionBounds, addedValues) = ([], [], [], [])
    }

    /// Whether keys count more than once or something is added to their scores.
    var isMoreThanKeys: Bool { !copies.isEmpty || !addedValues.isEmpty }

    /// The bounds of each query's ranges. [query][2 · range]
    func allBounds(_ queries: Int) -> [[Int32]] {
        (0..<queries).map { row in keys(row).ranges.flatMap { [Int32($0.lowerBound), Int32($0.upperBound)] } }
    }

    /// Adds those of the queries that come next.
    mutating func append(_ other: RecordedChoices) {
        if !copies.isEmpty || !other.copies.isEmpty {
            copies += repeatElement([], count: starts.count - 1 - copies.count)
            copies += other.copies.isEmpty ? Array(repeating: [], count: other.starts.count - 1) : other.copies
        }
        if !additionStarts.isEmpty || !other.additionStarts.isEmpty {
            // Of queries without any, all begin where the ones before them end.
            func all(_ one: RecordedChoices) -> [Int32] {
                one.additionStarts.isEmpty ? Array(repeating: 0, count: one.starts.count) : one.additionStarts
            }
            let before = Int32(addedValues.count)
            additionStarts = all(self) + all(other).dropFirst().map { $0 + before }
            additionBounds += other.additionBounds
            addedValues += other.addedValues
        }
        let end = Int32(bounds.count)
        starts = KeptNumbers(starts.array + other.starts.array.dropFirst().map { $0 + end })
        bounds = KeptNumbers(bounds.array + other.bounds.array)
    }

    /// The keys of a query of the chunk.
    package func keys(_ row: Int) -> KeyRanges {
        let (first, end) = (Int(starts[firstStart + row]), Int(starts[firstStart + row + 1]))
        // Those of a file may be anything.
        guard first >= 0, end <= bounds.count, first % 2 == 0, end % 2 == 0 else { return KeyRanges() }
        var last = 0
        return KeyRanges(
            stride(from: first, to: max(first, end), by: 2).compactMap { place in
                let range = (Int(bounds[place]), Int(bounds[place + 1]))
                guard range.0 >= last, range.1 > range.0 else { return nil }
                last = range.1
                return range.0..<range.1
            })
    }

    package func copies(_ row: Int) -> [KeyCopies] { copies.isEmpty ? [] : copies[row] }

    /// What was added to the scores of a query of the chunk.
    package func additions(_ row: Int) -> [KeyAddition] {
        guard !additionStarts.isEmpty else { return [] }
        return (Int(additionStarts[row])..<Int(additionStarts[row + 1])).map { place in
            KeyAddition(
                keys: Int(additionBounds[2 * place])..<Int(additionBounds[2 * place + 1]), value: addedValues[place])
        }
    }
}
