import Foundation
import RopewalkFormats
import RopewalkPhrases

/// What documents are like that are known to be in order: for each language the spread of every metric.
package struct LongTextReference: Equatable, Sendable {
    /// The spread of a metric.
    package struct Spread: Equatable, Sendable {
        package let mean: Double
        package let deviation: Double
        /// The lowest, then the percentiles 1 to 99, then the highest. [101]
        package let percentiles: [Double]

        package var first: Double { percentiles[1] }
        package var median: Double { percentiles[50] }
        package var ninetyNinth: Double { percentiles[99] }

        /// How many deviations a value is above the mean; nil where all values were the same.
        package func z(_ value: Double) -> Double? { deviation > 0 ? (value - mean) / deviation : nil }

        /// The percentile that a value reaches, 0 to 100.
        package func percentile(_ value: Double) -> Int { percentiles.lastIndex { $0 <= value } ?? 0 }

        /// Nil where there are no values. Between two values a percentile lies where the line between them does.
        init?(_ values: [Double]) {
            let sorted = values.filter(\.isFinite).sorted()
            guard let last = sorted.last else { return nil }
            let count = Double(sorted.count)
            let mean = sorted.reduce(0, +) / count
            self.mean = mean
            deviation = (sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
            percentiles = (0...100).map { percent in
                let place = Double(percent) / 100 * (count - 1)
                let low = Int(place)
                guard low + 1 < sorted.count else { return last }
                return sorted[low] + (sorted[low + 1] - sorted[low]) * (place - Double(low))
            }
        }

        init?(_ value: JSONValue) {
            guard let mean = value["mean"]?.number, let deviation = value["std"]?.number,
                let percentiles = value["percentiles"]?.array?.compactMap(\.number), percentiles.count == 101,
                ([mean, deviation] + percentiles).allSatisfy(\.isFinite),
                zip(percentiles, percentiles.dropFirst()).allSatisfy({ $0 <= $1 })
            else { return nil }
            (self.mean, self.deviation, self.percentiles) = (mean, deviation, percentiles)
        }
    }

    /// Of one language.
    package typealias Table = [LongTextMetric: Spread]

    package let tables: [TextLanguage: Table]
    /// Documents that it was made of, by language.
    package let counts: [TextLanguage: Int]
    /// How long they are, the median in code points, by language; nothing where a file does not say it.
    package let characters: [TextLanguage: Int]
    /// What coherence was measured with; empty for nothing. That of another model is not comparable.
    package let model: String
    /// What cut the texts into tokens; empty for words and characters.
    package let tokenizer: String

    package init(_ documents: [LongTextMetrics], model: String, tokenizer: String) {
        var tables: [TextLanguage: Table] = [:]
        var counts: [TextLanguage: Int] = [:]
        var characters: [TextLanguage: Int] = [:]
        for language in TextLanguage.allCases {
            let own = documents.filter { $0.language == language }
            guard !own.isEmpty else { continue }
            counts[language] = own.count
            characters[language] = own.map(\.characters).sorted()[own.count / 2]
            tables[language] = LongTextMetric.allCases.reduce(into: [:]) { table, metric in
                table[metric] = Spread(own.compactMap { $0.values[metric] })
            }
        }
        (self.tables, self.counts, self.characters) = (tables, counts, characters)
        (self.model, self.tokenizer) = (model, tokenizer)
    }

    private static let sizeLimit = 1 << 22

    package init(contentsOf path: String) throws {
        let root = try JSONDocument(contentsOf: path, sizeLimit: Self.sizeLimit).root
        guard let languages = root["languages"]?.members else {
            throw ScoringError.kind(
                file: path, problem: say("is no reference corpus: ropewalk data FILES --make-reference FILE makes one"))
        }
        model = root["model"]?.string ?? ""
        tokenizer = root["tokenizer"]?.string ?? ""
        var tables: [TextLanguage: Table] = [:]
        var counts: [TextLanguage: Int] = [:]
        var characters: [TextLanguage: Int] = [:]
        for member in languages {
            guard let language = TextLanguage(rawValue: member.key) else { continue }
            counts[language] = member.value["documents"]?.integer ?? 0
            characters[language] = member.value["characters"]?.integer.flatMap { $0 > 0 ? $0 : nil }
            for entry in member.value["metrics"]?.members ?? [] {
                guard let metric = LongTextMetric(rawValue: entry.key) else { continue }
                guard let spread = Spread(entry.value) else {
                    throw ScoringError.kind(
                        file: path, problem: say("\(entry.key) has no mean, std and 101 rising percentiles"))
                }
                tables[language, default: [:]][metric] = spread
            }
        }
        (self.tables, self.counts, self.characters) = (tables, counts, characters)
    }

    /// What a document of a language is compared with; coherence and numbers of tokens only where they were measured alike.
    package func table(_ language: TextLanguage, model: String, tokenizer: String) -> Table? {
        guard var table = tables[language] else { return nil }
        if model != self.model {
            for metric in [LongTextMetric.accuracyDelta, .accuracyRatio, .perplexityDelta, .perplexityRatio] {
                table[metric] = nil
            }
        }
        if tokenizer != self.tokenizer {
            for metric in [LongTextMetric.typeTokenRatio, .pieceTypeTokenRatio, .tokensPerCharacter] {
                table[metric] = nil
            }
        }
        return table
    }

    /// As a file has it.
    package var text: String {
        func rounded(_ value: Double) -> JSONValue { .number(Double(String(format: "%.6g", value)) ?? value) }
        let languages = TextLanguage.allCases.compactMap { language -> JSONValue.Member? in
            guard let table = tables[language] else { return nil }
            let metrics = LongTextMetric.allCases.compactMap { metric -> JSONValue.Member? in
                guard let spread = table[metric] else { return nil }
                let value = JSONValue.object([
                    .init(key: "mean", value: rounded(spread.mean)),
                    .init(key: "std", value: rounded(spread.deviation)),
                    .init(key: "percentiles", value: .array(spread.percentiles.map(rounded))),
                ])
                return .init(key: metric.rawValue, value: value)
            }
            let size = characters[language].map { [JSONValue.Member(key: "characters", value: .integer($0))] } ?? []
            let value = JSONValue.object(
                [.init(key: "documents", value: .integer(counts[language] ?? 0))] + size
                    + [.init(key: "metrics", value: .object(metrics))])
            return .init(key: language.rawValue, value: value)
        }
        return JSONLine.object([
            ("reference", .string("ropewalk data")), ("model", .string(model)), ("tokenizer", .string(tokenizer)),
            ("languages", .object(languages)),
        ])
    }
}
