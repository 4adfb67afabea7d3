import RopewalkLens
import RopewalkPhrases

extension SplitsView {
    /// Parts on a page at most.
    private static let most = 40

    /// For a page: the share of every part of the keys, with the numbers of its softmax.
    package func figure(title: String) -> Figure {
        var rows = split.parts.prefix(Self.most).map { part in
            FigureBarRow(
                "\(part.keys.lowerBound.grouped)–\((part.keys.upperBound - 1).grouped)", Double(part.share),
                "\(Figures.weight(part.share)) · m \(IOFigures.number(part.state.highest)) · l "
                    + IOFigures.number(part.state.sum))
        }
        let rest = split.parts.dropFirst(Self.most)
        if !rest.isEmpty {
            let share = rest.reduce(0) { $0 + $1.share }
            rows.append(
                FigureBarRow(
                    say("\(rest.count.grouped) other parts"), Double(share), Figures.weight(share), ink: .dim))
        }
        return Figure(
            title: title, plots: [.bars(say("share of the whole softmax"), rows)], remarks: ending, map: look.map)
    }
}
