import RopewalkCellGrid
import RopewalkDocuments
import RopewalkMethods

/// How a character is drawn.
struct Stroke: Equatable {
    var style: Style
    /// The cursor does not see the token: blanks are struck.
    var isDropped = false
    /// What the blank is drawn as that the token begins with, where colours do not tell which mark it is.
    var sign: String?
    /// Something is to be seen even where the token has no ink of its own, as a line break.
    var isMarked = false
}

extension Stroke {
    /// With its sign where the token begins, without it behind.
    fileprivate func signed(_ isFirst: Bool) -> Stroke {
        guard sign != nil, !isFirst else { return self }
        var stroke = self
        stroke.sign = nil
        return stroke
    }
}

/// How every token of the text is painted.
struct TokenPaint {
    let view: TextView

    init(_ view: TextView) { self.view = view }

    /// Marks of one token; match and cursor excepted.
    func stroke(token: Int) -> Stroke {
        let theme = view.look.theme
        let hasColours = view.look.depth != .none
        if isCursor(token) { return Stroke(style: view.look.cursor, sign: hasColours ? nil : "▸", isMarked: true) }
        var stroke = painted(token)
        if view.marks.selected?.contains(token) == true {
            // Without colours a line below a word is a weight.
            stroke.style.attributes.formUnion(hasColours ? .underline : .reverse)
            stroke.isMarked = true
        }
        if view.marks.globals?.contains(token) == true {
            stroke.style.attributes.formUnion(.bold)
            stroke.isMarked = true
        }
        if token == view.marks.anchor || view.marks.keys?.contains(token) == true {
            stroke.style = stroke.isMarked && hasColours ? stroke.style : theme.anchor
            stroke.style.attributes.formUnion(hasColours ? theme.emphasis.union(.underline) : .underline)
            stroke.sign = hasColours ? nil : "◂"
            stroke.isMarked = true
        }
        return stroke
    }

    /// Across, the cursor is a token of another text.
    private func isCursor(_ token: Int) -> Bool { token == view.marks.cursor && view.direction != .across }

    private func painted(_ token: Int) -> Stroke {
        let theme = view.look.theme
        if let paint = view.paint { return painted(token, by: paint) }
        if let row = view.row, token >= row.weights.count { return Stroke(style: theme.dim) }
        if view.isHidden(token) { return Stroke(style: theme.dropped, isDropped: true) }
        guard let weights = view.row?.weights, token < weights.count else { return Stroke(style: theme.text) }
        return stroke(view.scale.position(of: weights[token]))
    }

    /// Tokens before the first number cannot have one.
    private func painted(_ token: Int, by paint: TextPaint) -> Stroke {
        guard let value = paint.value(of: token) else {
            let theme = view.look.theme
            return Stroke(style: token < paint.first && paint.painting == .column ? theme.dim : theme.text)
        }
        return stroke(paint.scale.position(of: value))
    }

    private func stroke(_ position: Float) -> Stroke {
        let level = view.look.ramp.level(of: position)
        // Tokens at the lower end stay as quiet as the page, so that the painted ones are the loudest.
        return level == 0
            ? Stroke(style: view.look.theme.text) : Stroke(style: view.look.ramp.style(level: level), isMarked: true)
    }

    /// Which of two tokens in one character is shown.
    func rank(_ token: Int) -> Float {
        if isCursor(token) { return 3 }
        if token == view.marks.anchor { return 2 }
        if let paint = view.paint { return paint.value(of: token) ?? 0 }
        guard let weights = view.row?.weights, token < weights.count else { return 0 }
        return weights[token]
    }
}

/// Follows the tokens and the matches along one row.
struct TokenBrush {
    private let paint: TokenPaint
    private let document: Document?
    private var token: Int
    private let tokenEnd: Int
    private var last: (token: Int, stroke: Stroke)?
    private let hits: ArraySlice<Range<Int>>

    init(_ paint: TokenPaint, bytes: Range<Int>) {
        self.paint = paint
        document = paint.view.page.document
        let tokens = document?.tokens(in: bytes) ?? 0..<0
        token = tokens.lowerBound
        tokenEnd = tokens.upperBound
        let all = paint.view.marks.hits
        let first = all.firstIndex { $0.upperBound > bytes.lowerBound } ?? all.endIndex
        let end = all[first...].firstIndex { $0.lowerBound >= bytes.upperBound } ?? all.endIndex
        hits = all[first..<end]
    }

    /// The stroke of a character, whose bytes follow those of the one before.
    mutating func stroke(of bytes: Range<Int>) -> Stroke {
        let stroke = tokenStroke(of: bytes)
        let isCursor = last?.token == paint.view.marks.cursor && paint.view.direction != .across
        guard !isCursor, let hit = hits.first(where: { $0.overlaps(bytes) }) else { return stroke }
        guard paint.view.marks.passages.contains(where: { $0.bytes == hit }) else {
            return Stroke(style: matched(stroke.style), isMarked: true)
        }
        // Paragraphs in reverse would drown what is read; the end stays free, so that neighbours are told apart.
        if bytes.upperBound >= hit.upperBound { return stroke }
        guard paint.view.look.depth != .none else { return Stroke(style: matched(stroke.style), isMarked: true) }
        var lit = stroke
        lit.style.attributes.formUnion(.underline)
        if lit.style.background == .standard {
            lit.style.foreground = paint.view.look.theme.text.foreground
            lit.style.attributes.formSymmetricDifference(lit.style.attributes.intersection(.dim))
        }
        lit.isMarked = true
        return lit
    }

    /// In reverse: what was the colour behind a word is that of its letters, so that its weight is still to be seen.
    private func matched(_ style: Style) -> Style {
        let match = paint.view.look.theme.match
        guard style.background != .standard else {
            // Without colours the anchor is in reverse already, and stays what it is.
            return style.attributes.contains(.reverse) ? style : match
        }
        var matched = style
        (matched.foreground, matched.background) = (style.background, style.foreground)
        if matched.background == .standard { matched.attributes.formSymmetricDifference(.reverse) }
        return matched
    }

    private mutating func tokenStroke(of bytes: Range<Int>) -> Stroke {
        guard let document else { return Stroke(style: paint.view.look.theme.text) }
        while token < tokenEnd, document.encoding.bytes(of: token).upperBound <= bytes.lowerBound { token += 1 }
        guard token < tokenEnd, document.encoding.bytes(of: token).lowerBound < bytes.upperBound else {
            last = nil
            return Stroke(style: paint.view.look.theme.dim)
        }
        // A character of several tokens shows the one that matters most.
        var shown = token
        var next = token + 1
        while next < tokenEnd, document.encoding.bytes(of: next).lowerBound < bytes.upperBound {
            if paint.rank(next) > paint.rank(shown) { shown = next }
            next += 1
        }
        let isFirst = document.encoding.bytes(of: shown).lowerBound == bytes.lowerBound
        if let last, last.token == shown { return last.stroke.signed(isFirst) }
        let stroke = paint.stroke(token: shown)
        last = (shown, stroke)
        return stroke.signed(isFirst)
    }
}
