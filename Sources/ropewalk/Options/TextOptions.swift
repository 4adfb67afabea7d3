import ArgumentParser
import Foundation
import RopewalkApp
import RopewalkDocuments
import RopewalkFormats
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkTerminal
import RopewalkTokenizers

/// The text, or token ids in its place.
struct TextOptions: ParsableArguments {
    @Argument(help: .said("A file of UTF-8 text; - for standard input. Default: the bundled book."))
    var text: String?

    @Option(help: ArgumentHelp(say("A JSON array of token ids, in place of TEXT."), valueName: "file"))
    var ids: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("The first N tokens only."), valueName: "n"),
        transform: WholeNumber.parser(1...Self.tokenLimit))
    var tokens: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            say(
                "Reads from token N of the text on, which is the first then, behind the start token that a tokenizer adds."
            ),
            valueName: "n"),
        transform: WholeNumber.parser(0...Self.tokenLimit))
    var from: Int = 0

    @Option(
        help: ArgumentHelp(
            say("Special tokens written in the text: parse (as the one token they name) or text."), valueName: "how"))
    var special: SpecialTokens = .parse

    /// What becomes of special tokens that are written in a text.
    enum SpecialTokens: String, CaseIterable, ExpressibleByArgument {
        case parse, text
    }

    static let tokenLimit = 4_194_304

    func validate() throws {
        if text != nil, ids != nil {
            throw CommandError.combination(say("TEXT and --ids are both given: leave one out"))
        }
    }

    /// The tokenizer that reads special tokens as asked.
    func reading(_ tokenizer: Tokenizer) throws -> Tokenizer {
        special == .parse ? tokenizer : try tokenizer.takingSpecialTokensAsText()
    }

    /// The text and its tokens; with `--ids` no text.
    /// - Parameter vocabulary: the size of the model's; nil for that of the tokenizer
    func document(_ tokenizer: Tokenizer, vocabulary: Int? = nil) throws -> Document {
        MemoryReport.note("reading the text and cutting it into tokens")
        let tokenizer = try reading(tokenizer)
        let whole: Document
        if ids != nil {
            whole = Document(
                text: try SourceText("", name: "text"),
                encoding: Encoding(ids: try fileIDs(vocabulary ?? tokenizer.vocabularySize)),
                tokenizer: tokenizer)
        } else {
            whole = try Document(text: source(), tokenizer: tokenizer)
        }
        let read = try window(of: whole)
        return tokens.map { read.prefix(tokens: $0) } ?? read
    }

    /// A document from where reading begins.
    func window(of whole: Document) throws(CommandError) -> Document {
        try checkStart(whole.tokenCount)
        return from > 0 ? whole.suffix(from: from) : whole
    }

    /// A whole document that has the token where reading begins.
    func withStart(_ whole: Document) throws(CommandError) -> Document {
        try checkStart(whole.tokenCount)
        return whole
    }

    private func checkStart(_ count: Int) throws(CommandError) {
        guard from > 0, from >= count else { return }
        throw .outOfRange(
            option: "--from", value: "\(from)", takes: say("a token of the text, 0 to \(max(0, count - 1).grouped)"))
    }

    /// The ids for a model that may have no tokenizer: with `--ids` it needs none.
    func tokenIDs(_ tokenizer: Tokenizer?, vocabulary: Int? = nil) throws -> [Int32] {
        guard let tokenizer, ids == nil else {
            let ids = try fileIDs(vocabulary)
            try checkStart(ids.count)
            return Array(ids.dropFirst(from).prefix(tokens ?? .max))
        }
        let document = try document(tokenizer)
        if document.text.isEmpty { throw CommandError.emptyText(document.text.name) }
        return document.ids
    }

    /// Methods with the sentences and paragraphs of the text where they ask for them; tokens alone have none.
    func bound(_ scenario: Scenario, for model: Model) throws -> Scenario {
        guard !scenario.units.isEmpty, ids == nil, let tokenizer = model.tokenizer else { return scenario }
        return scenario.over(try document(tokenizer))
    }

    func source() throws -> SourceText {
        if let recording { return try SourceText(contentsOf: StoredRecording.textPath(in: recording)) }
        if text == "-" { return try SourceText(descriptor: STDIN_FILENO, name: say("standard input")) }
        return try SourceText(contentsOf: text ?? SamplesFolder.book())
    }

    /// The file of the text; nil where it comes from elsewhere.
    func textFile() throws -> String? {
        ids != nil || text == "-" || recording != nil ? nil : try text ?? SamplesFolder.book()
    }

    /// The text, before it is read.
    var shownName: String {
        if ids != nil { return say("tokens") }
        return text.map { $0 == "-" ? say("standard input") : $0.split(separator: "/").last.map(String.init) ?? $0 }
            ?? say("the bundled book")
    }

    /// The files that are read.
    func files() throws(CommandError) -> [String] {
        if let path = ids ?? text { return [path == "-" && ids == nil ? "/dev/stdin" : path] }
        return [try SamplesFolder.book()]
    }

    private func fileIDs(_ vocabulary: Int?) throws -> [Int32] {
        guard let path = ids else { return [] }
        guard let values = try JSONDocument(contentsOf: path, takesPipes: true).root.array else {
            throw CommandError.content(file: path, problem: say("a JSON array of token ids is expected"))
        }
        return try values.enumerated().map { place, value in
            if let vocabulary, let id = value.integer, id > Int32.max {
                throw ModelError.token(id: id, place: place, vocabulary: vocabulary)
            }
            guard let id = value.integer.flatMap({ Int32(exactly: $0) }), id >= 0 else {
                throw CommandError.content(
                    file: path, problem: say("element \(place) is no token id: whole numbers from 0 on are expected"))
            }
            return id
        }
    }
}
