import Foundation
import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

/// The cursor's token through all layers: its experts, and what is computed for it.
extension ExpertsView {
    /// Around the layer that is looked at.
    func shownRouters(_ count: Int) -> [RouterReading] {
        let place = routers.lastIndex { $0.layer <= layer } ?? 0
        return Array(routers[.around(place, count: min(routers.count, max(0, count)), of: routers.count)])
    }

    func shownLayers(_ count: Int) -> [ComputedLayer] {
        let place = computed.lastIndex { $0.layer <= layer } ?? 0
        return Array(computed[.around(place, count: min(computed.count, max(0, count)), of: computed.count)])
    }

    func drawWay(in rect: Rect, on grid: inout Grid) {
        let columns = routers.map(\.count).max() ?? 0
        let hasGrid = columns > 0 && columns + 36 <= rect.width
        let legend = [
            [say("“\(name(cursor))” from layer to layer"), "“\(name(cursor))”"],
            hasGrid ? [say("a column an expert, the letter where it works")] : [],
        ].filter { !$0.isEmpty }
        grid.writeTruncated(
            Sentence.fitting(legend, width: rect.width), x: rect.x, y: rect.y, width: rect.width,
            style: look.theme.dim, in: rect)
        for (row, router) in shownRouters(rect.height - 1).enumerated() where cursor < router.tokens {
            let y = rect.y + 1 + row
            var x = drawLabel(router.layer, y: y, in: rect, on: &grid)
            if hasGrid {
                drawExperts(router, x: x, y: y, in: rect, on: &grid)
                x += columns + 1
            }
            drawShares(router, x: x, y: y, in: rect, on: &grid)
        }
    }

    private func drawLabel(_ layer: Int, y: Int, in rect: Rect, on grid: inout Grid) -> Int {
        let style = layer == self.layer ? look.theme.selection : look.theme.text
        grid.write("L\(layer)", x: rect.x, y: y, style: style, in: rect)
        return rect.x + 5
    }

    /// A cell an expert.
    private func drawExperts(_ router: RouterReading, x: Int, y: Int, in rect: Rect, on grid: inout Grid) {
        let experts = router.experts(cursor)
        let weights = router.weights(cursor)
        for expert in 0..<router.count {
            let rank = experts.firstIndex(of: expert)
            let isGone = rank.map { router.rule.capacity != nil && weights[$0] == 0 } ?? false
            let text = rank == nil ? "·" : isGone ? "✗" : ExpertMarks.letter(expert)
            let style = rank == nil ? look.theme.dim : isGone ? look.theme.dropped : style(expert)
            grid.write(text, x: x + expert, y: y, style: style, in: rect)
        }
    }

    private func drawShares(_ router: RouterReading, x: Int, y: Int, in rect: Rect, on grid: inout Grid) {
        let weights = router.weights(cursor)
        let own = zip(router.experts(cursor), weights).map { expert, weight in
            let isGone = router.rule.capacity != nil && weight == 0
            return isGone ? "✗\(ExpertMarks.letter(expert))" : "\(ExpertMarks.letter(expert)) \(Figures.weight(weight))"
        }
        let shared = router.sharedWeight(cursor).map { [[say("shared \(Figures.weight($0))")]] } ?? []
        let bits = [[say("entropy \(Figures.fixed(router.entropy(cursor), 2)) bits")]]
        let parts = [[own.joined(separator: " + "), own.first ?? ""]] + shared + bits
        grid.writeTruncated(
            Sentence.fitting(parts, width: rect.maxX - x), x: x, y: y, width: max(0, rect.maxX - x),
            style: look.theme.text, in: rect)
    }

    func drawComputed(in rect: Rect, on grid: inout Grid) {
        let total = computed.reduce(0) { $0 + $1.flops }
        let attention = computed.reduce(0) { $0 + $1.attentionFLOPs }
        let legend = [
            [say("“\(name(cursor))”: \(Self.flop(total)) in all layers"), Self.flop(total)],
            [say("of it \(Self.flop(attention)) with other tokens")],
        ]
        grid.writeTruncated(
            Sentence.fitting(legend, width: rect.width), x: rect.x, y: rect.y, width: rect.width,
            style: look.theme.dim, in: rect)
        let most = computed.map(\.flops).max() ?? 1
        for (row, layer) in shownLayers(rect.height - 1).enumerated() {
            draw(layer, most: most, y: rect.y + 1 + row, in: rect, on: &grid)
        }
    }

    private func draw(_ layer: ComputedLayer, most: Double, y: Int, in rect: Rect, on grid: inout Grid) {
        var x = drawLabel(layer.layer, y: y, in: rect, on: &grid)
        let share = Double(layer.mostKeys) / Double(max(1, layer.reachable))
        let bar = rect.width >= 60 ? 10 : 4
        x = grid.write(Bar.line(share, width: bar), x: x, y: y, style: look.theme.good, in: rect) + 1
        let flop = Figures.padded(Self.flop(layer.flops), to: 10)
        let right = rect.width >= 44 ? CellWidth.of(flop) + (rect.width >= 80 ? 9 : 1) : 0
        let parts = [Self.keys(layer), Self.hidden(layer), experts(layer)].filter { !$0.isEmpty }
        grid.writeTruncated(
            Sentence.fitting(parts, width: rect.maxX - right - x), x: x, y: y, width: max(0, rect.maxX - right - x),
            style: look.theme.text, in: rect)
        guard right > 0 else { return }
        grid.write(flop, x: rect.maxX - right, y: y, style: look.theme.text, in: rect)
        if right > CellWidth.of(flop) + 1 {
            grid.write(
                Bar.line(layer.flops / max(1, most), width: 8), x: rect.maxX - 8, y: y, style: look.theme.key, in: rect)
        }
    }

    /// "31 keys", "8 of 31 keys", "3–8 of 31 keys".
    private static func keys(_ layer: ComputedLayer) -> [String] {
        let all = layer.reachable.grouped
        if layer.isRecurrent { return [say("one state for \(all) \(layer.reachable, one: "key", many: "keys")")] }
        if layer.fewestKeys == layer.reachable {
            return [say("all \(all) \(layer.reachable, one: "key", many: "keys")"), all]
        }
        let some =
            layer.fewestKeys == layer.mostKeys
            ? layer.mostKeys.grouped : "\(layer.fewestKeys.grouped)–\(layer.mostKeys.grouped)"
        return [say("\(some) of \(all) \(layer.reachable, one: "key", many: "keys")"), some]
    }

    private static func hidden(_ layer: ComputedLayer) -> [String] {
        layer.windows.isEmpty ? [] : [layer.windows.joined(separator: " "), layer.windows[0]]
    }

    private func experts(_ layer: ComputedLayer) -> [String] {
        guard !layer.experts.isEmpty else { return [say("one feed-forward network"), say("feed-forward")] }
        let own = layer.experts.map { ($0.isDropped ? "✗" : "") + ExpertMarks.letter($0.expert) }.joined()
        let count = layer.expertCount.grouped
        let shared = layer.sharedWeight == nil ? own : own + " + 1"
        return [say("experts \(shared) of \(count)"), shared]
    }

    /// "1.2 MFLOP".
    static func flop(_ count: Double) -> String {
        let units = ["", "k", "M", "G", "T", "P"]
        var (value, unit) = (count, 0)
        while value >= 1000, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
        return Figures.fixed(value, unit == 0 || value >= 100 ? 0 : 1) + " \(units[unit])FLOP"
    }
}
