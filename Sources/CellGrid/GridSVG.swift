/// A page as a vector picture (SVG) that needs no other file; blocks and frames are shapes, the rest is text.
package struct GridSVG {
    private let page: GridPage
    /// Of a cell, in CSS pixels.
    private static let (width, height) = (9, 20)
    /// With the usual font a character is as wide as a cell.
    private static let fontSize = "14.95"
    private static let fonts =
        "'DejaVu Sans Mono','WenQuanYi Micro Hei Mono','Noto Sans Mono CJK SC',Menlo,Consolas,monospace"

    package init(_ page: GridPage) { self.page = page }

    /// CSS pixels.
    package var size: Size {
        Size(width: page.size.width * Self.width, height: page.size.height * Self.height)
    }

    package var text: String {
        let (width, height) = (size.width, size.height)
        let ground = GridPage.hex(page.ground.paper)
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" \
            font-family="\(Self.fonts)" font-size="\(Self.fontSize)">
            <title>\(GridPage.escaped(page.title))</title>
            <rect width="\(width)" height="\(height)" fill="\(ground)"/>
            <g shape-rendering="crispEdges">
            \(lines { grounds($0, row: $1) })</g>
            \(lines { glyphs($0, row: $1) })</svg>

            """
    }

    private func lines(_ draw: (GridPage.Run, Int) -> String) -> String {
        page.rows.enumerated().map { row, runs in runs.map { draw($0, row) }.joined() }.joined()
    }

    private func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ fill: String) -> String {
        "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" "
            + "height=\"\(Self.number(height))\" fill=\(fill)/>\n"
    }

    /// Without digits that say nothing.
    private static func number(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }

    /// The colours behind the characters, and the blocks, which must not be smoothed against each other.
    private func grounds(_ run: GridPage.Run, row: Int) -> String {
        let (x, y) = (Double(run.column * Self.width), Double(row * Self.height))
        let whole = run.look.ground.map {
            rectangle(x, y, Double(run.columns.count * Self.width), Double(Self.height), "\"\($0)\"")
        }
        return (whole ?? "") + segments(run).map { blocks($0, run, x, y) }.joined()
    }

    private func blocks(_ segment: Segment, _ run: GridPage.Run, _ x: Double, _ y: Double) -> String {
        let left = x + Double(segment.first * Self.width)
        let width = Double(segment.characters.count * Self.width)
        switch segment.shape {
        case .block(let across, let down):
            let (unit, ink) = (Double(Self.height) / 8, "\"\(run.look.ink)\"")
            let (top, height) = (y + Double(down.lowerBound) * unit, Double(down.count - 1) * unit)
            guard across != 0...8 else { return rectangle(left, top, width, height, ink) }
            return segment.characters.indices.map { place in
                rectangle(
                    left + Double(place * Self.width) + Double(across.lowerBound * Self.width) / 8, top,
                    Double((across.count - 1) * Self.width) / 8, height, ink)
            }.joined()
        case .shade(let opacity):
            return rectangle(left, y, width, Double(Self.height), "\"\(run.look.ink)\" fill-opacity=\"\(opacity)\"")
        case .lines, nil: return ""
        }
    }

    private func glyphs(_ run: GridPage.Run, row: Int) -> String {
        segments(run).map { segment in
            switch segment.shape {
            case .lines(let up, let right, let down, let left):
                segment.characters.indices.map { place in
                    path(up, right, down, left, column: run.column + segment.first + place, row: row, run.look.ink)
                }.joined()
            case .block, .shade: ""
            case nil: words(segment, run, row: row)
            }
        }.joined()
    }

    private func path(
        _ up: Bool, _ right: Bool, _ down: Bool, _ left: Bool, column: Int, row: Int, _ ink: String
    ) -> String {
        let (x, y) = (Double(column * Self.width) + Double(Self.width) / 2, row * Self.height + Self.height / 2)
        let half = (Double(Self.width) / 2, Self.height / 2)
        let arms = [
            up ? "v-\(half.1)" : nil, right ? "h\(half.0)" : nil, down ? "v\(half.1)" : nil, left ? "h-\(half.0)" : nil,
        ]
        return "<path d=\"" + arms.compactMap { $0 }.map { "M\(x) \(y)\($0)" }.joined()
            + "\" stroke=\"\(ink)\" fill=\"none\"/>\n"
    }

    /// Fonts differ in width: the text is brought to the width of its cells. What other fonts may have to give stands by
    /// itself, so that it moves nothing where that is not done.
    private func words(_ segment: Segment, _ run: GridPage.Run, row: Int) -> String {
        var text = ""
        var start = 0
        while start < segment.characters.count {
            var end = start + 1
            if Self.isPlain(segment.characters[start]) {
                while end < segment.characters.count, Self.isPlain(segment.characters[end]) { end += 1 }
            }
            text += word(
                segment.characters[start..<end], column: run.column + (segment.first + start) * run.width, run, row)
            start = end
        }
        return text
    }

    private static func isPlain(_ character: String) -> Bool { character.utf8.allSatisfy { $0 < 0x7F } }

    private func word(_ characters: ArraySlice<String>, column: Int, _ run: GridPage.Run, _ row: Int) -> String {
        guard characters.contains(where: { $0 != " " }) else { return "" }
        let y = row * Self.height + Self.height * 3 / 4
        let look =
            (run.look.isBold ? " font-weight=\"bold\"" : "")
            + (run.look.isUnderlined ? " text-decoration=\"underline\"" : "")
        return "<text x=\"\(column * Self.width)\" y=\"\(y)\" "
            + "textLength=\"\(characters.count * run.width * Self.width)\" "
            + "lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\" fill=\"\(run.look.ink)\"\(look)>"
            + "\(GridPage.escaped(characters.joined()))</text>\n"
    }

    /// Neighbouring characters of a run with one shape, or none.
    private struct Segment {
        let shape: CellShape?
        /// Of the run's characters.
        let first: Int
        var characters: [String]
    }

    private func segments(_ run: GridPage.Run) -> [Segment] {
        var segments: [Segment] = []
        for (place, character) in run.characters.enumerated() {
            let shape = CellShape(character)
            if let last = segments.last, last.shape == shape {
                segments[segments.count - 1].characters.append(character)
            } else {
                segments.append(Segment(shape: shape, first: place, characters: [character]))
            }
        }
        return segments
    }
}
