import RopewalkFormats
import RopewalkMethods

/// What recording.json says: docs/RECORDING.md is the format.
package struct RecordingIndex: Sendable, Equatable {
    static let format = "ropewalk-recording"
    static let version = 1
    /// The file of a folder that says that it is a recording.
    package static let fileName = "recording.json"

    /// Of what is recorded of a kind of attention.
    package struct Attention: Sendable, Equatable {
        package var kind: AttentionKind
        package var layers: Int
        package var heads: Int
        package var keyValueHeads: Int
        package var headDimension: Int
        package var hidden: Int
        /// Tokens.
        package var queries: Int
        package var keys: Int
        package var poolBlock: Int
        /// The heads that are recorded where not all are.
        package var recorded: RecordedHeads?
    }

    /// One file of tensors.
    package struct Part: Sendable, Equatable {
        package var file: String
        package var kind: AttentionKind
        /// Of the queries.
        package var tokens: Range<Int>
        package var layers: Range<Int>
        package var heads: Range<Int>
        package var keyValueHeads: Range<Int>
        /// Length of the file.
        package var bytes: Int
    }

    package var writer: String
    package var modelName: String
    package var family: String
    /// What tells its weights from others; nil where nobody said.
    package var weights: String?
    /// The specs of what it was run under; empty for the model's own configuration.
    package var methods: [String]
    package var textFile: String
    package var textBytes: Int
    package var textHash: String
    package var tokensFile: String
    /// Of the main kind's queries.
    package var tokens: Int
    /// What of the weights scores are made with; nil where there is no need.
    package var constantsFile: String?
    package var attention: [Attention]
    package var precision: StoredPrecision
    package var error: Double
    package var parts: [Part]
    package var isComplete: Bool
}

/// Which heads of a model are recorded.
package struct RecordedHeads: Sendable, Equatable {
    /// [layer][head]
    private let isThere: [[Bool]]

    /// Those of some layers; of all heads where none are named.
    package init(layers: [Int], heads: [Int]?, of shape: (layers: Int, heads: Int)) {
        isThere = (0..<shape.layers).map { layer in
            (0..<shape.heads).map { layers.contains(layer) && (heads?.contains($0) ?? true) }
        }
    }

    init(_ isThere: [[Bool]]) { self.isThere = isThere }

    package func contains(layer: Int, head: Int) -> Bool {
        isThere.indices.contains(layer) && isThere[layer].indices.contains(head) && isThere[layer][head]
    }

    /// The same of one of so many heads: a query's, or one of keys that some recorded query reads.
    func reads(layer: Int, head: Int, of heads: Int, in shape: ModelShape) -> Bool {
        let share = heads == shape.heads ? 1 : shape.groupSize
        return (head * share..<(head + 1) * share).contains { contains(layer: layer, head: $0) }
    }

    /// Whether every head is recorded of each layer that has any.
    var isOfWholeLayers: Bool { isThere.allSatisfy { layer in layer.allSatisfy { $0 == layer.first } } }
    /// Layers that have any.
    package var layers: [Int] { isThere.indices.filter { isThere[$0].contains(true) } }
    func heads(_ layer: Int) -> [Int] { isThere[layer].indices.filter { isThere[layer][$0] } }
}

extension RecordingIndex {
    /// The model's name without anything that a terminal would obey, or that would turn a line around.
    var shownName: String {
        modelName.unicodeScalars.prefix(200).reduce(into: "") { name, scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                name += "\\u{\(String(scalar.value, radix: 16))}"
            default: name.unicodeScalars.append(scalar)
            }
        }
    }

    /// As the file has it.
    var json: JSONValue {
        func range(_ range: Range<Int>) -> JSONValue {
            .array([.integer(range.lowerBound), .integer(range.upperBound)])
        }
        var members: [JSONValue.Member] = [
            .init(key: "format", value: .string(Self.format)), .init(key: "version", value: .integer(Self.version)),
            .init(key: "writer", value: .string(writer)),
            .init(
                key: "model",
                value: [
                    "name": .string(modelName), "family": .string(family),
                    "weights": weights.map { .string($0) } ?? .null,
                ]),
            .init(key: "method", value: .array(methods.map { .string($0) })),
            .init(
                key: "text",
                value: ["file": .string(textFile), "bytes": .integer(textBytes), "sha256": .string(textHash)]),
            .init(key: "tokens", value: ["file": .string(tokensFile), "count": .integer(tokens)]),
        ]
        if let constantsFile { members.append(.init(key: "constants", value: ["file": .string(constantsFile)])) }
        members += [
            .init(key: "attention", value: .array(attention.map(\.json))),
            .init(key: "precision", value: .string(precision.rawValue)), .init(key: "error", value: .number(error)),
            .init(
                key: "parts",
                value: .array(
                    parts.map { part in
                        [
                            "file": .string(part.file), "kind": .string(part.kind.rawValue),
                            "tokens": range(part.tokens), "layers": range(part.layers), "heads": range(part.heads),
                            "key_value_heads": range(part.keyValueHeads), "bytes": .integer(part.bytes),
                        ]
                    })),
            .init(key: "complete", value: .bool(isComplete)),
        ]
        return .object(members)
    }
}

extension RecordingIndex.Attention {
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init(key: "kind", value: .string(kind.rawValue)), .init(key: "layers", value: .integer(layers)),
            .init(key: "heads", value: .integer(heads)), .init(key: "key_value_heads", value: .integer(keyValueHeads)),
            .init(key: "head_dimension", value: .integer(headDimension)),
            .init(key: "hidden", value: .integer(hidden)), .init(key: "queries", value: .integer(queries)),
            .init(key: "keys", value: .integer(keys)), .init(key: "pool_block", value: .integer(poolBlock)),
        ]
        guard let recorded else { return .object(members) }
        if recorded.isOfWholeLayers {
            members.append(.init(key: "recorded_layers", value: .array(recorded.layers.map { .integer($0) })))
        } else {
            let pairs = recorded.layers.flatMap { layer in recorded.heads(layer).map { (layer, $0) } }
            members.append(
                .init(
                    key: "recorded_heads", value: .array(pairs.map { .array([.integer($0.0), .integer($0.1)]) })))
        }
        return .object(members)
    }
}
