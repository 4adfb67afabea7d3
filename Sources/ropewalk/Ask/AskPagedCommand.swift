import ArgumentParser
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// `ropewalk ask paged TEXT`: where keys and values lie in a cache of blocks.
struct AskPagedCommand: ParsableCommand {
    enum Part: String, CaseIterable, ExpressibleByArgument {
        case blocks, table, events, waste
    }

    static let configuration = CommandConfiguration(
        commandName: "paged",
        abstract: say("PagedAttention: blocks of the cache, tables, sharing, copies on write, waste."),
        discussion: say(
            """
            The text is sequence A. --fork F (again for more) lets another sequence (B, C, ...) go on after F tokens with \
            --append tokens of its own: it shares the blocks that are there, and who writes to a shared one first takes a copy. With a \
            method that gives keys up, or that hides them for good, blocks come free as soon as a head has given up all their tokens: \
            say which with --head.
            --show table: a line a block of a sequence: logical and physical, its tokens, how many hold it (−1: given up).
            --show blocks: a line a physical block: holders, filled slots. --show events: what happened, in order.
            --show waste: slots of this cache, and of one where each sequence lies in one piece of the same memory: as long as the \
            model's window, the next power of two of its length at the end, or just that. reserved: will be filled; internal: will not; \
            external: between others, too few for the next; share: states of all slots that nobody else can have; refused: sequences \
            that found no place. bytes: of all layers, at 16 bits a number.
            """))

    @OptionGroup var options: AskCacheOptions

    @Option(
        help: ArgumentHelp(say("Layer and head whose keys are given up."), valueName: "layer.head"),
        transform: AskedHead.parse)
    var head: AskedHead?

    @Option(
        help: ArgumentHelp(say("B: tokens of a block."), valueName: "tokens"),
        transform: WholeNumber.parser(PagePool.blockSizeRange))
    var block: Int = PagePool.usualBlockSize

    @Option(
        help: ArgumentHelp(say("Blocks of the pool. Default: as many as without sharing."), valueName: "n"),
        transform: WholeNumber.parser(1...PagePool.slotLimit))
    var pool: Int?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(say("After so many tokens another sequence goes on; may be repeated."), valueName: "tokens"),
        transform: AskedToken.parse)
    var fork: [Int] = []

    @Option(
        help: ArgumentHelp(say("Tokens that each of them has of its own."), valueName: "n"),
        transform: WholeNumber.parser(0...TextOptions.tokenLimit))
    var append: Int = 8

    @Option(help: ArgumentHelp(say("table, blocks, events or waste."), valueName: "part"))
    var show: Part = .table

    @OptionGroup var language: LanguageOption

    func run() throws {
        let (asked, last) = try options.open(head)
        var scene = try scene(last)
        (scene.blockSize, scene.blocks) = (block, pool)
        let cache = try scene.cache(try lifetimes(asked))
        switch show {
        case .table: try options.write(PageTables.table(cache))
        case .blocks: try options.write(PageTables.blocks(cache))
        case .events: try options.write(PageTables.events(cache))
        case .waste: try options.write(PageTables.waste(cache, scene, asked))
        }
    }

    private func scene(_ last: Int) throws -> PageScene {
        guard fork.count <= PageScene.mostForks else {
            throw CommandError.outOfRange(
                option: "--fork", value: "\(fork.count)", takes: say("at most \(PageScene.mostForks) of them"))
        }
        if let wrong = fork.first(where: { !(0...last + 1).contains($0) }) {
            throw CommandError.outOfRange(
                option: "--fork", value: "\(wrong)",
                takes: say("a number of tokens that were read, 0 to \((last + 1).grouped)"))
        }
        return PageScene(length: last + 1, forks: fork, appended: append)
    }

    /// Until when keys are read; nil where the scenario keeps all, which no run is needed for.
    private func lifetimes(_ asked: Asked) throws -> KeyLifetimes? {
        guard let head else { return nil }
        return try asked.lens().keyLifetimes(layer: head.layer, head: head.head)
    }
}

/// The answers as tables.
private enum PageTables {
    private struct Line {
        let sequence: String
        let logical: Int
        let physical: Int
        let first: Int
        let tokens: Int
        let holders: Int
    }

    static func table(_ cache: PagedCache) -> AnswerTable {
        let size = cache.pool.blockSize
        let lines = cache.sequences.flatMap { sequence in
            sequence.table.enumerated().map { logical, block in
                Line(
                    sequence: sequence.name, logical: logical, physical: block ?? -1, first: logical * size,
                    tokens: min(size, sequence.length - logical * size),
                    holders: block.map { cache.pool.holders[$0] } ?? 0)
            }
        }
        return AnswerTable([
            .init("sequence", .words(lines.map(\.sequence))), .init("logical", .integers(lines.map(\.logical))),
            .init("physical", .integers(lines.map(\.physical))), .init("first_token", .integers(lines.map(\.first))),
            .init("tokens", .integers(lines.map(\.tokens))), .init("holders", .integers(lines.map(\.holders))),
        ])
    }

    static func blocks(_ cache: PagedCache) -> AnswerTable {
        let pool = cache.pool
        let holders = pool.holders.indices.map { block in
            cache.sequences.filter { $0.table.contains(block) }.map(\.name).joined()
        }
        return AnswerTable([
            .init("block", .integers(Array(pool.holders.indices))), .init("holders", .integers(pool.holders)),
            .init("sequences", .words(holders)),
            .init(
                "filled",
                .integers(pool.holders.indices.map { block in pool.slots[pool.slots(of: block)].count { $0 >= 0 } })),
        ])
    }

    static func events(_ cache: PagedCache) -> AnswerTable {
        let lines: [(String, String, Int, Int)] = cache.events.map {
            switch $0 {
            case .allocated(let block, let sequence, let logical): ("allocated", sequence, block, logical)
            case .copied(let from, let to, let sequence): ("copied", sequence, from, to)
            case .left(let block, let sequence): ("left", sequence, block, -1)
            case .freed(let block, let sequence): ("freed", sequence, block, -1)
            }
        }
        return AnswerTable([
            .init("event", .words(lines.map(\.0))), .init("sequence", .words(lines.map(\.1))),
            .init("block", .integers(lines.map(\.2))),
            .init("logical", .integers(lines.map { $0.0 == "allocated" ? $0.3 : -1 })),
            .init("copy", .integers(lines.map { $0.0 == "copied" ? $0.3 : -1 })),
        ])
    }

    static func waste(_ cache: PagedCache, _ scene: PageScene, _ asked: Asked) -> AnswerTable {
        let shape = asked.model.shape
        let lines = scene.comparison(cache, end: asked.document.tokenCount, window: shape.trainedWindow)
        let token = 2 * shape.layers * shape.keyValueHeads * shape.headDimension * 2
        func integers(_ value: (CacheUse) -> Int) -> AnswerTable.Column.Values {
            .integers(lines.map { value($0.use) })
        }
        return AnswerTable([
            .init("cache", .words(lines.map { $0.reservation?.rawValue ?? "paged" })),
            .init("slots", integers(\.slots)),
            .init("states", integers(\.states)), .init("stale", integers(\.stale)),
            .init("reserved", integers(\.reserved)), .init("internal", integers(\.internalWaste)),
            .init("external", integers(\.externalWaste)),
            .init("share", .numbers(lines.map { Float($0.use.share) })),
            .init("refused", .integers(lines.map(\.refused))),
            .init("bytes", integers { $0.slots * token }),
        ])
    }
}
