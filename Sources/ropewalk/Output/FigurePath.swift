import RopewalkExport
import RopewalkPhrases
import RopewalkViews

/// A file of figures whose name says what it is.
enum FigurePath {
    static func format(_ path: String, option: String) throws(CommandError) -> FigureFile.Format {
        let ending = path.split(separator: "/").last?.split(separator: ".").dropFirst().last.map(String.init)
        guard let format = ending.flatMap({ FigureFile.Format(rawValue: $0) }) else {
            throw .outOfRange(option: option, value: path, takes: say("a name that ends with .svg, .png or .html"))
        }
        return format
    }

    /// An HTML page has all figures, each of several pictures a number behind its name.
    static func write(_ figures: [Figure], to path: String) throws {
        let format = try format(path, option: "--figure")
        guard !figures.isEmpty else {
            throw CommandError.combination(say("--figure \(path): there is nothing to draw"))
        }
        if format == .html { return try write(FigureFile.page(figures, .light), to: path) }
        for (index, figure) in figures.enumerated() {
            let name = index == 0 ? path : "\(path.dropLast(format.rawValue.count + 1))-\(index + 1).\(format.rawValue)"
            try write(FigureFile.bytes(figure, .light, format, scale: FigureFile.usualScale), to: name)
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(ExportError) {
        try ExportFile.write(to: path) { sink throws(ExportError) in try sink.append(bytes) }
    }
}
