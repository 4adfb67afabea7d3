import ArgumentParser
import Foundation
import RopewalkDocuments
import RopewalkGeneration
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkRetrieval
import RopewalkTerminal
import RopewalkTokenizers

/// `ropewalk retrieve TEXT QUERY`.
struct RetrieveCommand: ParsableCommand {
    enum By: String, CaseIterable, ExpressibleByArgument {
        case terms, vectors, both
    }

    static let configuration = CommandConfiguration(
        commandName: "retrieve", abstract: say("Finds the parts of a long text, or of many, that a question is about."),
        discussion: say(
            """
            The text is cut into chunks (--chunk tokens, or --words), which are indexed by their terms (BM25, k1 1.2, b 0.75) and, with \
            --by vectors or both, by the mean of a model's last states: of --model, which reads the text in pieces of its window, \
            or of --embed, an encoder such as MiniLM, which reads each chunk alone. Both rankings are fused by reciprocal rank, \
            Σ 1 / (60 + rank). Terms are runs of letters and digits in lower case; of Chinese each character and each pair.

            The question is QUERY, or --at: the chunk that ends with that token. Then chunks that overlap it or come after it are left out, and \
            shown as leaks. --corpus DIR looks into all texts of a folder; give QUERY alone then. --index keeps the index in a file \
            of SQLite, which is made anew when anything has changed. --full-text lays SQLite's own BM25 beside ours.

            What is found is prepended to the question: --prompt writes that, --generate N writes what --model says behind it, \
            under any --method. \
            --answer TEXT says how probable an answer is behind each of the found chunks and the question, and over all of them as RAG has \
            it: by one document for all of it (sequence), by any for each token (token). Mixing at the output (kNN-LM) and reading \
            neighbours (RETRO) go token by token: ropewalk ask memory --show next and --show chunks. --attention lays what is found for every \
            chunk beside what the model itself reads there: attention summed by chunks, mean of all heads, and the recall between the two.
            """))

    @Argument(help: .said("A file of UTF-8 text, then the question; with --corpus the question alone."))
    var words: [String] = []

    @OptionGroup var model: ModelOptions

    @Option(help: ArgumentHelp(say("A folder of texts, in place of one."), valueName: "folder"))
    var corpus: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("Tokens of a chunk. Default: 64."), valueName: "tokens"),
        transform: WholeNumber.parser(1...65_536))
    var chunk: Int?

    @Option(
        name: .customLong("words"), parsing: .unconditional,
        help: ArgumentHelp(
            say("Words of a chunk, in place of tokens: no tokenizer is needed then."), valueName: "words"),
        transform: WholeNumber.parser(1...65_536))
    var chunkWords: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("Units that a chunk has in common with the next one. Default: 0."), valueName: "units"),
        transform: WholeNumber.parser(0...32_767))
    var overlap = 0

    @Flag(help: .said("Chunks end with a sentence where one ends in their second half."))
    var sentences = false

    @Option(help: ArgumentHelp(say("terms, vectors or both. Default: terms."), valueName: "how"))
    var by: By?

    @Option(
        help: ArgumentHelp(
            say("A model that makes the vectors, such as MiniLM's folder. Default: --model."), valueName: "model"))
    var embed: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("Chunks that are found. Default: 5."), valueName: "count"),
        transform: WholeNumber.parser(1...1000))
    var count = 5

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            say("The chunk that ends with this token asks, in place of QUERY."), valueName: "token"),
        transform: AskedToken.parse)
    var at: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("The first N tokens of each text only."), valueName: "n"),
        transform: WholeNumber.parser(1...TextOptions.tokenLimit))
    var tokens: Int?

    @Option(help: ArgumentHelp(say("The file of the index, which is made where it is not there."), valueName: "file"))
    var index: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(say("An answer, whose probability is measured; may be repeated."), valueName: "text"))
    var answer: [String] = []

    @Option(
        name: .customLong("generate"), parsing: .unconditional,
        help: ArgumentHelp(
            say("The model goes on behind the chunks and the question, N tokens at most."), valueName: "n"),
        transform: WholeNumber.parser(1...1_000_000))
    var generated: Int?

    @OptionGroup var scenario: ScenarioOptions

    @Flag(help: .said("What SQLite's own full-text search finds beside what is found here."))
    var fullText = false

    @Flag(help: .said("What is found for every chunk beside what the model reads of earlier ones."))
    var attention = false

    @Flag(help: .said("Writes the found chunks in their order and the question, as a prompt for a model."))
    var prompt = false

    @Flag(help: .said("JSON in place of a table."))
    var json = false

    @OptionGroup var language: LanguageOption

    func validate() throws {
        let texts = corpus == nil ? 1 : 0
        let queries = at == nil && !attention ? 1 : 0
        guard words.count >= texts + queries, words.count <= texts + 1 else {
            throw CommandError.combination(
                corpus == nil
                    ? say("give TEXT and QUERY; with --at or --attention TEXT alone")
                    : say("with --corpus give QUERY alone"))
        }
        if chunk != nil, chunkWords != nil {
            throw CommandError.combination(say("--chunk and --words are both given: leave one out"))
        }
        let size = chunkWords ?? chunk ?? 64
        guard overlap <= (size - 1) / 2 else {
            throw CommandError.combination(
                say(
                    "--overlap is \(overlap.grouped): it takes at most \((max(1, size) - 1) / 2), less than half of a chunk"
                ))
        }
        var isFolder: ObjCBool = false
        if let index, FileManager.default.fileExists(atPath: index, isDirectory: &isFolder), isFolder.boolValue {
            throw CommandError.combination(say("--index \(index) is a folder: name a file in it"))
        }
        if corpus != nil, at != nil || attention {
            throw CommandError.combination(say("--at and --attention look into one text: leave --corpus out"))
        }
        if chunkWords != nil, at != nil || attention || tokens != nil {
            throw CommandError.combination(say("--at, --attention and --tokens count tokens: leave --words out"))
        }
        if embed != nil, by == .terms {
            throw CommandError.combination(say("--embed makes vectors and --by terms looks at none: leave one out"))
        }
        if at != nil, words.count > texts {
            throw CommandError.combination(say("--at and QUERY are both given: leave one out"))
        }
        if fullText, at != nil || attention || by == .vectors {
            throw CommandError.combination(
                say(
                    "--full-text compares what a QUERY finds by its terms: leave --at, --attention and --by vectors out"
                ))
        }
        if generated == nil, !scenario.methods.isEmpty {
            throw CommandError.combination(say("--method is for what --generate writes: give that too"))
        }
        let uses = [
            ("--prompt", prompt), ("--generate", generated != nil), ("--attention", attention),
            ("--answer", !answer.isEmpty),
        ]
        .filter { $0.1 }.map { $0.0 }
        if uses.count > 1 {
            throw CommandError.combination(say("\(uses[0]) and \(uses[1]) are both given: leave one out"))
        }
    }

    private var way: By { by ?? (embed == nil ? .terms : .both) }

    func run() throws {
        let reads = try files()
        try OutputFile.check(index, reads: reads, model: model)
        let texts = try reads.map { try SourceText(contentsOf: $0) }
        let needsModel = chunkWords == nil || way != .terms && embed == nil || !answer.isEmpty || generated != nil
        let loaded = needsModel ? try model.load() : nil
        let plan = ChunkPlan(size: chunkWords ?? chunk ?? 64, overlap: overlap, keepsSentences: sentences)
        var corpus = try RetrievalCorpus(
            texts, plan: plan, model: chunkWords == nil ? loaded : nil, tokens: tokens)
        let maker = try way == .terms ? nil : vectors(loaded)
        let work = try RetrievalWork(
            &corpus, maker, index: index, usesTerms: way != .vectors, needsTokens: at != nil || attention)
        if attention {
            guard let loaded else { return }
            return try StandardOutput.write(
                AttentionReport(corpus, work, loaded, threads: model.threadCount, count: count).output(json: json))
        }
        let query = try query(corpus, maker)
        let found = try work.find(query, count: count)
        if prompt { return try StandardOutput.write(Self.prompt(found, corpus, query) + "\n") }
        if let generated, let loaded {
            return try generate(generated, behind: Self.prompt(found, corpus, query), loaded)
        }
        var report = RetrieveReport(corpus, work, query, found)
        if fullText { report.fullText = try FullTextComparison(corpus, query.words, count: count) }
        if !answer.isEmpty, let loaded {
            let scores = try AnswerScores(loaded, threads: model.threadCount)
            let chunks = found.hits.map { corpus.string(corpus.chunks[$0.chunk]) }
            report.answers = try answer.map {
                try scores.scores($0, query: query.words, chunks: chunks, standing: found.hits.map(\.fused))
            }
        }
        try StandardOutput.write(json ? JSONText.encode(report) : report.text)
    }

    private func files() throws -> [String] {
        if let corpus { return try DataInputs([corpus]).files }
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: words[0], isDirectory: &isFolder), isFolder.boolValue {
            throw CommandError.combination(
                say("\(words[0]) is a folder: give --corpus \(words[0]) and the question to look into all its texts"))
        }
        return [words[0]]
    }

    private func vectors(_ loaded: Model?) throws -> ChunkVectors? {
        if let embed {
            let other = try Model.loaded(ModelName.path(embed), needsTokenizer: true)
            return try ChunkVectors(other, threads: model.threadCount)
        }
        return try loaded.map { try ChunkVectors($0, threads: model.threadCount) }
    }

    private func query(_ corpus: RetrievalCorpus, _ maker: ChunkVectors?) throws -> RetrievalQuery {
        guard let at else {
            let question = words[words.count - 1]
            return RetrievalQuery(words: question, vector: try maker?.vector(question))
        }
        let document = corpus.documents[0]
        guard at < document.tokenCount else {
            throw CommandError.outOfRange(
                option: "--at", value: "\(at)",
                takes: say("a token of the text, 0 to \((document.tokenCount - 1).grouped)"))
        }
        let bytes = document.bytes(ofTokens: max(0, at - corpus.plan.size + 1)..<at + 1)
        let question = document.text.string(bytes)
        return RetrievalQuery(
            words: question, vector: try maker?.vector(question),
            place: RetrievalPlace(document: 0, bytes: bytes))
    }

    /// The chunks in the order of the text, each with its number, then the question.
    private static func prompt(_ found: RetrievalFound, _ corpus: RetrievalCorpus, _ query: RetrievalQuery) -> String {
        let chunks = found.hits.map(\.chunk).sorted()
        let parts = chunks.enumerated().map { "[\($0 + 1)] \(corpus.string(corpus.chunks[$1]))" }
        return (parts + [query.words]).joined(separator: "\n\n")
    }

    /// What the most probable tokens say behind a prompt.
    private func generate(_ count: Int, behind prompt: String, _ model: Model) throws {
        guard let tokenizer = model.tokenizer else { throw CommandError.noTokenizer(model.path) }
        let ids = try tokenizer.encode(prompt, addSpecialTokens: true).ids
        guard !ids.isEmpty else { throw CommandError.combination(say("an empty question has no likelihood: give one")) }
        Interrupt.listen()
        try GenerateRun(
            model: model, scenario: try scenario.scenario(for: model), request: GenerationRequest(count: count),
            threads: self.model.threadCount
        ).write(ids, to: GenerateOutput(isJSON: json, candidates: 0))
    }
}
