import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// The kinds of a model's layers as a table; columns that no kind has anything in are left out.
enum LayerKindTable {
    private typealias Column = (title: String, side: AlignedTable.Side, cell: @Sendable (LayerKind) -> String)

    private static let columns: [Column] = [
        ("attention", .left, { $0.attention }),
        ("kind", .left, { $0.kind }),
        ("layers", .left, { $0.layers.rangesText }),
        ("window", .right, { $0.reach?.grouped ?? "" }),
        ("mask", .left, { $0.windows.joined(separator: " ") }),
        ("positions", .left, { $0.rope?.method ?? $0.positions }),
        ("base", .right, { $0.rope.map { base($0.base) } ?? "" }),
        ("turned", .right, { $0.rope.map { $0.dimensions.grouped } ?? "" }),
        ("scale", .right, { $0.scale.map { "\($0)" } ?? "" }),
        ("cap", .right, { $0.cap.map { "\($0)" } ?? "" }),
        ("sinks", .left, { $0.sinks ? say("learned") : "" }),
        ("queries times", .left, { $0.growth ?? "" }),
        ("cached", .right, { kind in kind.cached.map { $0.grouped + (kind.isLatent ? say(" latent") : "") } ?? "" }),
        ("state", .right, { $0.state?.grouped ?? "" }),
    ]

    /// A line a kind, and one that explains the columns.
    static func text(_ kinds: [LayerKind]) -> String {
        let shown = columns.filter { column in kinds.contains { !column.cell($0).isEmpty } }
        let rows = kinds.map { kind in shown.map { $0.cell(kind) } }
        let table = AlignedTable(header: shown.map(\.title.said), rows: rows, sides: shown.map(\.side)).text
        return table + "\n" + explanation(of: Set(shown.map(\.title))) + "\n"
    }

    private static func explanation(of titles: Set<String>) -> String {
        let meanings = [
            ("window", say("window: tokens that a query reaches on a side, itself included")),
            ("turned", say("turned: dimensions of a head that turn")),
            ("scale", say("scale: times query · key")), ("cap", say("cap · tanh(score / cap)")),
            ("sinks", say("sinks: a learned score a head takes its share of the softmax")),
            ("queries times", say("q: place of the query, from 0")),
            ("cached", say("cached: numbers a token and layer")),
            ("state", say("state: numbers a layer, whatever the tokens")),
        ]
        return meanings.filter { titles.contains($0.0) }.map(\.1).joined(separator: " · ")
    }

    private static func base(_ base: Double) -> String {
        base == base.rounded() && base < 1e15 ? Int(base).grouped : MethodSpec.format(base)
    }
}
