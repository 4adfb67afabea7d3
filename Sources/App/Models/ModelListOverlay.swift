import RopewalkCellGrid
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// The list of models: a line each, and all about the selected one below.
struct ModelListOverlay {
    let list: ModelList
    let size: Size

    private static let widest = 110

    /// With its border.
    var rect: Rect {
        let width = min(size.width, Self.widest)
        let height = min(max(0, size.height - 2), max(1, models.count) + details(width: width - 4).count + 3)
        return Rect(x: (size.width - width) / 2, y: 1, width: width, height: height)
    }

    private var models: [ModelSummary] { list.models.value ?? [] }

    private var listRect: Rect {
        let inner = rect.inset()
        let wanted = max(inner.height - details(width: inner.width - 2).count - 1, min(3, inner.height))
        return Rect(x: inner.x, y: inner.y, width: inner.width, height: min(max(1, models.count), wanted))
    }

    private var firstRow: Int {
        let height = listRect.height
        return min(max(0, list.selected - height / 2), max(0, models.count - height))
    }

    /// The entry at a place of the screen.
    func entry(atX x: Int, y: Int) -> Int? {
        let index = firstRow + y - listRect.y
        return listRect.contains(x: x, y: y) && models.indices.contains(index) ? index : nil
    }

    func draw(on grid: inout Grid, theme: Theme) {
        let (rect, area) = (rect, listRect)
        let inner = rect.inset()
        grid.fill(rect)
        grid.box(
            rect, style: theme.focusedBorder, title: say("Models"),
            titleRight: list.models.value.map { say("\($0.count) on this machine") } ?? say("being looked for"),
            footer: say("Enter open  b beside  Esc close"), focused: true)
        for (row, model) in models.dropFirst(firstRow).prefix(area.height).enumerated() {
            draw(model, y: area.y + row, isSelected: firstRow + row == list.selected, in: area, on: &grid, theme: theme)
        }
        let room = max(0, inner.maxY - area.maxY - 1)
        if room > 0 {
            grid.write(
                String(repeating: "╌", count: inner.width), x: inner.x, y: area.maxY, style: theme.border, in: inner)
        }
        for (row, line) in details(width: inner.width - 2).prefix(room).enumerated() {
            grid.writeTruncated(
                line, x: inner.x + 1, y: area.maxY + 1 + row, width: inner.width - 2, style: theme.dim, in: inner)
        }
    }

    private func draw(
        _ model: ModelSummary, y: Int, isSelected: Bool, in area: Rect, on grid: inout Grid, theme: Theme
    ) {
        let style = isSelected ? theme.selection : model.runs ? theme.text : theme.dim
        if isSelected { grid.fill(Rect(x: area.x, y: y, width: area.width, height: 1), style: style) }
        let facts = [
            model.family, model.parameters.map { _ in model.shortParameters }, model.runs ? nil : say("does not run"),
        ].compactMap { $0 }.joined(separator: " · ")
        let end = grid.writeTruncated(
            model.name, x: area.x + 1, y: y, width: max(0, area.width * 2 / 3 - 1), style: style, in: area)
        grid.writeRight(
            facts, endX: area.maxX - 1, y: y, width: max(0, area.maxX - 3 - end), style: style, in: area)
    }

    /// The selected model: where it lies, how large it is, what it lacks.
    private func details(width: Int) -> [String] {
        guard let model = list.chosen else {
            return [
                list.models.value == nil ? say("Looking into the places of other programs.") : say("There are none.")
            ]
        }
        var facts = [model.place]
        if let window = model.window { facts.append(say("window \(window.grouped)")) }
        if model.bytes != nil { facts.append(say("\(model.megabytes) MB")) }
        let lines = [facts.joined(separator: " · "), model.path ?? "", model.problem ?? ""].filter { !$0.isEmpty }
        return lines.flatMap { Sentence.wrapped($0, width: max(1, width)) }
    }
}
