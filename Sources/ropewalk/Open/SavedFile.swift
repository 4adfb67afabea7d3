import Foundation
import RopewalkApp
import RopewalkCellGrid
import RopewalkExport
import RopewalkPhrases
import RopewalkPictures

/// A file that the interactive program is asked to write.
enum SavedFile {
    /// - Parameter model: nil where none is read
    static func write(_ file: KeptFile, reads: [String], model: ModelOptions? = nil) throws {
        let path = (file.path as NSString).expandingTildeInPath
        try check(path, reads: reads, model: model)
        if !file.replaces, access(path, F_OK) == 0, isPlain(path) {
            let form = if case .session = file.contents { "session! \(path)" } else { "what!, as in row! \(path)," }
            throw CommandError.combination(say("\(path) is there already: write \(form) to replace it"))
        }
        let bytes = try bytes(file.contents, path: path)
        try ExportFile.write(to: path) { sink throws(ExportError) in try sink.append(bytes) }
    }

    /// No option names the file here, as those of commands do.
    private static func check(_ path: String, reads: [String], model: ModelOptions?) throws {
        do {
            if let model {
                try OutputFile.check(path, reads: reads, model: model)
            } else {
                try OutputFile.check(path, reads: reads)
            }
        } catch CommandError.overwrites(_, let file) {
            throw CommandError.combination(say("\(path) would destroy \(file), which is read here: name another file"))
        } catch CommandError.passesForPart(_, let model) {
            throw CommandError.combination(
                say("\(path) would be taken for a part of the model \(model): name another file"))
        }
    }

    private static func isPlain(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    private static func bytes(_ contents: KeptContents, path: String) throws -> [UInt8] {
        let name = URL(fileURLWithPath: path).pathExtension
        switch contents {
        case .text(let text):
            guard TableFormat(rawValue: name) == nil || name == "text" else {
                throw CommandError.combination(say("\(path): this is text and no table: end the name in .txt"))
            }
            return Array(text.utf8)
        case .screen(let grid, let ground):
            let page = GridPage(grid, ground: ground)
            switch name {
            case "svg": return Array(GridSVG(page).text.utf8)
            case "png": return try PNGPicture.bytes(VectorPicture(page), scale: FigureFile.usualScale)
            case "html": return Array(GridHTML(page).text.utf8)
            default: return try bytes(.text(PlainText.text(grid)), path: path)
            }
        case .session(let session): return Array(try SessionPaths(file: path).written(session).json().utf8)
        case .figure(let figure, let ground):
            guard let format = FigureFile.Format(rawValue: name) else {
                throw CommandError.combination(say("\(path): a figure is svg, png or html: end the name so"))
            }
            return try FigureFile.bytes(figure, ground, format, scale: FigureFile.usualScale)
        case .page(let page, let figures, let ground):
            guard name == "html" else {
                throw CommandError.combination(
                    say("\(path): the text is a page that can be pointed at: end the name in .html, or save the screen")
                )
            }
            return FigureFile.html(page, figures, ground)
        case .missing(let why): throw CommandError.combination(why)
        case .table(let columns): return AnswerTable(columns.map(column)).bytes(TableFormat(rawValue: name) ?? .text)
        }
    }

    private static func column(_ column: KeptColumn) -> AnswerTable.Column {
        switch column.values {
        case .integers(let values): AnswerTable.Column(column.name, .integers(values))
        case .numbers(let values): AnswerTable.Column(column.name, .numbers(values))
        case .words(let values): AnswerTable.Column(column.name, .words(values))
        }
    }
}
