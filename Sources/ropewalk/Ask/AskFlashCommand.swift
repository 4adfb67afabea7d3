import ArgumentParser
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// `ropewalk ask flash TEXT --at Q --head L.H`: how FlashAttention comes to the same numbers.
struct AskFlashCommand: ParsableCommand {
    enum Part: String, CaseIterable, ExpressibleByArgument {
        case row, tiles, traffic, splits
    }

    static let configuration = CommandConfiguration(
        commandName: "flash",
        abstract: say("FlashAttention: tiles in their order, the running softmax of a row, numbers moved."),
        discussion: say(
            """
            --show row: a line a tile that the query goes through. tile_highest: its highest score; m, l, o: maximum, sum and \
            |output| so far; factor: exp(m before − m after), which l and o were multiplied by; added: what the tile adds to l; \
            result: |o / l|. Then the learned sink of the head (where it has one), and what the plain softmax gives.
            --show tiles: a line a tile that the mask leaves, in the order of --order: 1 has keys outside and queries inside, 2 the \
            other way round; moved: numbers that went between slow and fast memory until it was done.
            --show traffic: numbers that the standard way and both orders move, by formula (no tile skipped) and counted (what the \
            mask empties is skipped), bytes of what was counted, and how many times fewer than the standard way.
            --show splits: the keys split into parts that are worked on at once (Flash-Decoding), and joined by their log-sum-exp.
            Tiles are as the paper has them, ⌈M / 4d⌉ keys and at most d queries, unless --tile-queries or --tile-keys say otherwise.
            """))

    @OptionGroup var cache: AskCacheOptions
    @OptionGroup var tiles: TileOptions

    @Option(
        help: ArgumentHelp(say("Layer and head, such as 3.7."), valueName: "layer.head"), transform: AskedHead.parse)
    var head: AskedHead

    @Option(help: ArgumentHelp(say("row, tiles, traffic or splits."), valueName: "part"))
    var show: Part = .row

    @Option(
        help: ArgumentHelp(say("Into how many parts the keys are split."), valueName: "n"),
        transform: WholeNumber.parser(1...65_536))
    var splits: Int = 4

    @OptionGroup var language: LanguageOption

    func run() throws {
        let (asked, query) = try cache.open(head)
        let lens = try asked.lens()
        if let why = lens.signsObstacle(layer: head.layer) { throw CommandError.combination(why) }
        let sizes = tiles.sizes(dimension: asked.model.shape.headDimension)
        switch show {
        case .row:
            guard let row = lens.tileRow(layer: head.layer, head: head.head, query: query, sizes: sizes) else { return }
            try cache.write(FlashTables.row(row))
        case .splits:
            guard let split = lens.splitDecoding(layer: head.layer, head: head.head, query: query, splits: splits)
            else { return }
            try cache.write(FlashTables.splits(split))
        case .tiles:
            let grid = try lens.tileGrid(layer: head.layer, head: head.head, sizes: sizes)
            try cache.write(FlashTables.tiles(walk(grid, tiles.order, asked)))
        case .traffic:
            let grid = try lens.tileGrid(layer: head.layer, head: head.head, sizes: sizes)
            let walks = FlashVersion.allCases.map { walk(grid, $0, asked) }
            try cache.write(FlashTables.traffic(walks, numberBytes: tiles.numberBytes, fastMemory: tiles.fastMemory))
        }
    }

    private func walk(_ grid: TileGrid, _ order: FlashVersion, _ asked: Asked) -> TileWalk {
        TileWalk(grid, version: order, dimension: asked.model.shape.headDimension)
    }
}

/// How large tiles are, and in which order they come.
struct TileOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(say("M: numbers that the fast memory holds."), valueName: "numbers"),
        transform: WholeNumber.parser(TileSizes.fastMemoryRange))
    var fastMemory: Int = TileSizes.usualFastMemory

    @Option(
        help: ArgumentHelp(say("Br: queries of a tile. Default: as the paper has it."), valueName: "n"),
        transform: WholeNumber.parser(1...TextOptions.tokenLimit))
    var tileQueries: Int?

    @Option(
        help: ArgumentHelp(say("Bc: keys of a tile. Default: as the paper has it."), valueName: "n"),
        transform: WholeNumber.parser(1...TextOptions.tokenLimit))
    var tileKeys: Int?

    @Option(help: ArgumentHelp(say("1: keys outside; 2: queries outside."), valueName: "version"))
    var order: FlashVersion = .second

    @Option(
        help: ArgumentHelp(say("Bytes of a number."), valueName: "bytes"), transform: WholeNumber.parser(1...8))
    var numberBytes: Int = 4

    func sizes(dimension: Int) -> TileSizes {
        let usual = TileSizes(fastMemory: fastMemory, dimension: dimension)
        return TileSizes(rows: tileQueries ?? usual.rows, columns: tileKeys ?? usual.columns)
    }
}

extension FlashVersion: ExpressibleByArgument {}

/// The answers as tables.
private enum FlashTables {
    private static func length(_ vector: [Float]) -> Float { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    static func row(_ row: TileRow) -> AnswerTable {
        let steps = row.steps + (row.sink.map { [$0] } ?? [])
        let names = row.steps.map { _ in "tile" } + (row.sink == nil ? [] : ["learned_sink"]) + ["plain_softmax"]
        func integers(_ value: (TileRow.Step) -> Int) -> AnswerTable.Column.Values {
            .integers(steps.map(value) + [-1])
        }
        func numbers(_ value: (TileRow.Step) -> Float, _ plain: Float = .nan) -> AnswerTable.Column.Values {
            .numbers(steps.map(value) + [plain])
        }
        return AnswerTable([
            .init("row", .words(names)), .init("tile", integers(\.column)),
            .init("first_key", integers(\.keys.lowerBound)), .init("keys", integers(\.keys.count)),
            .init("seen", integers(\.seen)), .init("tile_highest", numbers(\.change.highest)),
            .init("m", numbers(\.state.highest)), .init("factor", numbers(\.change.factor)),
            .init("added", numbers(\.change.added)), .init("l", numbers(\.state.sum)),
            .init("o", numbers { length($0.state.output) }),
            .init("result", numbers({ length($0.state.result) }, length(row.plain))),
            .init("log_sum_exp", numbers(\.state.logSumExp, row.plainLogSumExp)),
        ])
    }

    static func tiles(_ walk: TileWalk) -> AnswerTable {
        let (tiles, grid) = (walk.tiles, walk.grid)
        let queries = tiles.map { grid.sizes.queries(ofRow: $0.row, of: grid.queries) }
        let keys = tiles.map { grid.sizes.keys(ofColumn: $0.column, of: grid.keys) }
        return AnswerTable([
            .init("step", .integers(Array(tiles.indices))), .init("row", .integers(tiles.map(\.row))),
            .init("column", .integers(tiles.map(\.column))),
            .init("first_query", .integers(queries.map(\.lowerBound))),
            .init("queries", .integers(queries.map(\.count))),
            .init("first_key", .integers(keys.map(\.lowerBound))), .init("keys", .integers(keys.map(\.count))),
            .init(
                "kind",
                .words(tiles.map { grid.kind(row: $0.row, column: $0.column) == .full ? "full" : "partial" })),
            .init("moved", .integers(walk.moved)),
        ])
    }

    /// - Parameter walks: of both orders
    static func traffic(_ walks: [TileWalk], numberBytes: Int, fastMemory: Int) -> AnswerTable {
        guard let grid = walks.first?.grid, let d = walks.first?.dimension else { return AnswerTable([]) }
        let formula = TileTraffic(queries: grid.queries, keys: grid.keys, dimension: d)
        let counted = [formula.standard] + walks.map(\.traffic.total)
        let lines = counted.indices
        return AnswerTable([
            .init("way", .words(["standard"] + walks.map { "flash_\($0.version.rawValue)" })),
            .init("formula", .integers([formula.standard] + walks.map { formula.flash($0.version, grid.sizes) })),
            .init("counted", .integers(counted)),
            .init("bytes", .integers(counted.map { $0.multipliedReportingOverflow(by: numberBytes).partialValue })),
            .init("fewer", .numbers(counted.map { Float(Double(formula.standard) / Double(max(1, $0))) })),
            .init("tile_queries", .integers(lines.map { _ in grid.sizes.rows })),
            .init("tile_keys", .integers(lines.map { _ in grid.sizes.columns })),
            .init("tiles", .integers(lines.map { _ in grid.count })),
            .init("full", .integers(lines.map { _ in grid.full })),
            .init("partial", .integers(lines.map { _ in grid.partial })),
            .init("skipped", .integers(lines.map { _ in grid.skipped })),
            .init("n2d2_over_m", .numbers(lines.map { _ in Float(formula.growth(fastMemory: fastMemory)) })),
        ])
    }

    static func splits(_ split: SplitDecoding) -> AnswerTable {
        let parts = split.parts
        let states = parts.map(\.state) + [split.merged]
        func numbers(_ value: (OnlineSoftmax) -> Float, _ plain: Float = .nan) -> AnswerTable.Column.Values {
            .numbers(states.map(value) + [plain])
        }
        return AnswerTable([
            .init("row", .words(parts.map { _ in "part" } + ["joined", "plain_softmax"])),
            .init("first_key", .integers(parts.map(\.keys.lowerBound) + [0, 0])),
            .init(
                "keys",
                .integers(parts.map(\.keys.count) + Array(repeating: parts.reduce(0) { $0 + $1.keys.count }, count: 2))),
            .init(
                "seen",
                .integers(parts.map(\.seen) + Array(repeating: parts.reduce(0) { $0 + $1.seen }, count: 2))),
            .init("m", numbers(\.highest)), .init("l", numbers(\.sum)),
            .init("log_sum_exp", numbers(\.logSumExp, split.plainLogSumExp)),
            .init("share", .numbers(parts.map(\.share) + [1, 1])),
            .init("result", numbers({ length($0.result) }, length(split.plain))),
        ])
    }
}
