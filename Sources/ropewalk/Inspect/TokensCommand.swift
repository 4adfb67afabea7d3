import ArgumentParser
import Foundation
import RopewalkDocuments
import RopewalkFormats
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkTokenizers

/// `ropewalk tokens [TEXT]`.
struct TokensCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens", abstract: say("The tokens of a text: ids, strings, spans."))

    @OptionGroup var text: TextOptions

    @Option(
        help: ArgumentHelp(
            say(
                """
                A Hugging Face folder, a GGUF file, a tokenizer.json or tokenizer.model, or a name that ropewalk models \
                lists. Default: the bundled model.
                """),
            valueName: "model"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            say("A JSON array of strings or of objects {text, add_special_tokens}, in place of TEXT."),
            valueName: "file"))
    var batch: String?

    @Flag(help: .said("JSON in place of a table; --batch always answers in JSON."))
    var json = false

    @OptionGroup var language: LanguageOption

    func validate() throws {
        if batch != nil, text.text != nil || text.ids != nil {
            throw CommandError.combination(say("--batch excludes TEXT and --ids: leave one out"))
        }
    }

    func run() throws {
        let tokenizer = try text.reading(Model.tokenizer(at: ModelName.path(model)))
        for remark in tokenizer.remarks { StandardError.write(remark) }
        if let batch {
            let entries = try TokenBatch(contentsOf: batch).entries
            let lists = try entries.map { entry in
                try TokenList(entry.text, addSpecialTokens: entry.addSpecialTokens, tokenizer, limit: text.tokens)
            }
            try StandardOutput.write(JSONText.encodeCompact(lists))
        } else {
            let document = try text.document(tokenizer)
            if let line = Self.parsedSpecials(document, tokenizer) { StandardError.write(line) }
            try StandardOutput.write(
                json ? JSONText.encodeCompact(TokenList(document, tokenizer)) : Self.table(document, tokenizer))
        }
    }

    /// How many special tokens were found written in the text; nil for none. One for what is unknown may also be what
    /// the model made of other text.
    private static func parsedSpecials(_ document: Document, _ tokenizer: Tokenizer) -> String? {
        let count = document.encoding.writtenTokens.count { tokenizer.isSpecial(Int(document.ids[$0])) }
        return count == 0
            ? nil
            : say("special tokens written in the text: \(count.grouped) are parsed; --special text takes them as text")
    }

    private static func table(_ document: Document, _ tokenizer: Tokenizer) -> String {
        let rows = (0..<document.tokenCount).map { index in
            let bytes = document.encoding.bytes(of: index)
            let offsets = document.encoding.offsets(of: index)
            return [
                String(index), String(document.ids[index]), "\(bytes.lowerBound)-\(bytes.upperBound)",
                "\(offsets.lowerBound)-\(offsets.upperBound)", document.wholeName(ofToken: index),
            ]
        }
        return AlignedTable(
            header: [say("token"), say("id"), say("bytes"), say("code points"), say("text")], rows: rows,
            sides: [.right, .right, .right, .right, .left]
        ).text
    }
}
