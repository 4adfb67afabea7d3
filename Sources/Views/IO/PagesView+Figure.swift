import RopewalkLens
import RopewalkPhrases

extension PagesView {
    /// Blocks of a sequence and sequences on a page at most.
    private static let mostBlocks = 64
    private static let mostSequences = 16

    /// For a page: which block of the pool each block of a sequence lies in, and how much of each kind of cache is used.
    package func figure(title: String) -> Figure {
        let plots = [table] + (comparison.isEmpty ? [] : [use])
        var figure = Figure(title: title, plots: plots, columns: 1, remarks: remarks, map: look.map)
        if table.raster?.cells.contains(.hidden) == true {
            figure.swatches.append(FigureSwatch(cell: .hidden, title: say("given up")))
        }
        return figure
    }

    /// The blocks around the cursor's.
    private var shownBlocks: Range<Int> {
        let count = cache.sequences.map(\.table.count).max() ?? 0
        return Range.around(
            min(cursor / cache.pool.blockSize, max(0, count - 1)), count: min(count, Self.mostBlocks), of: count)
    }

    private var table: FigurePlot {
        let (blocks, sequences) = (shownBlocks, Array(cache.sequences.prefix(Self.mostSequences)))
        var (values, cells, numbers) = ([Float](), [FigureRaster.Cell](), [String]())
        let last = Float(max(1, cache.pool.count - 1))
        for sequence in sequences {
            for logical in blocks {
                guard sequence.table.indices.contains(logical) else {
                    values.append(.nan)
                    cells.append(.nothing)
                    numbers.append("")
                    continue
                }
                let block = sequence.table[logical]
                values.append(block.map(Float.init) ?? .nan)
                cells.append(block.map { .level(Float($0) / last) } ?? .hidden)
                numbers.append(block.map(\.grouped) ?? "")
            }
        }
        let side = min(30, max(8, 600 / Double(max(1, blocks.count))))
        var plot = FigurePlot(
            x: .tokens(
                say("block of the text, of \(cache.pool.blockSize.grouped) tokens"), first: blocks.lowerBound,
                count: blocks.count), y: .words("", sequences.map(\.name), isDownwards: true),
            size: FigurePlot.Extent(
                width: side * Double(max(1, blocks.count)), height: 30 * Double(max(1, sequences.count))))
        plot.raster = FigureRaster(rows: sequences.count, columns: blocks.count, values: values, cells: cells)
        // Numbers of three digits have room in the largest cells alone.
        if side >= 30, cache.pool.count <= 1_000 { plot.raster?.numbers = numbers }
        plot.bar = FigureBar(
            title: say("block of the pool"),
            ticks: [0, max(0, cache.pool.count - 1)].map { FigureTick(Double($0) / Double(last), $0.grouped) })
        let here = cursor / cache.pool.blockSize
        if blocks.contains(here), !sequences.isEmpty {
            plot.marks = [.frame(x: Double(here)...Double(here + 1), y: 0...1, .bad)]
        }
        return plot
    }

    private var use: FigurePlot {
        .bars(
            say("slots that hold a token (%)"),
            comparison.map { line in
                FigureBarRow(
                    line.reservation.map(Self.name) ?? say("in blocks"), line.use.share * 100,
                    Self.parts(line).compactMap(\.first).joined(separator: " · "),
                    ink: line.reservation == nil ? .good : .warning)
            }, decimals: 0)
    }

    private var remarks: [String] {
        let (used, all) = (cache.pool.used.grouped, cache.pool.count.grouped)
        var remarks = [say("\(used) of \(all) blocks in use; \(giving).")]
        if shownBlocks.count < cache.sequences.map(\.table.count).max() ?? 0
            || cache.sequences.count > Self.mostSequences
        {
            remarks.append(say("Only the blocks around the cursor's are shown."))
        }
        return remarks
    }
}
