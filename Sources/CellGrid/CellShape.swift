/// Characters that are drawn as shapes in pictures: in a font, neighbouring ones leave gaps.
enum CellShape: Equatable {
    /// A part of the cell, from the left and from the top, in eighths of it.
    case block(x: ClosedRange<Int>, y: ClosedRange<Int>)
    /// The whole cell, so opaque (0 to 1).
    case shade(Double)
    /// Lines from the middle to these sides.
    case lines(up: Bool, right: Bool, down: Bool, left: Bool)

    init?(_ character: String) {
        guard character.unicodeScalars.count == 1, let scalar = character.unicodeScalars.first else { return nil }
        switch scalar {
        case "\u{2581}"..."\u{2588}": self = .block(x: 0...8, y: 8 - (Int(scalar.value) - 0x2580)...8)
        case "\u{2589}"..."\u{258F}": self = .block(x: 0...(0x2590 - Int(scalar.value)), y: 0...8)
        case "▀": self = .block(x: 0...8, y: 0...4)
        case "▐": self = .block(x: 4...8, y: 0...8)
        case "▔": self = .block(x: 0...8, y: 0...1)
        case "▕": self = .block(x: 7...8, y: 0...8)
        case "░": self = .shade(0.25)
        case "▒": self = .shade(0.5)
        case "▓": self = .shade(0.75)
        default:
            guard let sides = Self.sides[scalar] else { return nil }
            self = .lines(
                up: sides.contains("u"), right: sides.contains("r"), down: sides.contains("d"),
                left: sides.contains("l"))
        }
    }

    private static let sides: [Unicode.Scalar: String] = [
        "─": "lr", "│": "ud", "╭": "rd", "╮": "ld", "╰": "ur", "╯": "ul", "┌": "rd", "┐": "ld", "└": "ur", "┘": "ul",
        "├": "urd", "┤": "uld", "┬": "lrd", "┴": "lru", "┼": "lrud",
    ]
}
