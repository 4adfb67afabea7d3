import RopewalkFormats
import RopewalkPhrases
import RopewalkScoring

/// What `ropewalk data` has found.
struct DataReport: Encodable {
    /// A document with what it was found to be.
    struct Row {
        let entry: DataStudy.Entry
        let verdict: LongTextVerdict
        let table: LongTextReference.Table?
        var probability: Double
    }

    private(set) var rows: [Row] = []
    private(set) var mixture: [LengthMixture.Cell] = []
    let plan: ExtensionPlan?
    private(set) var piece: Int?
    private(set) var problems = 0
    /// Documents of the reference, by language.
    private(set) var referenceCounts: [TextLanguage: Int] = [:]
    private(set) var kept: Set<LongTextKind> = []

    init(plan: ExtensionPlan?) { self.plan = plan }

    mutating func add(
        _ study: DataStudy, _ reference: LongTextReference, long: Int, kept: Set<LongTextKind>, share: Double?,
        keepShort: Double?
    ) {
        (piece, problems, referenceCounts, self.kept) = (study.piece, study.problems, reference.counts, kept)
        rows = study.entries.map { entry in
            let table = reference.table(entry.metrics.language, model: study.model, tokenizer: study.tokens)
            return Row(
                entry: entry,
                verdict: LongTextVerdict(
                    entry.metrics, table, characters: reference.characters[entry.metrics.language]),
                table: table, probability: 1)
        }
        let entries = rows.map {
            LengthMixture.Entry(domain: $0.entry.domain, kind: $0.verdict.kind, tokens: $0.entry.metrics.tokens)
        }
        mixture = LengthMixture.cells(entries, long: long, keeping: kept, wanted: share, probability: keepShort)
        for index in rows.indices {
            let cell = mixture.first {
                ($0.domain, $0.kind, $0.isLong)
                    == (entries[index].domain, entries[index].kind, entries[index].tokens > long)
            }
            rows[index].probability = cell?.probability ?? 0
        }
    }

    /// The documents that are kept, a JSON object a line: with which probability, and why they are what they are.
    var list: String {
        rows.filter { $0.probability > 0 }.map { row in
            let values = LongTextMetric.allCases.compactMap { metric in
                row.entry.metrics.values[metric].map {
                    JSONValue.Member(key: metric.rawValue, value: .number($0))
                }
            }
            var members: [(String, JSONValue)] = [
                ("file", .string(row.entry.file)), ("line", .integer(row.entry.line)), ("id", .string(row.entry.id)),
                ("domain", .string(row.entry.domain)), ("language", .string(row.entry.metrics.language.rawValue)),
                ("kind", .string(row.verdict.kind.rawValue)), ("tokens", .integer(row.entry.metrics.tokens)),
                ("probability", .number(row.probability)),
            ]
            if let fired = row.verdict.fired { members.append(("decided_by", .string(fired.metric.rawValue))) }
            if let between = row.verdict.between {
                members.append(("undecided", .string(between.kind.rawValue)))
                members.append(("undecided_by", .array(between.tests.map { .string($0.metric.rawValue) })))
            }
            return JSONLine.object(members + [("metrics", .object(values))])
        }.joined()
    }

    // MARK: JSON

    private enum Keys: String, CodingKey { case documents, mixture, plan, pieceTokens, leftOut }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Keys.self)
        try object.encode(rows.map(DocumentRow.init), forKey: .documents)
        try object.encode(mixture.map(MixtureRow.init), forKey: .mixture)
        try object.encode(plan.map(PlanRow.init), forKey: .plan)
        try object.encode(piece, forKey: .pieceTokens)
        try object.encode(problems, forKey: .leftOut)
    }

    private struct DocumentRow: Encodable {
        struct Test: Encodable {
            let metric: String
            let value: Double?
            let low: Double?
            let high: Double?
            let holds: Bool?
            /// Of the reference, that of the value and those that are asked.
            let percentile: Int?
            let askedPercentiles: [Int]
            let near: Bool
        }

        struct Piece: Encodable {
            let start: Int
            let accDelta: Double
            let pplDelta: Double
        }

        struct Metric: Encodable {
            let value: Double
            let z: Double?
            let percentile: Int?
        }

        let file: String
        let line: Int
        let id: String
        let domain: String
        let language: String
        let kind: String
        let decidedBy: String?
        /// The other kind that it may as well be, and the tests that leave it open; nil where they do not.
        let undecided: String?
        let undecidedBy: [String]?
        let tokens: Int
        let characters: Int
        let probability: Double
        let tests: [Test]
        let metrics: [String: Metric]
        let pieces: [Piece]

        init(_ row: Row) {
            (file, line, id, domain) = (row.entry.file, row.entry.line, row.entry.id, row.entry.domain)
            let measured = row.entry.metrics
            (language, tokens, characters) = (measured.language.rawValue, measured.tokens, measured.characters)
            (kind, decidedBy) = (row.verdict.kind.rawValue, row.verdict.fired?.metric.rawValue)
            undecided = row.verdict.between?.kind.rawValue
            undecidedBy = row.verdict.between?.tests.map(\.metric.rawValue)
            probability = row.probability
            tests = row.verdict.tests.map {
                Test(
                    metric: $0.metric.rawValue, value: $0.value, low: $0.low, high: $0.high, holds: $0.holds,
                    percentile: $0.percentile, askedPercentiles: $0.askedPercentiles, near: $0.isNear)
            }
            metrics = measured.values.reduce(into: [:]) { known, entry in
                let spread = row.table?[entry.key]
                known[entry.key.rawValue] = Metric(
                    value: entry.value, z: spread?.z(entry.value), percentile: spread?.percentile(entry.value))
            }
            pieces = (measured.coherence?.pieces ?? []).map {
                Piece(start: $0.start, accDelta: $0.accuracyDelta, pplDelta: $0.perplexityDelta)
            }
        }
    }

    private struct MixtureRow: Encodable {
        let domain: String
        let kind: String
        let long: Bool
        let documents: Int
        let tokens: Int
        let probability: Double
        let share: Double

        init(_ cell: LengthMixture.Cell) {
            (domain, kind, long) = (cell.domain, cell.kind.rawValue, cell.isLong)
            (documents, tokens) = (cell.documents, cell.tokens)
            (probability, share) = (cell.probability, cell.share)
        }
    }

    private struct PlanRow: Encodable {
        struct Note: Encodable {
            let source: String
            let what: String
        }

        let fromWindow: Int
        let toWindow: Int
        let trainingLength: [Int]
        let batchTokens: Int
        let tokensInside: [Double]
        let tokensBeyond: [Double]
        let stepsInside: [Int]
        let stepsBeyond: [Int]
        let published: [Note]
        let contradictions: [Note]

        init(_ plan: ExtensionPlan) {
            (fromWindow, toWindow, batchTokens) = (plan.from, plan.to, Int(plan.batch))
            trainingLength = [plan.shortestTraining, plan.to]
            let inside = [ExtensionPlan.tokensInside.lowerBound, ExtensionPlan.tokensInside.upperBound]
            let beyond = [ExtensionPlan.tokensBeyond.lowerBound, ExtensionPlan.tokensBeyond.upperBound]
            (tokensInside, tokensBeyond) = (inside, beyond)
            (stepsInside, stepsBeyond) = (
                inside.map { plan.steps(tokens: $0) }, beyond.map { plan.steps(tokens: $0) }
            )
            published = ExtensionPlan.points.map { Note(source: $0.source, what: $0.what) }
            contradictions = ExtensionPlan.contradictions.map { Note(source: $0.source, what: $0.what) }
        }
    }
}
