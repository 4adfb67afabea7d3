import RopewalkCellGrid
import RopewalkEvaluation
import RopewalkPhrases

/// What several ways of reading find again of what is hidden in the text, a map each, one below the other.
package struct NeedlesView: Sendable {
    package struct Line: Sendable {
        package let title: String
        /// As far as its places are read.
        package let map: NeedleMap
        /// What stands behind the title while it is not complete: "waiting", "63 %"; empty: all is read.
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
        return say("greedy answers, read and not written · \(seeds) \(seeds, one: "seed", many: "seeds")")
    }

    /// The maps as they stand, those before the selected one left out where there is no room.
    private func frames(in rect: Rect) -> [(line: Int, rect: Rect, view: NeedleMapView)] {
        var frames: [(line: Int, rect: Rect, view: NeedleMapView)] = []
        let heights = lines.map { ($0.problem == nil ? $0.map.depths.count + 3 : 2) + 1 }
        var first = min(selected.line, max(0, lines.count - 1))
        // As many before it as fit with all that comes behind.
        while first > 0, heights[(first - 1)...].reduce(0, +) <= rect.height + 1 { first -= 1 }
        var y = rect.y
        for line in lines.indices.dropFirst(first) where y < rect.maxY {
            let height = min(heights[line] - 1, rect.maxY - y)
            let isSelected = line == selected.line
            let title = [lines[line].title, lines[line].note].filter { !$0.isEmpty }.joined(separator: " · ")
            let view = NeedleMapView(
                lines[line].map, measure: measure, title: title, selected: isSelected ? selected.cell : nil, look: look)
            frames.append((line, Rect(x: rect.x, y: y, width: rect.width, height: height), view))
            y += height + 1
        }
        return frames
    }

    package func draw(in rect: Rect, on grid: inout Grid) {
        if let obstacle { return grid.writeNotice(obstacle, in: rect, style: look.theme.dim) }
        for (line, part, view) in frames(in: rect) {
            if let problem = lines[line].problem {
                grid.writeTruncated(
                    view.heading, x: part.x, y: part.y, width: part.width, style: look.theme.title, in: rect)
                grid.writeTruncated(
                    problem, x: part.x, y: part.y + 1, width: part.width, style: look.theme.warning, in: rect)
            } else {
                view.draw(in: part, on: &grid)
            }
        }
    }

    /// The place at one of the screen.
    package func place(x: Int, y: Int, in rect: Rect) -> Place? {
        guard obstacle == nil else { return nil }
        for (line, part, view) in frames(in: rect) where part.contains(x: x, y: y) && lines[line].problem == nil {
            return view.place(x: x, y: y, in: part).map { Place(line: line, cell: $0) }
        }
        return nil
    }

    /// For a page; nil while nothing is read.
    package var figure: Figure? {
        NeedleMapsFigure(lines.map { ($0.map, $0.title) }, measure: measure, seeds: seeds, look: look).figure
    }
}
