import RopewalkCellGrid
import RopewalkEvaluation
import RopewalkPhrases

/// What several ways of reading find again of what is hidden in the text, a map each: beside each other where there is room,
/// else one below the other.
package struct NeedlesView: Sendable {
    package struct Line: Sendable {
        package let title: String
        /// As far as its places are read.
        package let map: NeedleMap
        /// What stands behind the title while it is not complete: "waiting", "38/60 read"; empty: all is read.
        package let note: String
        /// Why it cannot be read; nil where it can.
        package let problem: String?

        package init(title: String, map: NeedleMap, note: String = "", problem: String? = nil) {
            (self.title, self.map, self.note, self.problem) = (title, map, note, problem)
        }
    }

    /// A place of one of the maps.
    package struct Place: Hashable, Sendable {
        package var line: Int
        package var cell: NeedleMapView.Place

        package init(line: Int, cell: NeedleMapView.Place) { (self.line, self.cell) = (line, cell) }
    }

    let lines: [Line]
    let measure: NeedleMeasure
    let selected: Place
    /// Prompts of one place.
    let seeds: Int
    /// Why nothing can be hidden; nil where something can.
    package let obstacle: String?
    /// The text that needles are hidden in, where that is not the open one.
    package var haystack: String?
    let look: Look

    package init(
        lines: [Line], measure: NeedleMeasure, selected: Place, seeds: Int, obstacle: String? = nil,
        haystack: String? = nil, look: Look
    ) {
        self.haystack = haystack
        (self.lines, self.measure, self.selected, self.seeds) = (lines, measure, selected, seeds)
        (self.obstacle, self.look) = (obstacle, look)
    }

    /// What stands in the upper border, the longest wording first.
    package var factWordings: [String] {
        let task = lines.first?.map.task.spec ?? ""
        return [
            [say("needles"), task, measure.meaning].joined(separator: " · "), "\(task) · \(measure.meaning)", task,
        ]
    }

    /// What stands in the lower border.
    package var footer: String {
        if let haystack {
            return say("hidden in \(haystack), not in this prompt · \(seeds) \(seeds, one: "seed", many: "seeds")")
        }
        return say(
            "lengths in tokens · greedy answers, read and not written · \(seeds) \(seeds, one: "seed", many: "seeds")")
    }

    /// The maps as they stand, as many beside each other as there is room for, row by row. Those before and behind the row of the
    /// selected one that do not fit are left out, and counted.
    private func frames(in rect: Rect) -> (maps: [(line: Int, rect: Rect, view: NeedleMapView)], hidden: Int) {
        guard !lines.isEmpty, rect.width > 0, rect.height > 0 else { return ([], lines.count) }
        // Its title has to be read, and its cells have to be there.
        let needed = lines.indices.map { line in
            let heading = CellWidth.of(view(of: line).heading)
            return lines[line].problem == nil
                ? max(heading, NeedleMapView.width(lengths: lines[line].map.lengths.count)) : heading
        }
        let across = max(1, min(lines.count, (rect.width + Self.gap) / (max(1, needed.max() ?? 0) + Self.gap)))
        let width = max(1, (rect.width - (across - 1) * Self.gap) / across)
        let rows = stride(from: 0, to: lines.count, by: across).map { $0..<min(lines.count, $0 + across) }
        let heights = rows.map { $0.map { lines[$0].problem == nil ? lines[$0].map.depths.count + 3 : 2 }.max() ?? 0 }
        let own = min(max(0, selected.line), lines.count - 1) / across
        var shown = own..<own + 1
        func height(_ rows: Range<Int>) -> Int { heights[rows].reduce(rows.count - 1, +) }
        // Below the last one there is a line for how many are left out, unless all are there.
        let isWhole = height(rows.indices) <= rect.height
        let room = isWhole || rows.count == 1 ? rect.height : rect.height - 1
        // First those behind, as one reads on, then those before.
        while shown.upperBound < rows.count, height(shown.lowerBound..<shown.upperBound + 1) <= room {
            shown = shown.lowerBound..<shown.upperBound + 1
        }
        while shown.lowerBound > 0, height(shown.lowerBound - 1..<shown.upperBound) <= room {
            shown = shown.lowerBound - 1..<shown.upperBound
        }
        var frames: [(line: Int, rect: Rect, view: NeedleMapView)] = []
        var y = rect.y
        for row in shown {
            let height = min(heights[row], rect.y + max(1, room) - y)
            for (place, line) in rows[row].enumerated() {
                let x = rect.x + place * (width + Self.gap)
                frames.append((line, Rect(x: x, y: y, width: width, height: height), view(of: line)))
            }
            y += height + 1
        }
        return (frames, lines.count - frames.count)
    }

    private func view(of line: Int) -> NeedleMapView {
        let title = [lines[line].title, lines[line].note].filter { !$0.isEmpty }.joined(separator: " · ")
        return NeedleMapView(
            lines[line].map, measure: measure, title: title, selected: line == selected.line ? selected.cell : nil,
            look: look)
    }

    /// Columns between maps.
    private static let gap = 3

    package func draw(in rect: Rect, on grid: inout Grid) {
        if let obstacle { return grid.writeNotice(obstacle, in: rect, style: look.theme.dim) }
        let (maps, hidden) = frames(in: rect)
        for (line, part, view) in maps {
            if let problem = lines[line].problem {
                grid.writeTruncated(
                    view.heading, x: part.x, y: part.y, width: part.width, style: look.theme.title, in: rect)
                grid.writeTruncated(
                    problem, x: part.x, y: part.y + 1, width: part.width, style: look.theme.warning, in: rect)
            } else {
                view.draw(in: part, on: &grid)
            }
        }
        if hidden > 0, rect.height > 3 {
            grid.writeTruncated(
                say("… \(hidden) more"), x: rect.x, y: rect.maxY - 1, width: rect.width, style: look.theme.dim, in: rect
            )
        }
    }

    /// The place at one of the screen.
    package func place(x: Int, y: Int, in rect: Rect) -> Place? {
        guard obstacle == nil else { return nil }
        for (line, part, view) in frames(in: rect).maps where part.contains(x: x, y: y) && lines[line].problem == nil {
            return view.place(x: x, y: y, in: part).map { Place(line: line, cell: $0) }
        }
        return nil
    }

    /// For a page; nil while nothing is read.
    package var figure: Figure? {
        NeedleMapsFigure(lines.map { ($0.map, $0.title) }, measure: measure, seeds: seeds, look: look).figure
    }
}
