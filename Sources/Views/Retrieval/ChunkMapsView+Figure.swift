import RopewalkCellGrid
import RopewalkPhrases

extension ChunkMapsView {
    /// Chunks of a side of a page, at most: the last ones.
    private static let mostOfPage = 96

    /// Both maps for a page, with what is known of their agreement; nil while nothing is summed.
    package var figure: Figure? {
        guard obstacle == nil, !attention.isEmpty else { return nil }
        let shown = max(0, attention.count - Self.mostOfPage)..<attention.count
        let read = shown.flatMap { row in
            shown.map { column in
                column <= row && attention[row].indices.contains(column) ? attention[row][column] : .nan
            }
        }
        let ranks = shown.flatMap { row in shown.map { rank(row, $0).map { Float($0 + 1) } ?? .nan } }
        var reads = plot(say("What the model reads: attention by chunk, mean of all heads"), shown)
        reads.raster = FigureRaster(
            rows: shown.count, columns: shown.count, values: read,
            cells: read.map { $0.isNaN ? .nothing : .level(scale.position(of: $0)) })
        reads.bar = scale.bar(title: say("weight"))
        var found = plot(say("What is retrieved: terms and states by reciprocal rank"), shown)
        let most = retrieved.map(\.count).max() ?? 1
        found.raster = FigureRaster(
            rows: shown.count, columns: shown.count, values: ranks,
            cells: ranks.map { $0.isNaN ? .nothing : .level(Self.level(rank: Int($0) - 1, of: most)) })
        found.raster?.numbers = ranks.map { $0.isNaN ? "" : String(Int($0)) }
        found.bar = FigureBar(
            title: say("rank"),
            ticks: [FigureTick(1, "1"), FigureTick(Double(Self.level(rank: most - 1, of: most)), String(most))])
        return Figure(
            title: say("What is read and what is retrieved, chunk by chunk"), plots: [reads, found], columns: 2,
            remarks: lines.suffix(1)
                + [
                    say(
                        "Rows are chunks that read, columns chunks that are read; later and overlapping ones are left out of retrieval."
                    )
                ],
            map: look.map)
    }

    private func plot(_ title: String, _ shown: Range<Int>) -> FigurePlot {
        let words = shown.map { $0 % 4 == 0 || shown.count <= 24 ? String($0) : "" }
        let side = min(460, max(120, Double(shown.count) * 14))
        var plot = FigurePlot(
            x: .words(say("is read"), words, first: Double(shown.lowerBound)),
            y: .words(say("reads"), words, first: Double(shown.lowerBound), isDownwards: true),
            size: FigurePlot.Extent(width: side, height: side))
        plot.title = title
        return plot
    }
}
