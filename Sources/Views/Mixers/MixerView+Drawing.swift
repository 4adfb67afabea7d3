import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

extension MixerView {
    private static let smallestMap = 3

    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        guard let kind else {
            return grid.writeNotice(
                say("This layer has attention and no state in its place: { and } choose another layer."), in: rect,
                style: look.theme.dim)
        }
        var y = rect.y
        for line in top(kind, width: rect.width) where y < rect.maxY {
            grid.write(line.text, x: rect.x, y: y, style: line.style, in: rect)
            y += 1
        }
        let room = rect.maxY - y - 2
        if room >= Self.smallestMap {
            let height = max(Self.smallestMap, min(room, room > 14 ? room * 2 / 3 : room - min(3, room / 3)))
            drawMaps(in: Rect(x: rect.x, y: y, width: rect.width, height: height + 2), on: &grid)
            y += height + 2
        }
        drawKeys(in: Rect(x: rect.x, y: y, width: rect.width, height: max(0, rect.maxY - y)), on: &grid)
    }

    // MARK: What is said of it

    private func top(_ kind: Kind, width: Int) -> [(text: String, style: Style)] {
        let name = kind.name(of: unit)
        let title = Sentence.fitting(
            [
                ["\(kind.title), L\(layer)"],
                [say("\(name) (h l: another, or the mean)"), name],
            ], width: width)
        var lines = [(title, look.theme.title)]
        if let size { lines.append((sizeLine(size, width: width), look.theme.text)) }
        if let fading { lines.append((fadingLine(fading, width: width), look.theme.text)) }
        return lines
    }

    private func sizeLine(_ size: MixerStateSize, width: Int) -> String {
        let (state, cache, tokens) = (size.numbers.grouped, size.cached.grouped, size.tokens.grouped)
        let keys =
            size.hasAttention
            ? say("keys and values of a layer with attention over \(tokens) tokens: \(cache)")
            : say("keys and values as wide as the stream over \(tokens) tokens: \(cache)")
        return Sentence.fitting(
            [
                [say("state of the layer: \(state) numbers at any length"), say("state \(state) numbers")],
                [keys, say("cache \(cache)")],
                [say("smaller from token \(size.breakEven.grouped) on")],
            ], width: width)
    }

    private func fadingLine(_ fading: MixerFading, width: Int) -> String {
        func tokens(_ value: Float?) -> String {
            guard let value else { return "—" }
            return value.isFinite && value < 1e6 ? Figures.fixed(Double(value), 1) : "∞"
        }
        let (low, median, high) = (
            tokens(fading.quantile(0.05)), tokens(fading.quantile(0.5)), tokens(fading.quantile(0.95))
        )
        let here = tokens(fading.halfLives.indices.contains(cursor) ? fading.halfLives[cursor] : nil)
        return Sentence.fitting(
            [
                [
                    say("half is forgotten after \(median) tokens (5 % \(low), 95 % \(high))"),
                    say("half-life \(median) (\(low)–\(high))"),
                ], [say("at the cursor's pace \(here)"), say("here \(here)")],
            ], width: width)
    }

    // MARK: Maps

    private func title(_ matrix: MixerMatrix) -> String {
        switch matrix {
        case .map: kind?.hasShares == true ? say("α, shares") : say("α: + above 0, − below")
        case .shares: say("|α|, shares of rows")
        case .fading: say("L: what is left")
        case .products: say("Δ·C·B: how it fits")
        }
    }

    private func drawMaps(in rect: Rect, on grid: inout Grid) {
        guard !windows.isEmpty else {
            grid.writeTruncated(
                say("being worked out"), x: rect.x, y: rect.y, width: rect.width, style: look.theme.dim, in: rect)
            return
        }
        // What a small panel has no room for is the last of the list.
        let count = min(windows.count, max(1, rect.width / 18))
        let width = (rect.width - 2 * (count - 1)) / count
        for (index, window) in windows.prefix(count).enumerated() {
            let x = rect.x + index * (width + 2)
            grid.writeTruncated(
                title(window.request.matrix), x: x, y: rect.y, width: width, style: look.theme.dim, in: rect)
            let tile = Rect(x: x + 1, y: rect.y + 2, width: max(0, width - 1), height: max(0, rect.height - 2))
            draw(window, in: tile, on: &grid)
            mark(window.request, tile: tile, in: rect, on: &grid)
        }
    }

    private func draw(_ window: MixerWindow, in tile: Rect, on grid: inout Grid) {
        let request = window.request
        let isSigned = request.matrix == .products || request.matrix == .map && kind?.hasShares != true
        guard !isSigned else {
            return SignTile(
                rows: request.rows, columns: request.columns, values: window.values, scale: window.values, look: look
            ).draw(in: tile, on: &grid)
        }
        let image = MapImage(
            request: MapRequest(
                layer: request.layer, head: 0, firstQuery: request.firstQuery, firstKey: request.firstKey,
                cell: request.cell, rows: request.rows, columns: request.columns, pooling: .mean),
            values: window.values, provenance: window.provenance)
        Thumbnail(image, look: look).draw(in: tile, on: &grid)
    }

    /// The row of the cursor, and the column of the anchor.
    private func mark(_ request: MixerRequest, tile: Rect, in rect: Rect, on grid: inout Grid) {
        guard tile.width > 0, tile.height > 0, request.cell > 0 else { return }
        let style = look.theme.key
        let row = (cursor - request.firstQuery) / request.cell
        if cursor >= request.firstQuery, row < request.rows {
            grid.write("▸", x: tile.x - 1, y: tile.y + row * tile.height / request.rows, style: style, in: rect)
        }
        guard let anchor, anchor >= request.firstKey else { return }
        let column = (anchor - request.firstKey) / request.cell
        if column < request.columns {
            grid.write("▾", x: tile.x + column * tile.width / request.columns, y: tile.y - 1, style: style, in: rect)
        }
    }

    // MARK: Keys

    private func drawKeys(in rect: Rect, on grid: inout Grid) {
        guard rect.height >= 2 else { return }
        guard let row else {
            if unit == nil {
                grid.writeTruncated(
                    say("the keys of a row are those of one channel or head: l"), x: rect.x, y: rect.y,
                    width: rect.width, style: look.theme.dim, in: rect)
            }
            return
        }
        let title = Sentence.fitting(
            [
                [say("most of the cursor's row: α, share, what is left"), say("α, share, left")],
                [say("sum \(Figures.signed(Double(row.sum), 3))")],
                row.through == 0 ? [] : [say("past the state D \(Figures.signed(Double(row.through), 3))")],
            ].filter { !$0.isEmpty }, width: rect.width)
        grid.write(title, x: rect.x, y: rect.y, style: look.theme.dim, in: rect)
        for (index, key) in row.keys.prefix(rect.height - 1).enumerated() {
            let y = rect.y + 1 + index
            let left = key.left.map { Figures.weight($0) } ?? "—"
            let text =
                "\(Figures.padded(key.token.grouped, to: 9)) \(Figures.padded(Figures.signed(Double(key.weight), 4), to: 9)) "
                + "\(Figures.padded(Figures.weight(key.share), to: 8)) \(Figures.padded(left, to: 8))  "
            let isAnchor = key.token == anchor
            let x = grid.write(
                text, x: rect.x, y: y, style: isAnchor ? look.theme.key : look.theme.text, in: rect)
            grid.writeTruncated(
                name(key.token), x: x, y: y, width: max(0, rect.maxX - x), style: look.theme.title, in: rect)
        }
    }
}
