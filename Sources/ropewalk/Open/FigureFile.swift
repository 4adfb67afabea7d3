import RopewalkCellGrid
import RopewalkPictures
import RopewalkViews

/// A figure as a file, with the program that made it in its caption.
enum FigureFile {
    static func svg(_ figure: Figure, _ ground: Ground) -> String { FigureSVG(signed(figure), ground: ground).text }

    private static func signed(_ figure: Figure) -> Figure {
        var figure = figure
        figure.facts.append("ropewalk \(Ropewalk.version)")
        return figure
    }
}
