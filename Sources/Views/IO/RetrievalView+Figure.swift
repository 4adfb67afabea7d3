import RopewalkPhrases

extension RetrievalView {
    /// Lines on a page at most.
    private static let most = 24

    /// For a page: what is read of each passage; nil where there is none.
    package func figure(title: String) -> Figure? {
        let rows = lines.prefix(Self.most).map { line in
            FigureBarRow(
                "\(line.cells.prefix(2).joined(separator: " ")) \(line.word)", Double(line.weight),
                Figures.weight(line.weight))
        }
        guard !rows.isEmpty else { return nil }
        let more = lines.count - rows.count
        return Figure(
            title: title, plots: [.bars(titles.last ?? say("weight"), rows)],
            remarks: [summary, errors].flatMap { $0.compactMap(\.first) }
                + (more > 0 ? [say("\(more.grouped) more lines are left out.")] : []), map: look.map)
    }
}
