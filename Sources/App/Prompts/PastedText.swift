import RopewalkCellGrid
import RopewalkDocuments
import RopewalkPhrases
import RopewalkViews

/// A text that was pasted and may be read.
package struct PastedText: Equatable, Sendable {
    let text: SourceText

    package static func == (a: PastedText, b: PastedText) -> Bool { a.text.bytes == b.text.bytes }
}

/// Asks whether a pasted text shall be read: how large it is, and how it begins.
struct PastedTextBox {
    let text: SourceText
    /// Of the text that is read now; empty where there is none.
    let present: String
    let size: Size

    private static let widest = 78
    /// Bytes of the beginning that is shown.
    private static let shown = 400

    private var lines: [String] {
        let count = text.lineCount == 1 ? say("1 line") : say("\(text.lineCount.grouped) lines")
        let question =
            say("\(text.bytes.count.grouped) bytes in \(count) were pasted, and run as no keys. Read them as a text")
            + (present.isEmpty ? "?" : say(", in place of \(present)?"))
        return Sentence.wrapped(question, width: max(1, width - 4)) + [""]
    }

    private var beginning: String {
        text.string(0..<Self.shown).split(whereSeparator: \.isNewline).prefix(1).joined()
    }

    private var width: Int { min(size.width, Self.widest) }

    /// With its border.
    var rect: Rect {
        let height = min(max(0, size.height - 2), lines.count + 3)
        return Rect(x: (size.width - width) / 2, y: 1 + (size.height - 2 - height) / 2, width: width, height: height)
    }

    func draw(on grid: inout Grid, theme: Theme) {
        let inner = rect.inset()
        grid.fill(rect)
        grid.box(rect, style: theme.focusedBorder, title: say("Pasted"), footer: say("y read  n leave"), focused: true)
        for (row, line) in (lines + [beginning]).prefix(inner.height).enumerated() {
            grid.writeTruncated(
                line, x: inner.x + 1, y: inner.y + row, width: inner.width - 2,
                style: row < lines.count ? theme.text : theme.dim, in: inner)
        }
    }
}
