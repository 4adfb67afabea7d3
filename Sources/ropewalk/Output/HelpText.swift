import RopewalkCellGrid
import RopewalkPhrases
import RopewalkViews

/// What the parser writes as help, with its own headings in the language that is spoken.
struct HelpText {
    private let text: String

    init(_ text: String) { self.text = text }

    /// Where explanations begin, as the parser sets them.
    private static let column = 26
    private static let width = 80

    private static let headings = ["OVERVIEW:", "USAGE:", "ARGUMENTS:", "OPTIONS:", "SUBCOMMANDS:"]
    private static let sentences = ["Show the version.", "Show help information."]

    var said: String {
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            lines += Language.current == .english ? [line] : Self.wrapped(Self.translated(line))
        }
        return lines.joined(separator: "\n")
    }

    private static func translated(_ line: String) -> String {
        for heading in headings where line.hasPrefix(heading) { return heading.said + line.dropFirst(heading.count) }
        for sentence in sentences where line.hasSuffix("  " + sentence) {
            return line.dropLast(sentence.count) + sentence.said
        }
        return line
    }

    /// In Chinese the parser finds no blanks to break a line at.
    private static func wrapped(_ line: String) -> [String] {
        guard CellWidth.of(line) > width else { return [line] }
        let blanks = line.prefix { $0 == " " }.count
        // The column after the names of an option, where they leave two blanks before it.
        let isOption = blanks == 2 && line.count > column && line.prefix(column).hasSuffix("  ")
        let start = blanks > 2 ? blanks : isOption ? column : blanks
        let lead = isOption ? String(line.prefix(column)) : String(repeating: " ", count: start)
        let rest = isOption ? String(line.dropFirst(column)) : String(line.dropFirst(blanks))
        return Sentence.broken(rest, width: width - start).enumerated().map {
            ($0 == 0 ? lead : String(repeating: " ", count: start)) + $1
        }
    }
}
