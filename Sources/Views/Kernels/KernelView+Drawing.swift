import Foundation
import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

extension KernelView {
    /// Cells of a map below which it shows nothing.
    private static let smallestMap = 4

    private struct Line {
        let text: String
        let style: Style
    }

    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        guard method != nil else {
            return grid.writeNotice(
                say("No method takes the place of the softmax: m, then linear, performer or retnet."), in: rect,
                style: look.theme.dim)
        }
        let top = self.top(width: rect.width)
        let bottom = self.bottom(width: rect.width)
        let room = rect.height - top.count - 1
        // Maps have their part first: a short panel leaves out lines below.
        let mapHeight =
            maps == nil || room < Self.smallestMap
            ? 0 : max(Self.smallestMap, min(room - bottom.count, max(Self.smallestMap, rect.width / 6)))
        var y = rect.y
        func write(_ lines: [Line], on grid: inout Grid) {
            for line in lines where y < rect.maxY {
                grid.write(line.text, x: rect.x, y: y, style: line.style, in: rect)
                y += 1
            }
        }
        write(top, on: &grid)
        if mapHeight > 0, let maps {
            drawMaps(maps, in: Rect(x: rect.x, y: y, width: rect.width, height: mapHeight + 1), on: &grid)
            y += mapHeight + 1
        }
        write(bottom, on: &grid)
        drawKeys(in: Rect(x: rect.x, y: y, width: rect.width, height: max(0, rect.maxY - y)), on: &grid)
    }

    /// What is always to be seen: that it is an approximation, and how far off.
    private func top(width: Int) -> [Line] {
        let title = Sentence.fitting(
            [[say("an approximation of the model's own attention"), say("an approximation")]], width: width)
        let lines = [Line(text: title, style: look.theme.title)]
        guard let row else { return lines + [Line(text: say("being worked out"), style: look.theme.dim)] }
        if let signs = row.signs { return lines + signLines(row, signs, width: width) }
        let parts = [
            [say("this row: output error \(fixed(row.outputError))"), say("output error \(fixed(row.outputError))")],
            [say("attention moved \(fixed(row.moved))"), say("moved \(fixed(row.moved))")],
            [say("KL \(fixed(row.divergence, 3)) nats"), say("KL \(fixed(row.divergence, 3))")],
        ]
        let style = row.moved > 0.5 ? look.theme.error : row.moved > 0.1 ? look.theme.warning : look.theme.good
        return lines + [Line(text: Sentence.fitting(parts, width: width), style: style)]
    }

    /// Weights of both signs are no shares: there is no attention that moves, and no divergence.
    private func signLines(_ row: KernelRow, _ signs: KernelRow.Signs, width: Int) -> [Line] {
        let negative = Figures.fixed(100 * Double(signs.negative), 1)
        let parts = [
            [say("this row: output error \(fixed(row.outputError))"), say("output error \(fixed(row.outputError))")],
            [say("weights of both signs: \(negative) % of |weight| below 0"), say("\(negative) % below 0")],
            [say("moved —, KL —: they are no shares"), say("moved —, KL —")],
        ]
        let style = row.outputError > 1 ? look.theme.error : look.theme.warning
        var lines = [Line(text: Sentence.fitting(parts, width: width), style: style)]
        if let sum = signs.sum, !(sum > 0) {
            let text =
                sum < 0
                ? [
                    say("the products of this row add up to less than 0: dividing by that turns all signs"),
                    say("sum below 0: all signs are turned"),
                ]
                : [say("the products of this row add up to 0: it reads nothing"), say("sum 0: it reads nothing")]
            lines.append(Line(text: Sentence.fitting([text], width: width), style: look.theme.error))
        }
        return lines
    }

    private func fixed(_ value: Float, _ decimals: Int = 2) -> String { Figures.fixed(Double(value), decimals) }

    private func bottom(width: Int) -> [Line] {
        (logErrorLines(width: width) + stateLines(width: width) + errorLines(width: width)).filter { !$0.text.isEmpty }
    }

    /// ln of the estimate less the score, over the keys of the row.
    private func logErrorLines(width: Int) -> [Line] {
        guard let errors = row?.logErrors, !errors.isEmpty else { return [] }
        func quantile(_ share: Double) -> String {
            let place = min(errors.count - 1, Int(share * Double(errors.count)))
            return Figures.signed(Double(errors[place]), 2)
        }
        let (low, median, high) = (quantile(0.05), quantile(0.5), quantile(0.95))
        let text = Sentence.fitting(
            [
                [
                    row?.signs != nil
                        ? say(
                            "log kernel error, keys with an estimate above 0: 5 % \(low), median \(median), 95 % \(high)"
                        )
                        : say("log kernel error, keys of the row: 5 % \(low), median \(median), 95 % \(high)"),
                    say("log error 5 % \(low), 50 % \(median), 95 % \(high)"),
                ], [histogram(errors)],
            ], width: width)
        return [Line(text: text, style: look.theme.text)]
    }

    /// How many keys have which error, in 16 bins from the lowest error of the row to its highest.
    private func histogram(_ errors: [Float]) -> String {
        let known = errors.filter(\.isFinite)
        guard let low = known.min(), let high = known.max() else { return "" }
        var counts = [Float](repeating: 0, count: 16)
        let step = max((high - low) / 16, .leastNormalMagnitude)
        for error in known { counts[min(15, Int((error - low) / step))] += 1 }
        let highest = counts.max() ?? 0
        let line = Spark.line(counts.map { highest > 0 ? $0 / highest : 0 })
        return "\(Figures.signed(Double(low), 1)) \(line) \(Figures.signed(Double(high), 1))"
    }

    /// By the number of features.
    private func errorLines(width: Int) -> [Line] {
        guard let rows = errors.first?.rows else { return [] }
        let isSigned = errors.allSatisfy { $0.moved.isNaN }
        let parts =
            switch (isSigned, rows) {
            case (true, 1): [say("output error of one row")]
            case (true, _): [say("output error, mean of \(rows.grouped) rows")]
            case (false, 1): [say("attention moved and output error by features, one row (, . change them)")]
            case (false, _):
                [
                    say("attention moved and output error by features, mean of \(rows.grouped) rows (, . change them)"),
                    say("moved and output error by features, \(rows.grouped) rows"),
                ]
            }
        let title = Sentence.fitting([parts], width: width)
        return [Line(text: title, style: look.theme.dim)]
            + errors.map { error in
                let bar = Bar.line(
                    error.moved.isNaN ? 0 : Double(min(1, error.moved)), width: max(0, min(30, width - 26)))
                let text =
                    "\(Figures.padded(error.features.grouped, to: 7)) \(Figures.padded(fixed(error.moved), to: 5)) "
                    + "\(bar) \(fixed(error.outputError))"
                return Line(text: text, style: error.features == features ? look.theme.key : look.theme.text)
            }
    }

    /// What a decoder keeps, and how it grows along the text.
    private func stateLines(width: Int) -> [Line] {
        guard sizes.cache > 0 else { return [] }
        let share = Figures.fixed(100 * Double(sizes.state) / Double(sizes.cache), 1)
        let (state, cache) = (sizes.state.grouped, sizes.cache.grouped)
        var lines = [
            Line(
                text: Sentence.fitting(
                    [
                        [
                            say(
                                "state of a key head: \(state) numbers at any length; keys and values: \(cache) (\(share) %)"
                            ),
                            say("state \(state) numbers; cache \(cache) (\(share) %)"),
                        ]
                    ], width: width), style: look.theme.text)
        ]
        if let decay, decay < 1 {
            let half = Figures.fixed(-0.693147 / log(decay), 1)
            let gamma = Figures.fixed(decay, 4)
            lines.append(
                Line(
                    text: Sentence.fitting(
                        [
                            [
                                say("γ \(gamma): half of the state is gone after \(half) tokens"),
                                say("γ \(gamma), half after \(half)"),
                            ]
                        ], width: width), style: look.theme.text))
        }
        guard let filling, filling.sums.count > 1 else { return lines }
        let columns = max(4, min(filling.sums.count, (width - 20) / 2))
        lines.append(
            Line(
                text: Sentence.fitting(
                    [
                        [
                            say(
                                "along the text |Σφ(k)| \(Self.growth(filling.sums, columns)) |Σφ(k)vᵀ| \(Self.growth(filling.values, columns))"
                            ), say("|Σφ(k)| \(Self.growth(filling.sums, columns))"),
                        ]
                    ], width: width), style: look.theme.text))
        return lines
    }

    private static func growth(_ shares: [Float], _ columns: Int) -> String {
        Spark.line((0..<columns).map { shares[$0 * (shares.count - 1) / max(1, columns - 1)] })
    }

    // MARK: Maps

    private func drawMaps(_ maps: KernelMaps, in rect: Rect, on grid: inout Grid) {
        let width = (rect.width - 4) / 3
        guard width >= Self.smallestMap else { return }
        let titles =
            maps.signed == nil
            ? [say("exact"), say("estimated"), say("difference: + more, − less")]
            : [say("exact"), say("size as shares of the row"), say("signs: + above 0, − below")]
        for (index, title) in titles.enumerated() {
            let place = Rect(x: rect.x + index * (width + 2), y: rect.y, width: width, height: rect.height)
            grid.writeTruncated(title, x: place.x, y: place.y, width: width, style: look.theme.dim, in: rect)
            let tile = Rect(x: place.x, y: place.y + 1, width: width, height: rect.height - 1)
            switch index {
            case 0: Thumbnail(maps.exact, look: look).draw(in: tile, on: &grid)
            case 1: Thumbnail(maps.estimated, look: look).draw(in: tile, on: &grid)
            default:
                if let signed = maps.signed {
                    SignTile(signed, look: look).draw(in: tile, on: &grid)
                } else {
                    drawDifference(maps, in: tile, on: &grid)
                }
            }
        }
    }

    private func drawDifference(_ maps: KernelMaps, in tile: Rect, on grid: inout Grid) {
        let (exact, estimated) = (maps.exact, maps.estimated)
        guard exact.rows == estimated.rows, exact.columns == estimated.columns,
            estimated.values.count == exact.values.count
        else { return }
        SignTile(
            rows: exact.rows, columns: exact.columns, values: zip(estimated.values, exact.values).map { $0 - $1 },
            // Every row has its own scale, as those of the maps have.
            scale: exact.values, look: look
        ).draw(in: tile, on: &grid)
    }

    // MARK: Keys

    /// What stands in the columns of keys. Shares are beside shares; what values are multiplied by has a column of its own
    /// where it is none.
    private func keyTitle(_ row: KernelRow, width: Int) -> String {
        guard row.signs != nil else { return say("keys that change most: exact, estimated") }
        let parts = [
            say("keys that change most: exact share, share of Σ|weight|, what the value is multiplied by"),
            say("exact share, share of Σ|weight|, weight"),
        ]
        return Sentence.fitting([parts], width: width)
    }

    /// The keys whose weights change most.
    private func drawKeys(in rect: Rect, on grid: inout Grid) {
        guard rect.height >= 2, let row else { return }
        grid.writeTruncated(
            keyTitle(row, width: rect.width), x: rect.x, y: rect.y, width: rect.width, style: look.theme.dim, in: rect)
        for (index, key) in row.keys.prefix(rect.height - 1).enumerated() {
            let y = rect.y + 1 + index
            let text =
                "\(Figures.padded(key.token.grouped, to: 9))  \(Figures.padded(Figures.weight(key.exact), to: 8))  "
                + "\(Figures.padded(Figures.weight(key.share), to: 8))  "
                + (row.signs == nil ? "" : "\(Figures.padded(Figures.signed(Double(key.estimated), 3), to: 8))  ")
            let x = grid.write(text, x: rect.x, y: y, style: look.theme.text, in: rect)
            grid.writeTruncated(
                name(key.token), x: x, y: y, width: max(0, rect.maxX - x), style: look.theme.title, in: rect)
        }
    }
}
