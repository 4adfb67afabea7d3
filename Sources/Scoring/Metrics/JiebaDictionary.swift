import Foundation
import RopewalkFormats
import RopewalkPhrases

/// Words with their frequencies: jieba's `dict.txt`, or another file of its form (a line `word frequency tag`).
package struct JiebaDictionary: Sendable {
    private struct Key: Hashable {
        let node: Int32
        let scalar: Unicode.Scalar
    }

    /// A tree by characters: what follows a node with a character.
    private var next: [Key: Int32] = [:]
    /// ln of the frequency of the word that ends in a node; NaN where none does. [node]
    private var logarithms: [Double] = [.nan]
    /// ln of all frequencies together.
    private var logarithmOfAll = 0.0

    /// The largest file that is read, in bytes; jieba's has 5 MB.
    package static let sizeLimit = 64 << 20

    package init(contentsOf path: String) throws {
        try self.init(RegularFile.map(path, sizeLimit: Self.sizeLimit), source: path)
    }

    package init(_ data: Data, source: String) throws(ScoringError) {
        var all = 0
        for (index, line) in data.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
        where !line.allSatisfy({ $0 <= 0x20 }) {
            guard let text = String(validating: line, as: UTF8.self) else {
                throw .line(file: source, line: index + 1, problem: say("is not valid UTF-8"))
            }
            let fields = PythonText.stripped(PythonText.codePoints(text)).split(separator: " ", maxSplits: 2)
            guard fields.count >= 2, let frequency = Int(PythonText.string(fields[1])), frequency >= 0,
                case let (sum, overflow) = all.addingReportingOverflow(frequency), !overflow
            else {
                throw .line(file: source, line: index + 1, problem: say("a word and its frequency are expected"))
            }
            all = sum
            insert(fields[0], frequency)
        }
        guard all > 0 else { throw .empty(file: source, problem: say("has no words")) }
        logarithmOfAll = log(Double(all))
    }

    private mutating func insert(_ word: ArraySlice<Unicode.Scalar>, _ frequency: Int) {
        var node: Int32 = 0
        for scalar in word {
            let key = Key(node: node, scalar: scalar)
            if let known = next[key] {
                node = known
            } else {
                node = Int32(logarithms.count)
                logarithms.append(.nan)
                next[key] = node
            }
        }
        logarithms[Int(node)] = frequency > 0 ? log(Double(frequency)) : .nan
    }

    func isWord(_ text: CodePoints) -> Bool {
        var node: Int32 = 0
        for scalar in text {
            guard let following = next[Key(node: node, scalar: scalar)] else { return false }
            node = following
        }
        return !logarithms[Int(node)].isNaN
    }

    /// Where the word ends that begins at each place, on the way from there to the end whose words are the most probable
    /// together; of equal ways the longer word. A character that begins no word counts as one that was seen once. [place]
    func bestEnds(_ text: CodePoints) -> [Int] {
        var ends = [Int](repeating: 0, count: text.count)
        var best = [Double](repeating: 0, count: text.count + 1)
        for place in text.indices.reversed() {
            var value = -Double.infinity
            func consider(_ logarithm: Double, _ end: Int) {
                let whole = logarithm - logarithmOfAll + best[end]
                if whole >= value { (value, ends[place]) = (whole, end) }
            }
            var node: Int32 = 0
            var end = place
            var isKnown = false
            while end < text.count, let following = next[Key(node: node, scalar: text[end])] {
                node = following
                end += 1
                let logarithm = logarithms[Int(node)]
                guard !logarithm.isNaN else { continue }
                isKnown = true
                consider(logarithm, end)
            }
            if !isKnown { consider(0, place + 1) }
            best[place] = value
        }
        return ends
    }
}
