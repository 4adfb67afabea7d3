import RopewalkCellGrid
import RopewalkPhrases

/// Figures on one page (HTML) that needs no network.
package struct FigureHTML {
    private let figures: [FigureSVG]
    private let title: String
    private let style: FigureStyle

    package init(_ figures: [FigureSVG], title: String, ground: Ground) {
        (self.figures, self.title, style) = (figures, title, FigureStyle(ground))
    }

    package var text: String {
        """
        <!DOCTYPE html>
        <html lang="\(Language.current.rawValue)">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>\(GridPage.escaped(Printable.text(title)))</title>
        <style>
        body { margin: 1.5em; background: \(style.paper); color: \(style.ink); }
        figure { margin: 0 0 2em; }
        svg { max-width: 100%; height: auto; }
        </style>
        </head>
        <body>
        \(figures.map { "<figure>\n\($0.text)</figure>\n" }.joined())</body>
        </html>

        """
    }
}
