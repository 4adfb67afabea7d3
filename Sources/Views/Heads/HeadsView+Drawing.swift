import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

extension HeadsView {
    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        guard layers > 0, heads > 0, !scores.isEmpty || !thumbnails.isEmpty else {
            let text = say("The heads are measured while the model reads: the first scores come with the first tokens.")
            return grid.writeNotice(text, in: rect, style: look.theme.dim)
        }
        guard rect.width > HeadsFrame.labelWidth + 1, rect.height >= 2 else { return }
        let frame = HeadsFrame.standing(
            in: rect, layers: layers, heads: heads, selected: selected, isFlat: isFlat)
        drawLabels(frame, on: &grid)
        let shades = HeadShades(order)
        for layer in frame.layers {
            for head in frame.heads { drawTile(Place(layer: layer, head: head), frame, shades, on: &grid) }
        }
        drawDetails(in: frame.details, on: &grid)
        drawList(in: frame.list, on: &grid)
    }

    /// What stands in the upper border: what is sorted by, the part of many heads, how small maps are scaled; each the
    /// longest wording first.
    package func facts(in rect: Rect) -> [[String]] {
        let frame = HeadsFrame.standing(
            in: rect, layers: layers, heads: heads, selected: selected, isFlat: isFlat)
        let measure = numbers?.title ?? place?.title ?? HeadScore.measures[sort].said
        return [[say("\(sortKey): by \(measure)")]] + part(frame) + scaling(frame)
    }

    /// Which layers and heads are on the screen, where those are not all.
    private func part(_ frame: HeadsFrame) -> [[String]] {
        func words(_ name: String, _ shown: Range<Int>, _ count: Int) -> [[String]] {
            guard shown.count < count else { return [] }
            let range = "\(shown.lowerBound)–\(shown.upperBound - 1)"
            return [
                [say("\("\(name)s".said) \(range) of \(count)"), "\(name.prefix(1).uppercased())\(range) of \(count)"]
            ]
        }
        return words("layer", frame.layers, layers) + words("head", frame.heads, heads)
    }

    /// Where tiles are too small for maps, their colours are the measure.
    private func scaling(_ frame: HeadsFrame) -> [[String]] {
        guard !isFlat, frame.isMap, let request = thumbnails.first?.request else { return [] }
        let scale = [say("maps: \(request.pooling.rawValue.said), log by row"), say("maps: log by row")]
        guard Thumbnail.leavesOut(leftOut, request) else { return [scale] }
        let name = leftOut == 1 ? say("token") : say("\(leftOut) tokens")
        let short = leftOut == 1 ? say("not token 0") : say("not tokens 0–\(leftOut - 1)")
        return [
            scale.map { say("\($0), without the first \(name)") }
                + (scale + [say("log by row")]).map { "\($0), \(short)" } + [
                    short
                ]
        ]
    }

    /// What stands in the lower border: the clearest head of each circuit.
    package var footer: String {
        guard measuresCircuits else { return "" }
        guard !circuits.isEmpty else { return say("circuits are measured on repeated random tokens") }
        let found = HeadScore.Circuit.allCases.compactMap { circuit in
            holders(of: circuit).first.map { "\(circuit.rawValue.said) L\($0.place.layer) H\($0.place.head)" }
        }
        return found.isEmpty ? say("no textbook circuits found") : found.joined(separator: " · ")
    }

    /// The heads by the chosen measure.
    var order: Order { Order(scores: scores, sort: sort, place: place, numbers: numbers) }

    private func drawLabels(_ frame: HeadsFrame, on grid: inout Grid) {
        let area = frame.grid
        let step = frame.tileWidth + frame.gap
        // A label of three cells and a blank, as often as there is room.
        let every = max(1, (4 + step - 1) / step)
        for head in frame.heads where (head - frame.heads.lowerBound) % every == 0 {
            guard let tile = frame.tile(Place(layer: frame.layers.lowerBound, head: head)) else { continue }
            let name = "H\(head)"
            if tile.x + CellWidth.of(name) <= area.maxX {
                grid.write(name, x: tile.x, y: area.y, style: look.theme.dim, in: area)
            }
        }
        for layer in frame.layers {
            guard let tile = frame.tile(Place(layer: layer, head: frame.heads.lowerBound)) else { continue }
            grid.write("L\(layer)", x: area.x, y: tile.y, style: look.theme.dim, in: area)
        }
        let signs = (layers > frame.layers.count ? "↕" : "") + (heads > frame.heads.count ? "↔" : "")
        grid.write(signs, x: area.x, y: area.y, style: look.theme.warning, in: area)
    }

    private func drawTile(_ place: Place, _ frame: HeadsFrame, _ shades: HeadShades, on grid: inout Grid) {
        guard let tile = frame.tile(place) else { return }
        let index = place.layer * heads + place.head
        if unrecorded.contains(index) {
            drawUnrecorded(in: tile, on: &grid)
        } else if frame.isMap, !isFlat, thumbnails.indices.contains(index) {
            Thumbnail(thumbnails[index], look: look, leavingOutFirst: leftOut).draw(in: tile, on: &grid)
        } else {
            let cell = look.ramp.cell(level: look.ramp.level(of: shades.share(of: index)))
            for x in tile.x..<tile.maxX { for y in tile.y..<tile.maxY { grid.put(cell, x: x, y: y) } }
        }
        if place == selected || place == shown { markTile(tile, isSelected: place == selected, on: &grid) }
    }

    /// Words where there is room for them, else the sign of what is not known.
    private func drawUnrecorded(in tile: Rect, on grid: inout Grid) {
        let words = say("not recorded")
        let lines = Sentence.wrapped(words, width: tile.width)
        let fits = lines.count <= tile.height && !lines.contains { CellWidth.of($0) > tile.width }
        for (row, line) in (fits ? lines : ["—"]).enumerated() {
            grid.write(line, x: tile.x, y: tile.y + row, style: look.theme.dim, in: tile)
        }
    }

    /// Brackets in the gaps beside a tile, a sign on it where there is no gap.
    private func markTile(_ tile: Rect, isSelected: Bool, on grid: inout Grid) {
        let style = isSelected ? look.cursor : look.theme.key
        let x = tile.maxX
        if tile.width >= 2 {
            for y in tile.y..<tile.maxY {
                if grid[tile.x - 1, y].text == " " { grid.write("[", x: tile.x - 1, y: y, style: style) }
                grid.write("]", x: x, y: y, style: style)
            }
        } else {
            grid.put(Cell(text: isSelected ? "◆" : "◇", style: style), x: tile.x, y: tile.y)
        }
    }

    private func drawDetails(in area: Rect, on grid: inout Grid) {
        let index = selected.layer * heads + selected.head
        guard area.height > 0, scores.indices.contains(index) else { return }
        let score = scores[index]
        var x = grid.write(
            "L\(selected.layer) H\(selected.head)", x: area.x, y: area.y, style: look.theme.title, in: area)
        if let circuit = circuits.indices.contains(index) ? circuits[index].circuit : score.circuit {
            let source = circuits.indices.contains(index) ? say("on repeated random tokens") : say("on this text")
            x = grid.write(
                say(" \(circuit.rawValue.said) head") + (area.width >= 50 && area.height > 2 ? " (\(source))" : ""),
                x: x,
                y: area.y,
                style: look.theme.good, in: area)
        }
        let parts =
            unrecorded.contains(index)
            ? [say("not recorded")] : numberParts(index) + placeParts(index) + Self.parts(score)
        var y = area.y
        x += 2
        for (offset, part) in parts.enumerated() {
            if x + part.count > area.maxX {
                y += 1
                x = area.x
            }
            guard y < area.maxY else { break }
            let isSorted = isFlat ? offset == (place?.sortsByValue == true ? 1 : 0) : offset == sort
            let style = isSorted ? look.theme.title : look.theme.text
            x = grid.write(part, x: x, y: y, style: style, in: area) + 2
        }
    }

    /// The number that all are sorted by.
    private func numberParts(_ index: Int) -> [String] {
        guard let numbers, numbers.values.indices.contains(index), numbers.values[index].isFinite else { return [] }
        return ["\(numbers.title) \(numbers.text(numbers.values[index]))"]
    }

    /// What the head gives the place that all are sorted by.
    private func placeParts(_ index: Int) -> [String] {
        guard let place else { return [] }
        func text(_ values: [Float]) -> String? {
            values.indices.contains(index) && values[index].isFinite ? Figures.weight(values[index]) : nil
        }
        return [text(place.weights).map { say("weight \($0)") }, text(place.byValue).map { say("by value \($0)") }]
            .compactMap { $0 }
    }

    /// The measures of a head, each with the unit or the words that explain it.
    private static func parts(_ score: HeadScore) -> [String] {
        [
            say("entropy \(Figures.fixed(Double(score.entropy), 1)) bits"),
            say("distance \(Figures.fixed(Double(score.meanDistance), 0)) tokens"),
            say("sink \(share(score.sink))"), say("previous \(share(score.previousToken))"),
            say("induction \(share(score.induction))"), say("retrieval \(share(score.retrieval))"),
        ] + places(score.sinks)
    }

    /// Where the sinks are: "sinks at 0, 37"; empty without any.
    private static func places(_ sinks: [HeadScore.Sink]) -> [String] {
        guard !sinks.isEmpty else { return [] }
        let shown = sinks.prefix(3).map { $0.key.grouped }.joined(separator: ", ")
        let places = shown + (sinks.count > 3 ? " …" : "")
        return [sinks.count == 1 ? say("sink at \(places)") : say("sinks at \(places)")]
    }

    private static func share(_ value: Float) -> String { Figures.fixed(Double(value), 2) }

    private func drawList(in area: Rect, on grid: inout Grid) {
        let below = isFlat ? area.y : drawCircuits(in: area, on: &grid)
        drawRanking(in: Rect(x: area.x, y: below, width: area.width, height: area.maxY - below), on: &grid)
    }

    private func drawRanking(in area: Rect, on grid: inout Grid) {
        guard area.height >= 2 else { return }
        let title =
            numbers?.meaning ?? place?.meaning
            ?? "\(HeadScore.measures[sort].said): \(Self.meanings[sort].said)\(toCome)"
        let wrapped = Sentence.wrapped(title, width: area.width)
        var lines = Array(wrapped.prefix(max(1, area.height / 3)))
        if let last = lines.last, wrapped.count > lines.count {
            lines[lines.count - 1] = CellWidth.truncated("\(last) \(wrapped[lines.count])", to: area.width)
        }
        for (index, line) in lines.enumerated() {
            grid.write(line, x: area.x, y: area.y + index, style: look.theme.dim, in: area)
        }
        let first = area.y + lines.count
        let width = 22
        let columns = max(1, area.width / width)
        let rows = area.maxY - first
        guard rows > 0 else { return }
        let order = order
        let ranks = order.ranks
        // About a place, the selected one is on the page that is shown: the list is walked.
        let rank = !isFlat ? 0 : ranks.firstIndex(of: selected.layer * heads + selected.head) ?? 0
        // The last place says how many are left out.
        let places = rows * columns
        let room = ranks.count > places && places > 1 ? places - 1 : places
        let shown = ranks.dropFirst(rank / room * room).prefix(room)
        if room < places {
            grid.write(
                say("… \(ranks.count - shown.count) more"), x: area.x + (columns - 1) * width, y: area.maxY - 1,
                style: look.theme.dim, in: area)
        }
        for (rank, index) in shown.enumerated() {
            let x = area.x + rank / rows * width
            let cell = Rect(x: x, y: first + rank % rows, width: min(width - 1, area.maxX - x), height: 1)
            drawRank(index, of: order, in: cell, on: &grid)
        }
    }

    /// How many heads are not measured yet.
    private var toCome: String {
        let missing = layers * heads - scores.count
        return missing > 0 ? say(" (\(Figures.count(missing, "head")) to come)") : ""
    }

    private func drawRank(_ index: Int, of order: Order, in cell: Rect, on grid: inout Grid) {
        let value = order.values[index]
        let head = Place(layer: index / max(1, heads), head: index % max(1, heads))
        let name = "L\(head.layer) H\(head.head)"
        let number =
            numbers?.text(value)
            ?? (place != nil ? Figures.weight(value) : Figures.fixed(Double(value), sort == 1 ? 0 : 2))
        let style = head == selected ? look.theme.selection : look.theme.text
        grid.write(name, x: cell.x, y: cell.y, style: style, in: cell)
        let figure = Figures.padded(number, to: 14 - CellWidth.of(name))
        grid.write(figure, x: cell.x + CellWidth.of(name), y: cell.y, style: style, in: cell)
        let share = order.highest > 0 && value.isFinite ? max(0, Double(value / order.highest)) : 0
        grid.write(Bar.line(share, width: 6), x: cell.x + 15, y: cell.y, style: look.theme.good, in: cell)
    }

    /// What each measure says, in the order of `HeadScore.measures`.
    private static let meanings = [
        "how spread out the weights are, in bits", "tokens between query and key, by weight",
        "weight on sinks: keys that are the strongest of 1 in 20 queries", "weight on the token before",
        "weight on what followed this token last time",
        "top key holds the next token, above chance",
    ]
}

/// The values of the order between the lowest and the highest head.
private struct HeadShades {
    private let values: [Float]
    private let low: Float
    private let span: Float

    init(_ order: HeadsView.Order) {
        values = order.values
        let known = values.filter(\.isFinite)
        // A weight is seen as what it is: nothing is dark.
        low = order.isFromZero ? 0 : known.min() ?? 0
        span = (known.max() ?? 0) - low
    }

    /// 0 to 1; 0 for heads without a score.
    func share(of index: Int) -> Float {
        guard values.indices.contains(index), span > 0, values[index].isFinite else { return 0 }
        return (values[index] - low) / span
    }
}
