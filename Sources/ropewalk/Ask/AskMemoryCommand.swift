import ArgumentParser
import Foundation
import RopewalkDocuments
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// `ropewalk ask memory TEXT --at Q --head L.H`: what a query reads of earlier segments, or of a memory of keys.
struct AskMemoryCommand: ParsableCommand {
    enum Part: String, CaseIterable, ExpressibleByArgument {
        case slots, zones, nearest, chunks, next
    }

    static let configuration = CommandConfiguration(
        commandName: "memory",
        abstract: say("Memory: slots of earlier segments and their weights, nearest keys, neighbours of chunks."),
        discussion: say(
            """
            --show slots: with --method transformer-xl or compressive (slots=mean, max, most-used or conv runs it with slots), a line a slot in \
            the order of the keys: compressed, memory, segment. weight: what the query gives it; exact: what it gives these tokens \
            where it reads all of the text with the model's own attention. --show zones: their sums, the share of the exact row \
            that no slot stands for, and |output − exact output| / |exact output| of the head.
            --show nearest: the --count keys of highest cosine before the last --window keys, of this text and of --memory FILE, \
            read by the same model (Memorizing Transformer). Queries and keys are not turned there. weight: of the memory's own \
            softmax; joint: of one softmax over both; mixed: --gate times weight. The last lines have the errors of the head's \
            output for the gate, for one softmax, and for the last keys alone. No model here was trained for it.
            --show chunks: the neighbours of every whole chunk of --chunk tokens by means of the last states (RETRO), in FILE or \
            earlier in the text; of the chunk that --at reads, the share of its neighbours in a softmax of the head's query over \
            their keys.
            --show next: what followed the --count nearest last states of this text so far and of FILE, mixed into what the model \
            expects (kNN-LM): probability is --share times memory and the rest times model; distances are squared and divided by \
            --temperature. The last line is the token that really follows.
            """))

    @OptionGroup var options: AskQueryOptions

    @Option(help: ArgumentHelp(say("slots, zones, nearest, chunks or next."), valueName: "part"))
    var show: Part = .slots

    @OptionGroup var retrieval: RetrievalOptions
    @OptionGroup var language: LanguageOption

    func run() throws {
        let (asked, query) = try options.open(needsStates: true)
        switch show {
        case .slots, .zones:
            guard SegmentMemory(asked.scenario) != nil else {
                throw CommandError.combination(
                    say("--show \(show.rawValue) needs --method transformer-xl or --method compressive"))
            }
            let strip = try asked.lens().memoryStrip(layer: options.head.layer, head: options.head.head, query: query)
            guard let strip else { return }
            try options.write(show == .slots ? MemoryTables.slots(strip) : MemoryTables.zones(strip))
        case .nearest, .chunks, .next: try retrieve(asked, query)
        }
    }

    private func retrieve(_ asked: Asked, _ query: Int) throws {
        guard asked.model.kinds == [.decoder] else {
            throw CommandError.combination(say("--show \(show.rawValue) looks into the cache of a decoder alone"))
        }
        let other = try retrieval.other(asked, options.ask)
        let lens = try asked.lens()
        let recording = try other.map {
            try Run(model: asked.model, scenario: asked.model.defaultScenario, threads: asked.threads).record($0.ids)
        }
        if show == .next {
            try asked.checkPredicts()
            let found = lens.neighbourPrediction(
                after: query, model: asked.model, settings: retrieval.neighbourSettings, other: recording)
            guard let found else {
                throw CommandError.combination(say("nothing lies before the token: the memory is empty"))
            }
            return try options.write(MemoryTables.next(found, asked))
        }
        if show == .chunks {
            let found = lens.chunkRetrieval(
                layer: options.head.layer, head: options.head.head, query: query, chunk: retrieval.chunk,
                neighbours: retrieval.neighbours, other: recording)
            guard let found else { return }
            return try options.write(MemoryTables.chunks(found))
        }
        let found = lens.retrieval(
            layer: options.head.layer, head: options.head.head, query: query,
            settings: retrieval.settings(asked.scenario), other: recording)
        guard let found else { return }
        try options.write(MemoryTables.nearest(found, own: asked.document, other: other))
    }
}

/// How a memory of keys is looked into.
struct RetrievalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(say("Another text that the memory holds, read by the same model."), valueName: "file"))
    var memory: String?

    @Option(
        help: ArgumentHelp(say("Tokens of that text that are read at most."), valueName: "n"),
        transform: WholeNumber.parser(1...TextOptions.tokenLimit))
    var memoryTokens: Int = 65_536

    @Option(
        help: ArgumentHelp(say("Keys that are read of the memory."), valueName: "n"),
        transform: WholeNumber.parser(1...65_536))
    var count: Int?

    @Option(
        help: ArgumentHelp(say("Last keys of the text that are read beside it."), valueName: "tokens"),
        transform: WholeNumber.parser(1...TextOptions.tokenLimit))
    var window: Int?

    @Option(
        help: ArgumentHelp(
            say("The share of the memory, 0 to 1: as published a learned number a head, which no model here has."),
            valueName: "share"), transform: { Float(try DecimalNumber.parser(0...1)($0)) })
    var gate: Float = 0.5

    @Option(
        help: ArgumentHelp(say("The share of what followed near states, 0 to 1."), valueName: "share"),
        transform: DecimalNumber.parser(0...1))
    var share: Double = 0.25

    @Option(
        help: ArgumentHelp(say("Squared distances of states are divided by it."), valueName: "number"))
    var temperature: Double = 1

    @Flag(help: .said("Leaves earlier keys of the text itself out of the memory."))
    var onlyMemory = false

    @Option(
        help: ArgumentHelp(say("Tokens of a chunk."), valueName: "tokens"),
        transform: WholeNumber.parser(1...TextOptions.tokenLimit))
    var chunk: Int = 64

    @Option(
        help: ArgumentHelp(say("Neighbours of a chunk."), valueName: "n"), transform: WholeNumber.parser(1...1024))
    var neighbours: Int = 2

    func validate() throws {
        guard temperature.isFinite, temperature > 0 else {
            throw CommandError.outOfRange(
                option: "--temperature", value: "\(temperature)", takes: say("a number above 0"))
        }
        if onlyMemory, memory == nil {
            throw CommandError.combination(
                say("--only-memory needs --memory FILE: without it there is nothing to read"))
        }
    }

    var neighbourSettings: NeighbourSettings {
        var settings = NeighbourSettings()
        if let count { settings.count = count }
        (settings.share, settings.temperature, settings.hasOwnText) = (share, temperature, !onlyMemory)
        return settings
    }

    func settings(_ scenario: Scenario) -> RetrievalSettings {
        var settings = RetrievalSettings(scenario)
        if let count { settings.count = count }
        if let window { settings.window = window }
        settings.gate = gate
        settings.hasOwnText = !onlyMemory
        return settings
    }

    /// The other text in the model's tokens; nil without one.
    func other(_ asked: Asked, _ ask: AskOptions) throws -> Document? {
        guard let memory else { return nil }
        guard let tokenizer = asked.model.tokenizer else { throw CommandError.noTokenizer(asked.model.name) }
        let document = try Document(
            text: try SourceText(contentsOf: memory), tokenizer: ask.text.reading(tokenizer))
        guard document.tokenCount > 0 else { throw CommandError.emptyText(memory) }
        return document.prefix(tokens: memoryTokens)
    }
}
