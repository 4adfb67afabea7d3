import Foundation

/// ROUGE as the Python package `rouge_score` works it out without a stemmer, which is what L-Eval reports.
package struct RougeScore: Equatable, Sendable {
    /// F of words, of pairs of words, and of the longest common subsequence, from 0 to 1.
    package let one: Double
    package let two: Double
    package let longest: Double

    /// - Throws: `tooLong` where it would take more than 2³⁰ comparisons of words.
    package init(_ prediction: CodePoints, _ answer: CodePoints) throws(ScoringError) {
        var names: [CodePoints: Int32] = [:]
        let found = Self.tokens(prediction, &names)
        let wanted = Self.tokens(answer, &names)
        let pairs = found.count.multipliedReportingOverflow(by: wanted.count)
        guard !pairs.overflow, pairs.partialValue <= RougeSummary.steps else {
            throw .tooLong(metric: "ROUGE", sizes: [found.count, wanted.count], limit: RougeSummary.steps)
        }
        one = Self.f(Self.grams(1, found), Self.grams(1, wanted))
        two = Self.f(Self.grams(2, found), Self.grams(2, wanted))
        // Nothing in common where one of them has no word.
        let common = Double(CommonSubsequence.length(found, wanted))
        longest = Self.f(
            precision: common / Double(max(1, found.count)), recall: common / Double(max(1, wanted.count)))
    }

    /// Runs of a to z and 0 to 9 of the text in lower case.
    private static func tokens(_ text: CodePoints, _ names: inout [CodePoints: Int32]) -> [Int32] {
        let isPart = { (scalar: Unicode.Scalar) in
            (0x61...0x7A).contains(scalar.value) || (0x30...0x39).contains(scalar.value)
        }
        return PythonText.lower(text).split { !isPart($0) }.map { run in
            let word = CodePoints(run)
            let number = names[word] ?? Int32(names.count)
            names[word] = number
            return number
        }
    }

    private static func grams(_ length: Int, _ tokens: [Int32]) -> [[Int32]: Int] {
        guard tokens.count >= length else { return [:] }
        return (0...tokens.count - length).reduce(into: [:]) { counts, start in
            counts[Array(tokens[start..<start + length]), default: 0] += 1
        }
    }

    private static func f(_ found: [[Int32]: Int], _ wanted: [[Int32]: Int]) -> Double {
        let shared = wanted.reduce(0) { $0 + min($1.value, found[$1.key] ?? 0) }
        func share(_ grams: [[Int32]: Int]) -> Double {
            Double(shared) / Double(max(1, grams.values.reduce(0, +)))
        }
        return f(precision: share(found), recall: share(wanted))
    }

    private static func f(precision: Double, recall: Double) -> Double {
        precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
    }

    /// (ROUGE-1 · ROUGE-2 · ROUGE-L)^⅓, the figure that L-Eval sums up with; of means over answers, in percent.
    package static func geometricMean(_ one: Double, _ two: Double, _ longest: Double) -> Double {
        pow(one * two * longest, 1.0 / 3.0)
    }
}

/// The longest sequence that two sequences have in common, in order and with gaps.
enum CommonSubsequence {
    /// Its length. [n · m steps, m numbers of memory]
    static func length<Element: Equatable>(_ first: [Element], _ second: [Element]) -> Int {
        var above = [Int32](repeating: 0, count: second.count + 1)
        for element in first {
            var diagonal: Int32 = 0
            for (j, other) in second.enumerated() {
                let old = above[j + 1]
                above[j + 1] = element == other ? diagonal + 1 : max(old, above[j])
                diagonal = old
            }
        }
        return Int(above[second.count])
    }
}
