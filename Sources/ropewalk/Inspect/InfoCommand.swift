import ArgumentParser
import RopewalkMethods
import RopewalkModels

/// `ropewalk info MODEL`.
struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "What is in a model folder or file.")

    @Argument(
        help:
            "A Hugging Face folder, a .safetensors or .gguf file, a tokenizer.json or tokenizer.model, or a name that ropewalk models lists. Default: the bundled model."
    )
    var model: String?

    @Flag(help: "JSON in place of text.")
    var json = false

    func run() throws {
        let info = try ModelInfo(contentsOf: ModelName.path(model))
        try StandardOutput.write(json ? JSONText.encode(info) : Self.text(info))
    }

    private static func text(_ info: ModelInfo) -> String {
        var rows: [[String]] = [["name", info.name], ["path", info.path]]
        if let family = info.family { rows.append(["family", family]) }
        if let sizes = info.sizes { rows += Self.rows(sizes) }
        if let kinds = info.kinds { rows.append(["attention", kinds.joined(separator: ", ")]) }
        if let positions = info.positions { rows.append(["positions", Self.text(positions)]) }
        if let experts = info.experts {
            rows.append(["experts", "\(experts.count.grouped) a layer, \(experts.chosen.grouped) a token"])
        }
        rows += info.notes.map { ["note", $0] }
        if let parameters = info.parameters { rows.append(["parameters", parameters.grouped]) }
        if let stored = info.stored { rows.append(["quantised", stored]) }
        if let tensors = info.tensors {
            let types = tensors.types.sorted { $0.key < $1.key }.map { "\($0.value.grouped) \($0.key)" }
            rows.append(["tensors", "\(tensors.count.grouped) (\(types.joined(separator: ", ")))"])
            rows.append(["bytes", "\(tensors.bytes.grouped) in \(tensors.files.joined(separator: ", "))"])
        }
        if let tokenizer = info.tokenizer {
            rows.append(["tokenizer", "\(tokenizer.kind), vocabulary \(tokenizer.vocabulary.grouped)"])
        }
        rows.append(["runs", info.runs ? "yes" : "no"])
        rows += info.missing.map { ["missing", $0] }
        rows += info.unread?.remarks.map { ["note", $0] } ?? []
        rows += info.unread?.keys.map { ["not read", $0] } ?? []
        rows += info.unread?.tensors.map { ["not used", $0] } ?? []
        let table = AlignedTable(header: rows[0], rows: Array(rows.dropFirst()), sides: [.left, .left]).text
        return table + (info.layers.isEmpty ? "" : "\n" + LayerKindTable.text(info.layers))
    }

    private static func text(_ positions: ModelInfo.Positions) -> String {
        positions.scheme + (positions.limit.map { ", at most \($0.grouped) tokens" } ?? "")
    }

    private static func rows(_ sizes: ModelInfo.Sizes) -> [[String]] {
        let named: [(String, Int?)] = [
            ("layers", sizes.layers), ("heads", sizes.heads), ("key/value heads", sizes.keyValueHeads),
            ("head dimension", sizes.headDimension), ("hidden", sizes.hidden), ("intermediate", sizes.intermediate),
            ("vocabulary", sizes.vocabulary), ("window", sizes.window),
        ]
        return named.compactMap { name, size in size.map { [name, $0.grouped] } }
    }
}
