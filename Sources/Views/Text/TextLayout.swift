import RopewalkCellGrid
import RopewalkDocuments

/// Wraps a text into rows of some width, only around the place that is asked about.
///
/// Rows tile the text: each begins where the one before ends. Where the panel is narrower than the lines of a text that
/// was wrapped by hand, those lines are joined to paragraphs first; a joined line break counts as a blank. Without wrapping a
/// row is a line of the text, however long.
package struct TextLayout: Sendable {
    /// One row of the screen.
    package struct Row: Equatable, Hashable, Sendable {
        /// The line break or the blank that ends the row included.
        package let bytes: Range<Int>
    }

    package let text: SourceText
    package let width: Int
    package let wraps: Bool
    let paragraphs: Paragraphs

    /// Wrapped by hand to less than this is left as it is.
    private static let widestJoined = 76

    package init(text: SourceText, width: Int, wraps: Bool = true) {
        self.text = text
        self.width = max(2, width)
        self.wraps = wraps
        paragraphs = Paragraphs(text: text, joinsLines: wraps && width < Self.widestJoined)
    }

    /// The row that holds a byte; the last row for bytes past the end.
    package func row(containing byte: Int) -> Row {
        guard !text.isEmpty else { return Row(bytes: 0..<0) }
        let wanted = max(0, min(byte, text.bytes.count - 1))
        var row = wrapped(from: paragraphs.start(containing: wanted))
        while row.bytes.upperBound <= wanted { row = wrapped(from: row.bytes.upperBound) }
        return row
    }

    /// Nil at the end of the text.
    package func row(after row: Row) -> Row? {
        row.bytes.upperBound < text.bytes.count ? wrapped(from: row.bytes.upperBound) : nil
    }

    /// Nil at the start of the text.
    package func row(before row: Row) -> Row? {
        row.bytes.lowerBound > 0 ? self.row(containing: row.bytes.lowerBound - 1) : nil
    }

    /// At most `count` rows, the first of which holds `byte`; none where the text is empty.
    package func rows(from byte: Int, count: Int) -> [Row] {
        guard count > 0, !text.isEmpty else { return [] }
        var rows = [row(containing: byte)]
        rows.reserveCapacity(min(count, 512))
        while rows.count < count, let next = row(after: rows[rows.count - 1]) { rows.append(next) }
        return rows
    }

    /// The first byte of the character at a column of a row; the row's last character for columns after its end.
    package func byte(atColumn column: Int, in row: Row) -> Int {
        text.bytes.withUnsafeBufferPointer { bytes in
            var clusters = TextClusters(bytes, row.bytes, paragraphs: paragraphs)
            var found = row.bytes.lowerBound
            while let cluster = clusters.next() {
                if cluster.column > column { break }
                if cluster.width > 0 || cluster.isBreak { found = cluster.bytes.lowerBound }
            }
            return found
        }
    }

    /// The column of the character that a byte belongs to; the row's width for bytes after it.
    package func column(ofByte byte: Int, in row: Row) -> Int {
        text.bytes.withUnsafeBufferPointer { bytes in
            var clusters = TextClusters(bytes, row.bytes, paragraphs: paragraphs)
            while let cluster = clusters.next() {
                if cluster.bytes.upperBound > byte { return cluster.column }
            }
            return clusters.column
        }
    }

    /// The row that begins at `start`, which is the start of a row.
    private func wrapped(from start: Int) -> Row {
        let end = paragraphs.end(after: start)
        return Row(bytes: start..<(wraps ? wrapEnd(from: start, to: end) : end))
    }

    private func wrapEnd(from start: Int, to end: Int) -> Int {
        text.bytes.withUnsafeBufferPointer { bytes in
            var clusters = TextClusters(bytes, start..<end, paragraphs: paragraphs)
            var opportunity = start
            var mayBreak = false
            var wasOpening = false
            while let cluster = clusters.next() {
                if mayBreak || cluster.mayBreakBefore && !wasOpening, !cluster.isClosing {
                    opportunity = cluster.bytes.lowerBound
                }
                if cluster.isBreak { return cluster.bytes.upperBound }
                if clusters.column > width {
                    // One blank after a full row is part of it, as the blank between two words that no eye misses.
                    if cluster.isBlank { return cluster.bytes.upperBound }
                    if opportunity > start { return opportunity }
                    return cluster.bytes.lowerBound > start ? cluster.bytes.lowerBound : cluster.bytes.upperBound
                }
                mayBreak = cluster.mayBreakAfter && !cluster.isOpening
                wasOpening = cluster.isOpening
            }
            return end
        }
    }
}
