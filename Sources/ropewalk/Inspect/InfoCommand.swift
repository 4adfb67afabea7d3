import ArgumentParser
import Foundation
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// `ropewalk info MODEL`.
struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: say("What is in a model folder or file."))

    @Argument(
        help:
            .said(
                "A Hugging Face folder, a .safetensors or .gguf file, a tokenizer.json or tokenizer.model, or a name that ropewalk models lists. Default: the bundled model."
            )
    )
    var model: String?

    @Flag(help: .said("JSON in place of text."))
    var json = false

    @OptionGroup var language: LanguageOption

    func run() throws {
        let info = try ModelInfo(contentsOf: ModelName.path(model))
        try StandardOutput.write(json ? JSONText.encode(info) : Self.text(info))
    }

    private static func text(_ info: ModelInfo) -> String {
        var rows: [[String]] = [[say("name"), info.name], [say("path"), info.path]]
        if let family = info.family { rows.append([say("family"), family]) }
        if let sizes = info.sizes { rows += Self.rows(sizes, windowSource: info.windowSource) }
        if let kinds = info.kinds { rows.append([say("attention"), kinds.joined(separator: ", ")]) }
        if let positions = info.positions { rows.append([say("positions"), Self.text(positions)]) }
        if let experts = info.experts {
            rows.append([say("experts"), say("\(experts.count.grouped) a layer, \(experts.chosen.grouped) a token")])
        }
        rows += info.expertLayers.map { ["", Self.text($0)] }
        if let isTied = info.tiesEmbeddings {
            let matrix = isTied ? say("the matrix of token embeddings (tied)") : say("a matrix of their own (not tied)")
            rows.append([say("logits"), matrix])
        }
        rows += info.notes.map { [say("note"), $0] }
        if let parameters = info.parameters { rows.append([say("parameters"), parameters.grouped]) }
        if let stored = info.stored { rows.append([say("quantised"), stored]) }
        if let tensors = info.tensors {
            let types = tensors.types.sorted { $0.key < $1.key }.map { "\($0.value.grouped) \($0.key)" }
            rows.append([say("tensors"), "\(tensors.count.grouped) (\(types.joined(separator: ", ")))"])
            if info.stored == nil, let shares = Self.shares(tensors) { rows.append([say("weights"), shares]) }
            rows.append([say("bytes"), say("\(tensors.bytes.grouped) in \(tensors.files.joined(separator: ", "))")])
        }
        if let tokenizer = info.tokenizer {
            let added = info.addedTokens.map(Self.text) ?? ""
            rows.append([
                say("tokenizer"), say("\(tokenizer.kind), vocabulary \(tokenizer.vocabulary.grouped)\(added)"),
            ])
        }
        rows.append([say("runs"), info.runs ? say("yes") : say("no")])
        rows += info.missing.map { [say("missing"), $0] }
        rows += info.unread?.remarks.map { [say("note"), $0] } ?? []
        rows += info.unread?.keys.map { [say("not read"), $0] } ?? []
        rows += info.unread?.tensors.map { [say("not used"), $0] } ?? []
        let table = AlignedTable(header: rows[0], rows: Array(rows.dropFirst()), sides: [.left, .left]).text
        return table + (info.layers.isEmpty ? "" : "\n" + LayerKindTable.text(info.layers))
    }

    private static func text(_ positions: ModelInfo.Positions) -> String {
        positions.scheme + (positions.limit.map { say(", at most \($0.grouped) tokens") } ?? "")
    }

    /// "in decoder layers 1-26, each 1,408 wide; beside them one for every token, 2,816 wide".
    private static func text(_ experts: ModelInfo.ExpertLayers) -> String {
        let layers =
            experts.layers.count == experts.stackLayers
            ? say("every layer of the \(experts.stack)") : say("\(experts.stack) layers \(experts.layers.rangesText)")
        let shared =
            experts.sharedWidth.map { say("; beside them one for every token, \($0.grouped) wide") }
            ?? say("; none shared")
        return say("in \(layers), each \(experts.width.grouped) wide") + shared
    }

    private static func text(_ added: ModelInfo.AddedTokens) -> String {
        let parts = [(added.before, say("before")), (added.after, say("after"))].filter { !$0.0.isEmpty }
        let texts = parts.map { "\($0.0.joined(separator: " ")) \($0.1)" }
        return texts.isEmpty ? say(", adds nothing to a text") : say(", puts \(texts.joined(separator: ", ")) a text")
    }

    /// "Q4_1 78.9 %, Q8_0 21.1 %, F32 0.0 % of the numbers; 5.74 bits each".
    private static func shares(_ tensors: ModelInfo.Tensors) -> String? {
        let all = tensors.numbers.values.reduce(0, +)
        guard all > 0 else { return nil }
        let sorted = tensors.numbers.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let parts = sorted.map { "\($0.key) \(rounded(100 * Double($0.value) / Double(all), digits: 1)) %" }
        let bits = rounded(8 * Double(tensors.bytes) / Double(all), digits: 2)
        return say("\(parts.joined(separator: ", ")) of the numbers; \(bits) bits each")
    }

    private static func rounded(_ number: Double, digits: Int) -> String {
        String(format: "%.\(digits)f", number)
    }

    private static func rows(_ sizes: ModelInfo.Sizes, windowSource: String?) -> [[String]] {
        let named: [(String, Int?)] = [
            (say("layers"), sizes.layers), (say("heads"), sizes.heads), (say("key/value heads"), sizes.keyValueHeads),
            (say("head dimension"), sizes.headDimension), ("hidden", sizes.hidden),
            (say("intermediate"), sizes.intermediate),
            (say("vocabulary"), sizes.vocabulary),
        ]
        let window = sizes.window.map { [[say("window"), $0.grouped + (windowSource.map { " (\($0))" } ?? "")]] } ?? []
        return named.compactMap { name, size in size.map { [name, $0.grouped] } } + window
    }
}
