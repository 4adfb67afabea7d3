import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// How far one head copies, as `ropewalk heads --needle` prints it.
struct HeadCopyReport: Encodable {
    let layer: Int
    let head: Int
    /// Nil where the layer did not measure its strongest keys.
    let score: CopyScore?

    /// From here on the authors call a head one that retrieves.
    private static let threshold = 0.1

    private enum CodingKeys: String, CodingKey {
        case layer, head, byStep, byToken, byStepChance, byTokenChance, hits, steps
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(layer, forKey: .layer)
        try object.encode(head, forKey: .head)
        try object.encode(score?.byStep, forKey: .byStep)
        try object.encode(score?.byToken, forKey: .byToken)
        try object.encode(score?.byStepChance, forKey: .byStepChance)
        try object.encode(score?.byTokenChance, forKey: .byTokenChance)
        try object.encode(score?.hits, forKey: .hits)
        try object.encode(score?.steps, forKey: .steps)
    }

    /// The highest score first.
    static func sorted(_ reports: [HeadCopyReport]) -> [HeadCopyReport] {
        reports.enumerated().sorted { a, b in
            let (first, second) = (a.element.score?.byStep ?? -1, b.element.score?.byStep ?? -1)
            return first == second ? a.offset < b.offset : first > second
        }.map(\.element)
    }

    static func text(_ reports: [HeadCopyReport]) -> String {
        let rows = reports.map { report in
            [
                String(report.layer), String(report.head), number(report.score?.byStep),
                number(report.score?.byStepChance), number(report.score?.byToken), number(report.score?.byTokenChance),
                report.score.map { String($0.hits) } ?? "—",
            ]
        }
        let table = AlignedTable(
            header: [
                say("layer"), say("head"), say("by step"), say("chance"), say("by token"), say("chance"), say("hits"),
            ],
            rows: rows, sides: Array(repeating: .right, count: 7))
        let above = reports.count { $0.score?.byStep ?? 0 > threshold }
        return table.text
            + say(
                """
                \(above) of \(reports.count) heads above 0.1 by step, over \(reports.first?.score?.steps ?? 0) tokens that \
                were written\n
                """)
    }

    private static func number(_ value: Double?) -> String { value.map { String(format: "%.2f", $0) } ?? "—" }
}
