import Foundation
import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

/// How many tokens each expert has, beside the room that it has.
extension ExpertsView {
    func drawLoad(in rect: Rect, on grid: inout Grid) {
        guard let loads else { return }
        let notes = [
            Sentence.fitting([roomWords], width: rect.width),
            Sentence.shortened(summary(loads).joined(separator: " · "), width: rect.width),
        ].prefix(max(0, min(2, rect.height - 1)))
        for (row, text) in notes.enumerated() {
            grid.writeTruncated(
                text, x: rect.x, y: rect.y + row, width: rect.width, style: look.theme.dim, in: rect)
        }
        let top = rect.y + notes.count
        let shown = shownExperts(loads, count: rect.maxY - top)
        let most = max(1, loads.loads.max() ?? 1, min(capacity ?? 0, loads.tokens))
        for (row, expert) in shown.enumerated() {
            draw(expert, loads, most: most, y: top + row, in: rect, on: &grid)
        }
    }

    private func summary(_ loads: ExpertLoads) -> [String] {
        let balance = Figures.fixed(loads.auxiliaryLoss, 3)
        let highest = Figures.fixed(log2(Double(max(1, loads.loads.count))), 2)
        let capacity = capacity ?? .max
        let lost = loads.lostTokens(capacity: capacity)
        let share = Figures.fixed(100 * loads.droppedShare(capacity: capacity), 1)
        return [
            say("balance \(balance) (even: \(loads.chosen.grouped))"),
            say("\(share) % dropped, \(lost.grouped) \(lost, one: "token", many: "tokens") with no expert"),
            say("entropy \(Figures.fixed(loads.meanEntropy, 2)) of \(highest) bits"),
            say("z-loss \(Figures.fixed(loads.zLoss, 2))"),
        ]
    }

    /// In their order, or the busiest ones where there is no room for all.
    private func shownExperts(_ loads: ExpertLoads, count: Int) -> [Int] {
        let all = Array(loads.loads.indices)
        guard all.count > count else { return all }
        return Array(all.sorted { (loads.loads[$1], $0) < (loads.loads[$0], $1) }.prefix(max(0, count)))
    }

    private func draw(
        _ expert: Int, _ loads: ExpertLoads, most: Int, y: Int, in rect: Rect, on grid: inout Grid
    ) {
        let load = loads.loads[expert]
        let isHere = router.map { cursor < $0.tokens && $0.experts(cursor).contains(expert) } ?? false
        var x = grid.write(
            "\(isHere ? "▸" : " ")\(ExpertMarks.letter(expert)) \(Figures.padded(String(expert), to: 3)) ", x: rect.x,
            y: y, style: style(expert), in: rect)
        x = grid.write(Figures.padded(load.grouped, to: 7) + " ", x: x, y: y, style: look.theme.text, in: rect)
        let dropped = capacity.map { max(0, load - $0) } ?? 0
        let share = Figures.padded(Figures.fixed(100 * loads.shares[expert], 1) + " %", to: 8)
        let mean = "P " + Figures.fixed(loads.meanProbabilities[expert], 3)
        let tail = " \(share)  \(mean)" + (dropped > 0 ? "  ✗ \(dropped.grouped)" : "")
        let width = max(0, min(60, rect.maxX - x - max(24, CellWidth.of(tail))))
        let cells = Int((Double(load) / Double(most) * Double(width)).rounded(.up))
        let room = capacity.map { Int((Double(min($0, most)) / Double(most) * Double(width)).rounded()) }
        for cell in 0..<width {
            let isPast = room.map { cell >= $0 && dropped > 0 } ?? false
            let glyph = cell < cells ? (isPast ? "✗" : "━") : room == cell ? "┃" : " "
            let style = cell >= cells ? look.theme.dim : isPast ? look.theme.dropped : style(expert)
            grid.write(glyph, x: x + cell, y: y, style: style, in: rect)
        }
        if let room, room < width, cells > room, dropped == 0 {
            grid.write("┃", x: x + room, y: y, style: look.theme.warning, in: rect)
        }
        grid.writeTruncated(
            tail, x: x + width, y: y, width: rect.maxX - x - width, style: look.theme.text, in: rect)
    }
}
