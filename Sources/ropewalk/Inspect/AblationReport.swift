import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// What leaving out each part of a model does to its loss, as `ropewalk heads --ablate` prints it.
struct AblationReport: Encodable {
    let place: AblationGrid.Place
    let grid: AblationGrid

    private enum CodingKeys: String, CodingKey {
        case layer, part, head, method, loss, change, lossOfAll, tokens
    }

    static func reports(_ grid: AblationGrid) -> [AblationReport] {
        grid.places.map { AblationReport(place: $0, grid: grid) }
    }

    private var change: Double? { grid.change(place.part, layer: place.layer) }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(place.layer, forKey: .layer)
        try object.encode(place.part.word, forKey: .part)
        if case .head(let head) = place.part {
            try object.encode(head, forKey: .head)
        } else {
            try object.encodeNil(forKey: .head)
        }
        try object.encode(place.ablation.spec, forKey: .method)
        try object.encode(change.map { $0 + grid.loss }, forKey: .loss)
        try object.encode(change, forKey: .change)
        try object.encode(grid.loss, forKey: .lossOfAll)
        try object.encode(grid.tokens, forKey: .tokens)
    }

    /// Layers downwards, heads to the right, then the whole attention and the feed-forward layer.
    static func text(_ grid: AblationGrid, layers: [Int], heads: [Int]) -> String {
        let rows: [[String]] = layers.map { layer in
            let parts = heads.map { AblationGrid.Part.head($0) } + [.attention, .feedForward]
            return [String(layer)] + parts.map { number(grid.change($0, layer: layer)) }
        }
        let names = heads.map { "H\($0)" }
        let table = AlignedTable(
            header: [say("layer")] + names + [say("attention"), say("feed-forward")], rows: rows,
            sides: Array(repeating: .right, count: heads.count + 3))
        return table.text
            + say(
                """
                what the mean loss of \(grid.tokens.grouped) tokens, \(String(format: "%.4f", grid.loss)) nats, rises by when the part adds \
                nothing to the stream; less than 0: the text is read better without it\n
                """)
    }

    private static func number(_ change: Double?) -> String {
        change.map { String(format: "%+.4f", $0) } ?? "—"
    }
}
