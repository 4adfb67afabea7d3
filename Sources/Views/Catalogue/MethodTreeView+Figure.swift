import RopewalkMethods
import RopewalkPhrases

extension MethodTreeView {
    /// For a page: a row for every method, by lines of the literature, with a dot at the year of its paper.
    package var figure: Figure? {
        guard let years = tree.years else { return nil }
        let lines = lines
        let names = lines.map { line in
            switch line {
            case .branch: ""
            case .leaf(let leaf, _): leaf.name
            }
        }
        let last = Double(years.upperBound)
        var x = FigureAxis(
            say("year of the paper"), Double(years.lowerBound) - 0.5...last + 4.5,
            ticks: years.map { FigureTick(Double($0), String($0)) })
        x.hasGrid = true
        let extent = FigurePlot.Extent(
            width: 30 * Double(years.count) + 150, height: 14 * Double(max(1, lines.count)))
        var plot = FigurePlot(x: x, y: .words("", names, isDownwards: true), size: extent)
        plot.marks = lines.enumerated().flatMap { marks(of: $1, row: Double($0) + 0.5, from: years) }
        return Figure(
            title: say("The catalogue of methods"), plots: [plot],
            remarks: [say("A dot at the year of the paper; methods without a paper have none.")])
    }

    private func marks(of line: Line, row: Double, from years: ClosedRange<Int>) -> [FigureMark] {
        switch line {
        case .branch(let kind, _):
            let text = kind.title.said + ": " + kind.meaning.said
            return [.word(FigureMark.Point(Double(years.lowerBound) - 0.4, row), text, .text, endsThere: false)]
        case .leaf(let leaf, _):
            guard let year = leaf.year else {
                return [
                    .word(
                        FigureMark.Point(Double(years.lowerBound) - 0.4, row), leaf.title.said, .dim, endsThere: false)
                ]
            }
            let point = FigureMark.Point(Double(year), row)
            let ink: FigureInk = chosen.contains(leaf.name) ? .good : .text
            return [.dot(point, ink), .word(point, leaf.title.said, ink, endsThere: false)]
        }
    }
}
