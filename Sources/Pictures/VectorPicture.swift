import RopewalkCellGrid
import RopewalkViews

/// A picture as SVG with the size that it has: what a PNG is made of.
package struct VectorPicture: Sendable {
    package let text: String
    /// CSS pixels.
    package let width: Double
    package let height: Double

    package init(_ figure: FigureSVG) { (text, width, height) = (figure.text, figure.width, figure.height) }

    package init(_ page: GridPage) {
        let svg = GridSVG(page)
        (text, width, height) = (svg.text, Double(svg.size.width), Double(svg.size.height))
    }
}
