/// Screens one after the other as a recording that asciinema plays (version 2 of its format).
package struct ScreenCast {
    private let depth: ColourDepth
    private var lines: [String]

    package init(size: Size, depth: ColourDepth, title: String) {
        self.depth = depth
        let facts = "\"version\": 2, \"width\": \(size.width), \"height\": \(size.height)"
        lines = ["{\(facts), \"title\": \(Self.quoted(title)), \"env\": {\"TERM\": \"xterm-256color\"}}"]
    }

    /// Shows a screen from so many seconds after the beginning on.
    package mutating func show(_ grid: Grid, at seconds: Double) {
        // Lines end where the screen does: one more line feed would scroll it.
        let rows = AnsiText.text(grid, depth: depth).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let text = "\u{1B}[?25l\u{1B}[2J\u{1B}[H" + rows.joined(separator: "\r\n")
        lines.append("[\(seconds), \"o\", \(Self.quoted(text))]")
    }

    /// The last screen stands until then.
    package mutating func wait(until seconds: Double) { lines.append("[\(seconds), \"o\", \"\"]") }

    package var text: String { lines.map { $0 + "\n" }.joined() }

    private static func quoted(_ text: String) -> String {
        "\""
            + text.unicodeScalars.map { scalar in
                switch scalar {
                case "\"": "\\\""
                case "\\": "\\\\"
                case "\n": "\\n"
                case "\r": "\\r"
                case "\u{0}"..."\u{1F}":
                    "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
                default: String(scalar)
                }
            }.joined() + "\""
    }
}
