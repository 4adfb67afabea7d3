import Foundation
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// Scores of every head over several recordings of one model: means, and how far they are spread.
struct HeadSpread {
    private let shape: ModelShape
    /// [recording][layer · heads + head]
    private let scores: [[HeadScore]]
    private let layers: Set<Int>
    private let heads: Set<Int>

    /// Opens the folders one after the other; recordings of models of other sizes are refused.
    init(_ folders: [String], selection: HeadOptions, threads: Int) throws {
        var shape: ModelShape?
        var scores: [[HeadScore]] = []
        for folder in folders {
            guard Model.isRecording(folder) else {
                throw CommandError.combination(say("\(folder) is no recording: ropewalk record makes one"))
            }
            let model = try Model(contentsOf: folder, needsTokenizer: false)
            guard let recording = model.stored?.recordings.main else {
                throw CommandError.combination(say("\(folder): nothing is recorded yet"))
            }
            let own = recording.shape
            if let shape, (shape.layers, shape.heads) != (own.layers, own.heads) {
                throw CommandError.combination(
                    say(
                        "\(folder) has \(own.layers) layers of \(own.heads) heads, the recordings before it \(shape.layers) of \(shape.heads): give those of one model"
                    ))
            }
            shape = own
            scores.append(Lens(recording, threads: threads).headScores())
        }
        guard let shape else { throw CommandError.combination(say("--recordings names folders: give one or more")) }
        (self.shape, self.scores) = (shape, scores)
        layers = Set(try selection.layers(of: shape))
        heads = Set(try selection.heads(of: shape))
    }

    /// The heads that are asked for, with mean and deviation of each measure.
    private var rows: [(layer: Int, head: Int, measures: [OverTexts])] {
        (0..<shape.layers * shape.heads).compactMap { index in
            let (layer, head) = (index / shape.heads, index % shape.heads)
            guard layers.contains(layer), heads.contains(head) else { return nil }
            let measures = HeadScore.measures.indices.map { place in
                OverTexts(scores.map { all in Double(all[index].values[place]) })
            }
            return (layer, head, measures)
        }
    }

    var table: AnswerTable {
        let rows = rows
        var columns: [AnswerTable.Column] = [
            .init("layer", .integers(rows.map(\.layer))), .init("head", .integers(rows.map(\.head))),
            .init("recordings", .integers(rows.map { _ in scores.count })),
        ]
        for (place, name) in HeadScore.measures.enumerated() {
            columns.append(.init(name, .numbers(rows.map { Float($0.measures[place].mean ?? .nan) })))
            columns.append(
                .init(name + "_deviation", .numbers(rows.map { Float($0.measures[place].deviation ?? .nan) })))
        }
        return AnswerTable(columns)
    }

    var text: String {
        let rows = rows.map { row in
            [String(row.layer), String(row.head)]
                + row.measures.map { $0.text(digits: 2) }
        }
        let table = AlignedTable(
            header: [say("layer"), say("head")] + HeadScore.measures.map(\.said), rows: rows,
            sides: Array(repeating: .right, count: 2 + HeadScore.measures.count))
        return table.text + "\n"
            + say(
                "means over \(scores.count) \(scores.count, one: "recording", many: "recordings"), ± standard deviation\n"
            )
    }
}
