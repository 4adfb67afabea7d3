import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkScoring

/// What the published scorers made of toy strings (`make_scores.py`).
enum PublishedScores {
    private static let cases = Result {
        try JSONDocument(Fixture.data("scoring/scores.json"), source: "scores.json").root
    }

    /// The rows of a metric.
    static func rows(_ name: String) throws -> [[JSONValue]] {
        let rows = try (cases.get()[name]?.array ?? []).compactMap(\.array)
        try #require(rows.count >= 40)
        return rows
    }

    /// What does not agree, at most five of a metric.
    /// - Parameter score: from the texts of a row, what must stand behind them
    static func differences(
        _ name: String, texts: Int = 2, _ score: ([CodePoints], [JSONValue]) throws -> [Double]
    ) throws -> [String] {
        var differences: [String] = []
        for row in try rows(name) {
            let given = row.prefix(texts).map { PythonText.codePoints($0.string ?? "") }
            let expected = row.suffix(row.count - texts).compactMap(\.number)
            let found = try score(given, row)
            if found != expected, differences.count < 5 {
                differences.append("\(row.prefix(texts).map(\.summary)): \(found), not \(expected)")
            }
        }
        return differences
    }

    static func cutter() throws -> WordCutter {
        .jieba(
            JiebaCutter(
                try JiebaDictionary(contentsOf: Fixture.path("scoring/dictionary.txt")),
                try JiebaModel(folder: Fixture.path("scoring/finalseg"))))
    }
}
