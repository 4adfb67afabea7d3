/// ROUGE-L of whole summaries as the Python package `rouge` 1.0.1 works it out, which is what LongBench reports.
///
/// Sentences end at every full stop. Of each sentence of the reference and each of the answer one longest common
/// subsequence is taken; the union of the words in them, each counted once, is divided by how many different words
/// reference and answer have. Where the package runs into Python's limit of recursion (sentences of some 900 words
/// together), LongBench's scorer swallows the error and gives 0; here the value is worked out.
package enum RougeSummary {
    /// F with 1e-8 in the denominator, from 0 to 1; 0 where a text has nothing but full stops.
    /// - Throws: `tooLong` where it would take more than `steps` comparisons of words.
    package static func f(_ prediction: CodePoints, _ answer: CodePoints) throws(ScoringError) -> Double {
        var names: [CodePoints: Int32] = [:]
        let found = sentences(prediction, &names)
        let wanted = sentences(answer, &names)
        guard !found.isEmpty, !wanted.isEmpty else { return 0 }
        let sizes = [found, wanted].map { $0.reduce(0) { $0 + $1.count } }
        let longest = (found.map(\.count).max() ?? 0).multipliedReportingOverflow(by: wanted.map(\.count).max() ?? 0)
        let all = sizes[0].multipliedReportingOverflow(by: sizes[1])
        guard !longest.overflow, longest.partialValue <= cells, !all.overflow, all.partialValue <= steps else {
            throw .tooLong(metric: "ROUGE-L", sizes: sizes, limit: longest.partialValue > cells ? cells : steps)
        }
        var common: Set<Int32> = []
        for sentence in wanted {
            for other in found { add(sentence, other, to: &common) }
        }
        let recall = Double(common.count) / Double(Set(wanted.joined()).count)
        let precision = Double(common.count) / Double(Set(found.joined()).count)
        return 2.0 * ((precision * recall) / (precision + recall + 1e-8))
    }

    /// The most pairs of words of two sentences: each takes a byte.
    static let cells = 1 << 26
    /// The most pairs of words of two texts.
    static let steps = 1 << 30

    /// The words of every sentence by their numbers; a sentence of blanks has one empty word, as in the package.
    private static func sentences(_ text: CodePoints, _ names: inout [CodePoints: Int32]) -> [[Int32]] {
        PythonText.parts(text, at: ".").filter { !$0.isEmpty }.map { sentence in
            let words = PythonText.words(sentence)
            return (words.isEmpty ? [[]] : words).map { word in
                let number = names[word] ?? Int32(names.count)
                names[word] = number
                return number
            }
        }
    }

    private enum Step: UInt8 { case both, first, second }

    /// Adds the words of the subsequence that the package walks back along: of equal ways that which leaves out a word of
    /// the answer.
    private static func add(_ reference: [Int32], _ answer: [Int32], to words: inout Set<Int32>) {
        let width = answer.count
        var steps = [Step](repeating: .second, count: reference.count * width)
        var above = [Int32](repeating: 0, count: width + 1)
        var row = above
        for (i, word) in reference.enumerated() {
            for (j, other) in answer.enumerated() {
                if word == other {
                    row[j + 1] = above[j] + 1
                    steps[i * width + j] = .both
                } else if above[j + 1] > row[j] {
                    row[j + 1] = above[j + 1]
                    steps[i * width + j] = .first
                } else {
                    row[j + 1] = row[j]
                }
            }
            swap(&above, &row)
        }
        var (i, j) = (reference.count - 1, width - 1)
        while i >= 0, j >= 0 {
            switch steps[i * width + j] {
            case .both:
                words.insert(reference[i])
                (i, j) = (i - 1, j - 1)
            case .first: i -= 1
            case .second: j -= 1
            }
        }
    }
}
