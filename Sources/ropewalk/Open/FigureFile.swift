import RopewalkCellGrid
import RopewalkPictures
import RopewalkViews

/// A figure as a file, with the program that made it in its caption.
enum FigureFile {
    enum Format: String { case svg, png, html }

    /// Dots a CSS pixel of a PNG, where nothing else is said: fit for a printed column.
    static let usualScale = 2.0

    static func bytes(_ figure: Figure, _ ground: Ground, _ format: Format, scale: Double) throws -> [UInt8] {
        let picture = picture(figure, ground)
        switch format {
        case .svg: return Array(picture.text.utf8)
        case .png: return try PNGPicture.bytes(VectorPicture(picture), scale: scale)
        case .html: return Array(FigureHTML([picture], title: picture.name, ground: ground).text.utf8)
        }
    }

    /// Several figures on one page.
    static func page(_ figures: [Figure], _ ground: Ground) -> [UInt8] {
        let pictures = figures.map { picture($0, ground) }
        return Array(FigureHTML(pictures, title: pictures.first?.name ?? "", ground: ground).text.utf8)
    }

    static func html(_ page: TextPage, _ figures: [Figure], _ ground: Ground) -> [UInt8] {
        var signed = page
        signed.facts.append(program)
        return Array(TextPageHTML(signed, figures: figures.map { picture($0, ground) }, ground: ground).text.utf8)
    }

    private static var program: String { "ropewalk \(Ropewalk.version)" }

    private static func picture(_ figure: Figure, _ ground: Ground) -> FigureSVG {
        var signed = figure
        signed.facts.append(program)
        return FigureSVG(signed, ground: ground)
    }
}
