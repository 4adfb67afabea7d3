import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// The angles of every kind of layer of a model, as `ropewalk rope --layers` prints them.
struct LayerTables: Encodable {
    /// One kind of layers.
    struct Kind: Encodable {
        let layers: LayerKind
        /// Whether the position method that was asked for is what turns these layers.
        let followsMethod: Bool
        /// Nil where nothing turns.
        let table: RopeTable?

        private enum CodingKeys: String, CodingKey { case kind, followsMethod, table }

        func encode(to encoder: any Encoder) throws {
            var object = encoder.container(keyedBy: CodingKeys.self)
            try object.encode(layers, forKey: .kind)
            try object.encode(followsMethod, forKey: .followsMethod)
            try object.encode(table, forKey: .table)
        }
    }

    let model: String
    let method: String
    let kinds: [Kind]

    init(
        _ outline: ModelOutline, scenario: Scenario, tokens: Int?, positions: [Int]?
    ) throws(MethodError) {
        model = outline.name
        method = scenario.position.spec
        var kinds: [Kind] = []
        for kind in outline.layerKinds {
            let turns = outline.rotation(
                layer: kind.layers[0], kind: AttentionKind(rawValue: kind.attention) ?? .decoder, scenario: scenario,
                tokens: tokens ?? outline.shape.trainedWindow)
            var table: RopeTable?
            if let turns {
                table = try RopeTable(
                    model: outline.name, method: turns.position, in: turns.context, layers: kind.layers,
                    reach: kind.reach, positions: positions)
            }
            kinds.append(Kind(layers: kind, followsMethod: turns?.followsScenario ?? false, table: table))
        }
        self.kinds = kinds
    }

    /// The kinds in one table, then the angles of each.
    var text: String {
        let heads = kinds.map { kind in
            let name = say("\(kind.layers.attention), layers \(kind.layers.layers.rangesText): \(kind.layers.kind)")
            guard let table = kind.table else { return name + say(", nothing turns (\(kind.layers.positions))\n") }
            let isOther = !kind.followsMethod && table.method != method
            return name + (isOther ? say(", which \(method) does not change") : "") + "\n" + table.text
        }
        return ([LayerKindTable.text(kinds.map(\.layers))] + heads).joined(separator: "\n")
    }
}
