import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

extension PagesView {
    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        IOTabs(shown: .pages).draw(
            in: Rect(x: rect.x, y: rect.y, width: rect.width, height: 1), theme: look.theme, on: &grid)
        if rect.height >= 2 {
            let size = say("blocks of \(cache.pool.blockSize.grouped) tokens")
            let text = Sentence.fitting(
                [[size, "B \(cache.pool.blockSize.grouped)"], [giving]] + forked, width: rect.width)
            grid.write(text, x: rect.x, y: rect.y + 1, style: look.theme.dim, in: rect)
        }
        let frame = frame(in: rect)
        drawTable(in: frame.table, on: &grid)
        drawPool(in: frame.pool, on: &grid)
        drawWaste(in: frame.waste, on: &grid)
        drawEvents(in: frame.events, on: &grid)
    }

    private var forked: [[String]] {
        guard let fork else { return [] }
        return [
            [
                say("B goes on after \(fork.tokens.grouped) tokens with \(fork.written.grouped) of its own"),
                say("B: \(fork.tokens.grouped) + \(fork.written.grouped)"),
            ]
        ]
    }

    /// Blocks beside each other differ.
    private func style(of block: Int) -> Style {
        let series = look.theme.series
        return series.isEmpty ? look.theme.text : series[block % series.count]
    }

    private func drawTable(in rect: Rect, on grid: inout Grid) {
        let size = cache.pool.blockSize
        let digits = max(2, lines.map { max($0.logical, $0.block ?? 0) }.max().map { CellWidth.of($0.grouped) } ?? 2)
        for (row, line) in shownLines(rect.height).enumerated() {
            let y = rect.y + row
            let sequence = cache.sequences[line.sequence]
            let isHere = line.sequence == 0 && cursor / size == line.logical
            var x = grid.write(isHere ? "▸" : " ", x: rect.x, y: y, style: look.theme.key, in: rect)
            x = grid.write(
                "\(sequence.name) \(Figures.padded(line.logical.grouped, to: digits)) → ", x: x, y: y,
                style: look.theme.text, in: rect)
            guard let block = line.block else {
                x = grid.write(Figures.padded("–", to: digits), x: x, y: y, style: look.theme.dim, in: rect)
                grid.writeTruncated(
                    say("given up"), x: x + 4, y: y, width: rect.maxX - x - 4, style: look.theme.dropped, in: rect)
                continue
            }
            x = grid.write(
                Figures.padded(block.grouped, to: digits), x: x, y: y, style: style(of: block), in: rect)
            let holders = cache.pool.holders[block]
            x = grid.write(holders > 1 ? " ×\(holders) " : "    ", x: x, y: y, style: look.theme.warning, in: rect)
            drawWords(line, sequence, block, x: x, y: y, in: rect, on: &grid)
        }
    }

    /// The tokens of a block; those that are gone struck out, those that another sequence wrote unknown.
    private func drawWords(
        _ line: Line, _ sequence: PagedCache.Sequence, _ block: Int, x: Int, y: Int, in rect: Rect, on grid: inout Grid
    ) {
        let first = line.logical * cache.pool.blockSize
        var x = x
        for token in first..<min(sequence.length, first + cache.pool.blockSize) where x < rect.maxX {
            let isOwn = line.sequence > 0 && token >= (fork?.tokens ?? 0)
            let isGone = sequence.isGone(token)
            let text = isOwn ? "□" : name(token)
            let style = isGone ? look.theme.dropped : isOwn ? look.theme.warning : style(of: block)
            x = grid.writeTruncated(text, x: x, y: y, width: rect.maxX - x, style: style, in: rect) + (isOwn ? 0 : 1)
        }
        let free = first + cache.pool.blockSize - sequence.length
        if free > 0, x < rect.maxX {
            grid.writeTruncated(
                String(repeating: "_", count: min(free, rect.maxX - x)), x: x, y: y, width: rect.maxX - x,
                style: look.theme.dim, in: rect)
        }
    }

    /// A cell a block, or several where there are more: how many hold it.
    private func drawPool(in rect: Rect, on grid: inout Grid) {
        guard rect.height >= 2, rect.width >= 8, cache.pool.count > 0 else { return }
        let area = rect.width * (rect.height - 1)
        let per = (cache.pool.count + area - 1) / area
        let title = [
            [per == 1 ? say("pool, a sign a block") : say("pool, a sign \(per.grouped) blocks")],
            [say("· free, 1 2 holders")],
        ]
        grid.write(
            Sentence.fitting(title, width: rect.width), x: rect.x, y: rect.y, style: look.theme.dim, in: rect)
        let here = currentBlock
        for start in stride(from: 0, to: cache.pool.count, by: per) {
            let blocks = start..<min(cache.pool.count, start + per)
            let most = blocks.map { cache.pool.holders[$0] }.max() ?? 0
            let used = blocks.count { cache.pool.holders[$0] > 0 }
            let text = used == 0 ? "·" : used < blocks.count ? "▒" : most > 9 ? "+" : "\(most)"
            let isHere = here.map(blocks.contains) ?? false
            let style =
                isHere ? look.cursor : used == 0 ? look.theme.dim : most > 1 ? look.theme.warning : style(of: start)
            let cell = start / per
            grid.write(
                text, x: rect.x + cell % rect.width, y: rect.y + 1 + cell / rect.width, style: style, in: rect)
        }
    }

    /// The physical block of the cursor's token.
    private var currentBlock: Int? {
        let table = cache.sequences.first?.table ?? []
        let logical = cursor / cache.pool.blockSize
        return table.indices.contains(logical) ? table[logical] : nil
    }

    /// This cache and those that keep every sequence in one piece of as much memory.
    private func drawWaste(in rect: Rect, on grid: inout Grid) {
        let label = min(18, rect.width * 2 / 5)
        let width = min(16, max(4, rect.width / 8))
        for (row, line) in comparison.prefix(rect.height).enumerated() {
            let y = rect.y + row
            let name = line.reservation.map(Self.name) ?? say("in blocks")
            grid.writeTruncated(name, x: rect.x, y: y, width: label, style: look.theme.text, in: rect)
            grid.write(
                Bar.line(line.use.share, width: width), x: rect.x + label + 1, y: y,
                style: line.reservation == nil ? look.theme.good : look.theme.warning, in: rect)
            let x = rect.x + label + width + 2
            grid.write(
                Sentence.fitting(Self.parts(line), width: rect.maxX - x), x: x, y: y, style: look.theme.text, in: rect)
        }
    }

    static func name(_ reservation: Reservation) -> String {
        switch reservation {
        case .window: say("one piece: window")
        case .powerOfTwo: say("one piece: 2ⁿ")
        case .oracle: say("one piece: exact")
        }
    }

    static func parts(_ line: ComparedCache) -> [[String]] {
        let use = line.use
        func part(_ count: Int, _ text: String) -> [[String]] { count > 0 ? [[text]] : [] }
        return [[Figures.fixed(use.share * 100, 0) + " %"]]
            + part(line.refused, say("\(line.refused.grouped) find no place"))
            + part(use.reserved, say("for later \(use.reserved.grouped)"))
            + part(use.internalWaste, say("inside \(use.internalWaste.grouped)"))
            + part(use.externalWaste, say("between \(use.externalWaste.grouped)"))
            + part(use.stale, say("gone \(use.stale.grouped)"))
    }

    /// What happened last that is not just a new block.
    private func drawEvents(in rect: Rect, on grid: inout Grid) {
        let told = cache.events.filter { if case .allocated = $0 { false } else { true } }
        let lines = (told.isEmpty ? cache.events : told).suffix(rect.height).map(sentence)
        for (row, line) in lines.enumerated() {
            grid.writeTruncated(
                line, x: rect.x, y: rect.y + row, width: rect.width, style: look.theme.text, in: rect)
        }
    }

    private func sentence(_ event: PagedCache.Event) -> String {
        switch event {
        case .allocated(let block, let sequence, let logical):
            say("\(sequence) takes block \(block.grouped) for its block \(logical.grouped)")
        case .copied(let from, let to, let sequence):
            say(
                "copy on write: \(sequence) writes to block \(from.grouped), which is shared, and takes a copy, \(to.grouped)"
            )
        case .left(let block, let sequence):
            say("\(sequence) gives up block \(block.grouped), which others hold")
        case .freed(let block, let sequence): say("\(sequence) gives up block \(block.grouped): it is free")
        }
    }
}
