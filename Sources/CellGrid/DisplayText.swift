/// What a terminal shows for a character: glyphs of one base with its marks.
///
/// Terminals disagree on clusters of several spacing scalars (flags, joined emoji, Indic conjuncts). Every glyph here has
/// one spacing scalar, on whose width all agree, so that no terminal loses count of its columns.
package enum DisplayText {
    /// A base with its marks, and the cells it occupies: 0 (marks without a base), 1 or 2.
    package struct Glyph: Equatable, Sendable {
        package var text: String
        package var width: Int
    }

    /// More marks than this on one base are not shown; a cell of a curses screen holds no more.
    package static let mostMarks = 4

    /// The glyphs of a text in order.
    package static func glyphs(_ text: String) -> [Glyph] {
        var glyphs: [Glyph] = []
        for character in text { forEachCell(of: character) { glyphs.append($0) } }
        return glyphs
    }

    static func forEachCell(of character: Character, _ body: (Glyph) -> Void) {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return }
        if first.value < 0x7F, first.value >= 0x20, scalars.index(after: scalars.startIndex) == scalars.endIndex {
            return body(Glyph(text: String(character), width: 1))
        }
        if character == "\r\n" { return body(Glyph(text: "\u{2424}", width: 1)) }
        var glyphs = GlyphBuilder()
        for scalar in scalars { glyphs.take(scalar) }
        glyphs.finish()
        for glyph in glyphs.done { body(glyph) }
    }
}

/// Cuts the scalars of one cluster into glyphs.
private struct GlyphBuilder {
    var done: [DisplayText.Glyph] = []
    private var base = String.UnicodeScalarView()
    private var width = 0
    private var marks = 0
    private var isJoined = false
    private var isPictograph = false

    mutating func take(_ scalar: Unicode.Scalar) {
        let isFirst = base.isEmpty && done.isEmpty
        if !isFirst, let kind = Joiner(scalar) {
            isJoined = kind == .joiner && isPictograph
            return
        }
        if let substitute = Printable.substitute(for: scalar) { return start(substitute, width: 1) }
        let cells = CellWidth.of(scalar)
        if cells == 0 {
            guard marks < DisplayText.mostMarks else { return }
            marks += 1
            base.append(scalar)
            return
        }
        // A joined pictograph (a family, a profession) is shown by its first part.
        if isJoined { return }
        start(scalar, width: cells)
        isPictograph = scalar.properties.isEmoji && cells == 2
    }

    mutating func finish() {
        if !base.isEmpty { done.append(DisplayText.Glyph(text: String(base), width: width)) }
        base = String.UnicodeScalarView()
        marks = 0
    }

    private mutating func start(_ scalar: Unicode.Scalar, width cells: Int) {
        finish()
        base.append(scalar)
        width = cells
    }
}

/// Scalars that only say how their neighbours are drawn; inside a cluster they take no cell.
private enum Joiner {
    case joiner, selector

    init?(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x200D: self = .joiner
        case 0x200C, 0xFE00...0xFE0F, 0xE0020...0xE007F, 0xE0100...0xE01EF, 0x1F3FB...0x1F3FF: self = .selector
        default: return nil
        }
    }
}
