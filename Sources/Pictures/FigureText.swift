import RopewalkCellGrid

/// How long words are on a page, near enough to leave room for them: no font is asked, because pages are made where none is.
enum FigureText {
    /// Wide letters of every common font of the list have room.
    static let fonts =
        "'DejaVu Sans',Verdana,'WenQuanYi Micro Hei','Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif"

    /// In the unit of the size.
    static func width(_ text: String, size: Double) -> Double {
        text.unicodeScalars.reduce(0) { $0 + ems($1) } * size
    }

    private static func ems(_ scalar: Unicode.Scalar) -> Double {
        switch scalar {
        case "i", "j", "l", "'", "|", "I", ".", ",", ":", ";", "!", " ", "·": 0.34
        case "t", "f", "r", "(", ")", "[", "]", "/", "-", "“", "”", "\"": 0.44
        case "m", "w", "W", "M", "%", "@", "+", "−", "=", "<", ">", "≤", "≥", "×", "÷", "—": 0.92
        case "A"..."Z": 0.74
        case "\u{20}"..."\u{7E}": 0.64
        default: CellWidth.of(String(scalar)) == 2 ? 1 : CellWidth.of(String(scalar)) == 0 ? 0 : 0.7
        }
    }

    /// Lines that are no wider than that: broken at blanks, behind the commas of a spec, and between characters where a word
    /// is longer or is Chinese.
    static func wrapped(_ text: String, size: Double, width: Double) -> [String] {
        var lines: [String] = []
        var line = ""
        for part in parts(text) {
            let next = line + part
            if self.width(trimmed(next), size: size) <= width || line.isEmpty {
                line = next
            } else {
                lines.append(trimmed(line))
                line = trimmed(part)
            }
        }
        return trimmed(line).isEmpty ? lines : lines + [trimmed(line)]
    }

    /// The beginning that has room, with "…" where that is not all.
    static func cut(_ text: String, size: Double, width: Double) -> String {
        guard self.width(text, size: size) > width else { return text }
        var kept = ""
        for character in text {
            if self.width(kept + String(character) + "…", size: size) > width { break }
            kept.append(character)
        }
        return kept + "…"
    }

    /// What is not broken: words with the blanks before them, wide characters, and pieces of what is too long for any line.
    private static func parts(_ text: String) -> [String] {
        var parts: [String] = []
        for character in text {
            let isWide = CellWidth.of(character) == 2
            if let last = parts.last?.last, character != " ", !isWide, CellWidth.of(last) != 2,
                !(character.isLetter && ",;/".contains(last)), (parts.last?.count ?? 0) < longest
            {
                parts[parts.count - 1].append(character)
            } else if let last = parts.last, last.allSatisfy({ $0 == " " }) {
                parts[parts.count - 1].append(character)
            } else {
                parts.append(String(character))
            }
        }
        return parts
    }

    /// Characters of a word that are never parted.
    private static let longest = 40

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
