import RopewalkPhrases

/// How alike a completed line of code is to the right one (LongBench's `code_sim_score`).
package enum EditSimilarity: String, CaseIterable, Sendable {
    /// `fuzzywuzzy` by itself, which is what LongBench's list of requirements installs: `difflib`.
    case difflib
    /// `fuzzywuzzy` where `python-Levenshtein` is there too: insertions and deletions alone.
    case levenshtein

    /// More characters of a line are not compared.
    package static let longest = 8192

    /// The first line of the answer without a backtick, `#` or `//`, beside the reference: whole percents as a share of 1.
    /// - Throws: `tooLong` where one of the two has more than 8,192 characters.
    package func score(_ prediction: CodePoints, _ answer: CodePoints) throws(ScoringError) -> Double {
        Double(try percent(Self.line(prediction), answer)) / 100
    }

    /// `fuzz.ratio`: 100 for equal texts, 0 where one is empty, else rounded to even.
    package func percent(_ first: CodePoints, _ second: CodePoints) throws(ScoringError) -> Int {
        if first == second { return 100 }
        guard !first.isEmpty, !second.isEmpty else { return 0 }
        guard max(first.count, second.count) <= Self.longest else {
            throw .tooLong(metric: say("edit similarity"), sizes: [first.count, second.count], limit: Self.longest)
        }
        let ratio: Double
        switch self {
        case .difflib: ratio = SequenceMatcher(first, second).ratio
        case .levenshtein:
            ratio = 2.0 * Double(CommonSubsequence.length(first, second)) / Double(first.count + second.count)
        }
        return Int((100 * ratio).rounded(.toNearestOrEven))
    }

    /// Empty where every line is a comment.
    static func line(_ prediction: CodePoints) -> CodePoints {
        let lines = PythonText.parts(CodePoints(prediction.drop { $0 == "\n" }), at: "\n")
        return lines.first { line in
            !line.contains("`") && !line.contains("#") && !PythonText.contains(["/", "/"], in: line)
        } ?? []
    }
}
