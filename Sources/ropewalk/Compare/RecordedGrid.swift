import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// How far the attention of every head has moved, as means over the texts that were recorded.
struct RecordedGrid: Encodable {
    let contender: RecordedComparison.Contender
    /// What it is compared with.
    let beside: String
    let measure: HeadGrid.Measure
    let layers: Int
    let heads: Int
    let queries: Int
    /// Means over the queries of each text; NaN of heads that are not recorded. [text][layer · heads + head]
    let texts: [[Double]]

    private enum CodingKeys: String, CodingKey {
        case method, model, basis, beside, measure, texts, measuredQueries, strongest, mean, deviation
    }

    private var cells: [OverTexts] { (0..<layers * heads).map { place in OverTexts(texts.map { $0[place] }) } }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(contender.scenario.line, forKey: .method)
        try object.encode(contender.reader.model, forKey: .model)
        try object.encode(contender.method == nil ? "recorded" : "preview", forKey: .basis)
        try object.encode(beside, forKey: .beside)
        try object.encode(measure.rawValue, forKey: .measure)
        try object.encode(texts.count, forKey: .texts)
        try object.encode(queries, forKey: .measuredQueries)
        try object.encode(RowDistance.strongest, forKey: .strongest)
        let cells = cells
        func rows(_ value: (OverTexts) -> Double?) -> [[Double?]] {
            (0..<layers).map { layer in
                cells[layer * heads..<(layer + 1) * heads].map { value($0).flatMap { $0.isFinite ? $0 : nil } }
            }
        }
        try object.encode(rows(\.mean), forKey: .mean)
        try object.encode(rows(\.deviation), forKey: .deviation)
    }

    static func text(_ grids: [RecordedGrid]) -> String { grids.map(\.text).joined(separator: "\n") }

    private var text: String {
        let title = say(
            """
            \(contender.title) in \(contender.model), beside \(beside): \(measure.meaning.said), at \(queries.grouped) queries of each of \
            \(texts.count) \(texts.count, one: "text", many: "texts"); mean ± standard deviation over texts\n
            """)
        let cells = cells
        let rows = (0..<layers).map { layer in
            [String(layer)] + cells[layer * heads..<(layer + 1) * heads].map { $0.text(digits: 4) }
        }
        let table = AlignedTable(
            header: [say("layer")] + (0..<heads).map { "H\($0)" }, rows: rows,
            sides: Array(repeating: .right, count: heads + 1))
        return title + "\n" + table.text
    }
}
