import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// The measures of one head as `ropewalk heads --measures` prints them.
struct HeadMeasureReport: Encodable {
    let layer: Int
    let head: Int
    /// Nil where the layer has no rows.
    let measures: HeadMeasures?

    private enum CodingKeys: String, CodingKey {
        case layer, head, queries, entropy, normalisedEntropy, effectiveKeys, distance, uniformDistance
        case sinkTokens, sink, sinkChance, previousToken, previousTokenChance, itself, itselfChance
        case duplicate, duplicateChance, duplicateQueries, induction, inductionChance, inductionQueries
    }

    /// What was not measured is null.
    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(layer, forKey: .layer)
        try object.encode(head, forKey: .head)
        try object.encode(measures?.queries, forKey: .queries)
        try object.encode(measures?.meanEntropy, forKey: .entropy)
        try object.encode(measures?.normalisedEntropy, forKey: .normalisedEntropy)
        try object.encode(measures?.effectiveKeys, forKey: .effectiveKeys)
        try object.encode(measures?.distance, forKey: .distance)
        try object.encode(measures?.uniformDistance, forKey: .uniformDistance)
        try object.encode(measures?.sinkTokens, forKey: .sinkTokens)
        let parts: [(HeadMeasures.Measure?, CodingKeys, CodingKeys)] = [
            (measures?.sink, .sink, .sinkChance), (measures?.previousToken, .previousToken, .previousTokenChance),
            (measures?.itself, .itself, .itselfChance), (measures?.duplicate, .duplicate, .duplicateChance),
            (measures?.induction, .induction, .inductionChance),
        ]
        for (measure, key, chance) in parts {
            try object.encode(measure?.weight, forKey: key)
            try object.encode(measure?.chance, forKey: chance)
        }
        try object.encode(measures?.duplicate.queries, forKey: .duplicateQueries)
        try object.encode(measures?.induction.queries, forKey: .inductionQueries)
    }

    /// A table of all heads; below it what equal weights would have, which is the same for heads of one kind.
    static func text(_ reports: [HeadMeasureReport], sinkTokens: Int) -> String {
        let header = [
            say("layer"), say("head"), say("entropy"), say("of most"), say("keys"), say("distance"),
            say("of even"), say("first \(sinkTokens)"), say("previous"), say("itself"), say("duplicate"),
            say("induction"),
        ]
        let table = AlignedTable(
            header: header,
            rows: reports.map { [String($0.layer), String($0.head)] + cells($0.measures) },
            sides: Array(repeating: .right, count: header.count))
        return table.text + chance(reports)
    }

    private static func cells(_ measures: HeadMeasures?) -> [String] {
        let even = measures?.uniformDistance ?? 0
        let share = even > 0 ? measures?.distance.map { $0 / even } : nil
        return [
            measures?.meanEntropy, measures?.normalisedEntropy, measures?.effectiveKeys, measures?.distance, share,
            measures?.sink.weight, measures?.previousToken.weight, measures?.itself.weight,
            measures?.duplicate.weight, measures?.induction.weight,
        ].map(number)
    }

    private static func chance(_ reports: [HeadMeasureReport]) -> String {
        guard let measures = reports.lazy.compactMap(\.measures).first else { return "" }
        func of(_ measure: HeadMeasures.Measure) -> String { number(measure.chance) }
        return say(
            """
            of equal weights: first \(measures.sinkTokens) \(of(measures.sink)), previous \(of(measures.previousToken)), \
            itself \(of(measures.itself)), duplicate \(of(measures.duplicate)), induction \(of(measures.induction)); \
            \(measures.duplicate.queries.grouped) of \(measures.queries.grouped) tokens stood earlier\n
            """)
    }

    private static func number(_ value: Double?) -> String { value.map { String(format: "%.2f", $0) } ?? "—" }
}
