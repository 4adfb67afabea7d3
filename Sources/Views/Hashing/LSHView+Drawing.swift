import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

extension LSHView {
    /// Rounds whose buckets are shown, at most.
    private static let shownRounds = 4
    /// Columns and rows of the small map where there is room beside the rounds.
    private static let mapSide = (columns: 32, rows: 16)

    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        guard method != nil else {
            return grid.writeNotice(
                say("Nothing is hashed in this layer: m, then lsh."), in: rect, style: look.theme.dim)
        }
        guard let reading else {
            grid.writeTruncated(
                say("being worked out"), x: rect.x, y: rect.y, width: rect.width, style: look.theme.dim, in: rect)
            return
        }
        let parts = Self.parts(reading, height: rect.height)
        var y = rect.y
        y = write(top(reading, width: rect.width), look.theme.title, at: y, in: rect, on: &grid)
        y = drawStrips(reading, rounds: parts.strips, at: y, in: rect, on: &grid)
        y = drawRibbons(reading, rounds: parts.ribbons, at: y, in: rect, on: &grid)
        let rest = Rect(x: rect.x, y: y, width: rect.width, height: max(0, rect.maxY - y))
        let side = drawMap(in: rest, on: &grid)
        drawTables(reading, in: Rect(x: rest.x, y: y, width: rest.width - side, height: rest.height), on: &grid)
    }

    /// Rounds that are shown as strips and as ribbons: numbers have their part first.
    private static func parts(_ reading: LSHReading, height: Int) -> (strips: Int, ribbons: Int) {
        let room = max(0, height - 1 - min(reading.rounds.count, 4) - 6)
        let rounds = min(shownRounds, reading.rounds.count)
        let ribbons = min(rounds, max(0, (room - 3) / 2))
        return (min(rounds, max(0, room - 1 - (ribbons > 0 ? ribbons + 1 : 0))), ribbons)
    }

    private func write(_ text: String, _ style: Style, at y: Int, in rect: Rect, on grid: inout Grid) -> Int {
        guard y < rect.maxY, !text.isEmpty else { return y }
        grid.writeTruncated(text, x: rect.x, y: y, width: rect.width, style: style, in: rect)
        return y + 1
    }

    /// The keys that are read, and what they are of full attention.
    private func top(_ reading: LSHReading, width: Int) -> String {
        let keys = reading.keys.count.grouped
        let all = (reading.query + 1).grouped
        guard let last = reading.recalls.last else { return "" }
        let (recall, kept) = (percent(last.own), percent(last.kept))
        return Sentence.fitting(
            [
                [
                    say("\(reading.rounds.count) rounds find \(keys) of \(all) keys"),
                    say("\(keys) of \(all) keys"),
                ],
                [
                    say("\(recall) of the \(reading.top) strongest"), say("strongest \(recall)"),
                ], [say("\(kept) of full attention"), say("kept \(kept)")],
            ], width: width)
    }

    private func percent(_ share: Float) -> String { Figures.fixed(100 * Double(share), 0) + " %" }

    // MARK: Buckets along the text

    /// The buckets of the tokens up to the cursor, a line a round; those in the cursor's bucket stand out.
    private func drawStrips(
        _ reading: LSHReading, rounds: Int, at start: Int, in rect: Rect, on grid: inout Grid
    ) -> Int {
        guard rounds > 0 else { return start }
        var y = write(
            Sentence.fitting(
                [
                    [
                        say("buckets of the tokens up to the cursor, its own bright"),
                        say("buckets up to the cursor"),
                    ], reading.buckets > 36 ? [say("signs begin anew after 36 of \(reading.buckets.grouped)")] : [],
                ].filter { !$0.isEmpty }, width: rect.width), look.theme.dim, at: start, in: rect, on: &grid)
        for round in 0..<rounds where y < rect.maxY {
            let x = label(round, at: y, in: rect, on: &grid)
            let own = reading.rounds[round].bucket
            let buckets = reading.recent[round].suffix(max(0, rect.maxX - x))
            for (index, bucket) in buckets.enumerated() {
                let isCursor = index == buckets.count - 1
                let style = isCursor ? look.theme.cursor : bucket == own ? look.theme.selection : ink(bucket)
                grid.put(Cell(text: Self.sign(bucket), style: style), x: x + index, y: y)
            }
            y += 1
        }
        return y
    }

    private func label(_ round: Int, at y: Int, in rect: Rect, on grid: inout Grid) -> Int {
        grid.write("\(round) ", x: rect.x, y: y, style: look.theme.dim, in: rect)
    }

    // MARK: What is sorted

    /// The chunks that the cursor reads, its own last: signs of buckets in their order, borders between chunks, later
    /// tokens as dots.
    private func drawRibbons(
        _ reading: LSHReading, rounds: Int, at start: Int, in rect: Rect, on grid: inout Grid
    ) -> Int {
        guard rounds > 0 else { return start }
        let text =
            reading.chunk == nil
            ? say("sorted by buckets, those before the cursor's bucket left out; · later")
            : say("sorted by buckets: the chunks that are read, the cursor's own last; bright: read, · later")
        var y = write(text, look.theme.dim, at: start, in: rect, on: &grid)
        for round in 0..<rounds where y < rect.maxY {
            let x = label(round, at: y, in: rect, on: &grid)
            drawRibbon(reading, round, x: x, y: y, in: rect, on: &grid)
            y += 1
        }
        return y
    }

    private func drawRibbon(
        _ reading: LSHReading, _ round: Int, x start: Int, y: Int, in rect: Rect, on grid: inout Grid
    ) {
        let part = reading.rounds[round]
        var cells: [Cell] = []
        var cursor = 0
        for (index, chunk) in part.chunks.enumerated() {
            if index > 0 { cells.append(Cell(text: "│", style: look.theme.border)) }
            for (token, bucket) in chunk.members where reading.chunk != nil || bucket >= part.bucket {
                if token == reading.query { cursor = cells.count }
                let style: Style =
                    token == reading.query
                    ? look.theme.cursor
                    : reading.keys.contains(token) && token < reading.query ? look.theme.selection : ink(bucket)
                cells.append(
                    token > reading.query
                        ? Cell(text: "·", style: look.theme.dim) : Cell(text: Self.sign(bucket), style: style))
            }
        }
        let width = max(0, rect.maxX - start)
        // The cursor in the middle where not all have room.
        let first = max(0, min(cells.count - width, cursor - width / 2))
        for (index, cell) in cells.dropFirst(first).prefix(width).enumerated() {
            grid.put(cell, x: start + index, y: y)
        }
    }

    // MARK: Numbers

    private func drawTables(_ reading: LSHReading, in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0 else { return }
        // The recall by rounds is what hashing is judged by: it keeps half of the lines.
        let rounds = min(reading.rounds.count, max(1, (rect.height - 2) / 2))
        var y = write(
            Sentence.fitting(
                [
                    [
                        say(
                            "round, bucket with earlier keys in it, keys found, ln Σ exp, share of the rounds' softmax"),
                        say("round, bucket (keys), found, ln Σ, share"),
                    ]
                ], width: rect.width), look.theme.dim, at: rect.y, in: rect, on: &grid)
        for (index, round) in reading.rounds.prefix(rounds).enumerated() {
            y = write(line(index, round, width: rect.width), look.theme.text, at: y, in: rect, on: &grid)
        }
        y = write(
            Sentence.fitting(
                [
                    [
                        say(
                            "by the first rounds: of the \(reading.top) strongest keys here, mean of the head, full attention kept"
                        ), say("by rounds: strongest found here, mean, kept"),
                    ]
                ], width: rect.width), look.theme.dim, at: y, in: rect, on: &grid)
        for (index, recall) in reading.recalls.enumerated() where isListed(index, reading, room: rect.maxY - y) {
            y = write(line(index, recall, width: rect.width), look.theme.text, at: y, in: rect, on: &grid)
        }
    }

    /// Where not all have room, the first ones and the last.
    private func isListed(_ index: Int, _ reading: LSHReading, room: Int) -> Bool {
        index == reading.recalls.count - 1 || room > 1
    }

    private func line(_ index: Int, _ round: LSHReading.Round, width: Int) -> String {
        let numbers =
            "\(Figures.padded(String(index), to: 2)) \(Figures.padded(round.bucket.grouped, to: 6)) "
            + "(\(round.inBucket.grouped)) \(Figures.padded(round.keys.grouped, to: 6)) "
            + "\(Figures.padded(round.logSumExp.isFinite ? Figures.fixed(Double(round.logSumExp), 2) : "—", to: 7)) "
            + Figures.padded(Figures.fixed(Double(round.share), 3), to: 6)
        let bar = max(0, min(20, width - CellWidth.of(numbers) - 1))
        return numbers + " " + Bar.line(Double(round.share), width: bar)
    }

    private func line(_ index: Int, _ recall: LSHReading.Recall, width: Int) -> String {
        func share(_ value: Float) -> String { Figures.padded(Figures.fixed(Double(value), 2), to: 5) }
        let numbers =
            "\(Figures.padded(String(index + 1), to: 2)) \(share(recall.own)) \(share(recall.meanOwn)) \(share(recall.kept))"
        let bar = max(0, min(30, width - CellWidth.of(numbers) - 1))
        return numbers + " " + Bar.line(Double(recall.meanOwn), width: bar)
    }

    // MARK: The mask

    /// What the head reads, at the right.
    /// - Returns: columns that it takes
    private func drawMap(in rect: Rect, on grid: inout Grid) -> Int {
        guard let map, rect.width >= 3 * Self.mapSide.columns, rect.height >= 6 else { return 0 }
        let tile = Rect(
            x: rect.maxX - Self.mapSide.columns, y: rect.y + 1, width: Self.mapSide.columns,
            height: min(Self.mapSide.rows, rect.height - 1))
        grid.writeTruncated(
            say("what the head reads"), x: tile.x, y: rect.y, width: tile.width, style: look.theme.dim, in: rect)
        Thumbnail(map, look: look).draw(in: tile, on: &grid)
        return Self.mapSide.columns + 2
    }
}
