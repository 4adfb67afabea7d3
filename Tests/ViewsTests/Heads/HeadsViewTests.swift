import RopewalkCellGrid
import RopewalkLens
import TestSupport
import Testing

@testable import RopewalkViews

@Suite struct HeadsViewTests {
    private func view(_ layers: Int, _ heads: Int, in rect: Rect, depth: ColourDepth = .none) -> HeadsView {
        let side = HeadsView.thumbnailSide(in: rect, layers: layers, heads: heads)
        return HeadsView(
            scores: Samples.scores(layers: layers, heads: heads),
            circuits: Samples.scores(layers: layers, heads: heads),
            thumbnails: Samples.thumbnails(layers: layers, heads: heads, side: side), layers: layers, heads: heads,
            shown: HeadsView.Place(layer: 2, head: 5), selected: HeadsView.Place(layer: 1, head: 2), sort: 5,
            look: Look(depth: depth))
    }

    private func picture(_ view: HeadsView, _ rect: Rect) -> String {
        let grid = drawn(width: rect.width, height: rect.height) { view.draw(in: $0, on: &$1) }
        return PlainText.text(grid) + view.facts(in: rect).compactMap(\.first).joined(separator: " · ") + "\n"
            + view.footer + "\n"
    }

    @Test(arguments: [Size(width: 36, height: 6), Size(width: 58, height: 16), Size(width: 98, height: 24)])
    func fourLayersOfEightHeads(size: Size) {
        let rect = Rect(x: 0, y: 0, width: size.width, height: size.height)
        #expect(Golden.difference(picture(view(4, 8, in: rect), rect), "heads-\(size.width)") == nil)
    }

    @Test func circuitsNameTheirHeadsClearestFirst() {
        func score(_ layer: Int, _ head: Int, previous: Float = 0, induction: Float = 0) -> HeadScore {
            HeadScore(
                layer: layer, head: head, entropy: 1, meanDistance: 1, sink: 0.1, previousToken: previous,
                induction: induction, retrieval: 0)
        }
        let measured = [score(0, 0, previous: 0.8), score(0, 1, induction: 0.97), score(1, 0, previous: 1)]
        let view = HeadsView(
            scores: measured, circuits: measured, thumbnails: [], layers: 2, heads: 2,
            shown: HeadsView.Place(layer: 0, head: 0), look: Look(depth: .none))
        let lines = drawn(width: 70, height: 20) { view.draw(in: $0, on: &$1) }.lines
        #expect(lines.contains { $0.contains("circuits, on random tokens repeated once:") })
        #expect(lines.contains { $0.contains("previous token  L1 H0 1.00 · L0 H0 0.80") })
        #expect(lines.contains { $0.contains("induction       L0 H1 0.97") })
        #expect(lines.contains { $0.contains("sink            none") })
        #expect(view.footer == "previous token L1 H0 · induction L0 H1")
    }

    @Test func manyHeadsScrollAroundTheSelectedOne() {
        let rect = Rect(x: 0, y: 0, width: 58, height: 16)
        #expect(Golden.difference(picture(view(32, 64, in: rect), rect), "heads-many") == nil)
    }

    @Test(arguments: [(4, 8), (32, 64), (1, 1)], [Size(width: 58, height: 16), Size(width: 98, height: 48)])
    func theMouseFindsEveryTile(count: (Int, Int), size: Size) {
        let rect = Rect(x: 5, y: 3, width: size.width, height: size.height)
        let frame = HeadsFrame(rect, layers: count.0, heads: count.1, selected: nil)
        for layer in frame.layers {
            for head in frame.heads {
                let place = HeadsView.Place(layer: layer, head: head)
                guard let tile = frame.tile(place) else { continue }
                let found = HeadsView.head(atX: tile.x, y: tile.y, in: rect, layers: count.0, heads: count.1)
                #expect(found == place)
                #expect(tile.maxX <= rect.maxX && tile.maxY <= rect.maxY)
            }
        }
        #expect(HeadsView.head(atX: 0, y: 0, in: rect, layers: count.0, heads: count.1) == nil)
    }

    @Test func rankingPutsTheHighestFirst() {
        let rect = Rect(x: 0, y: 0, width: 58, height: 16)
        let order = view(4, 8, in: rect).order
        let values = order.ranks.map { order.values[$0] }
        #expect(values == values.sorted(by: >))
    }

    /// Heads that are not known yet come last, and are counted.
    @Test(arguments: [Size(width: 36, height: 9), Size(width: 78, height: 8), Size(width: 58, height: 16)])
    func headsByWhatTheyGiveAPlace(size: Size) {
        let rect = Rect(x: 0, y: 0, width: size.width, height: size.height)
        let weights = (0..<32).map { Float($0 * 7 % 32) / 64 }
        let view = HeadsView(
            scores: Samples.scores(layers: 4, heads: 8), thumbnails: [], layers: 4, heads: 8,
            shown: HeadsView.Place(layer: 2, head: 5), selected: HeadsView.Place(layer: 1, head: 1),
            place: HeadsView.PlaceRanking(
                queries: TokenSpan(3771), keys: TokenSpan(52), weights: weights,
                byValue: weights.prefix(24).map { $0 / 2 } + [Float](repeating: .nan, count: 8),
                sortsByValue: size.height == 9), look: Look(depth: .none))
        #expect(view.order.ranks.prefix(2) == [9, 18])
        let lines = picture(view, rect)
        #expect(lines.contains(size.height == 9 ? "r: by value 3,771 → 52" : "r: by weight 3,771 → 52"))
        #expect(lines.contains(size.height == 9 ? "0.24" : "0.48"))
        #expect(lines.contains("L1 H1") && lines.contains("L2 H2"))
    }

    /// A list that has no room for all heads says how many it leaves out, on each of its pages.
    @Test(arguments: [0, 20, 31]) func theListSaysWhatItLeavesOut(selected: Int) {
        let values = (0..<32).map { Float(32 - $0) / 64 }
        let view = HeadsView(
            scores: Samples.scores(layers: 4, heads: 8), thumbnails: [], layers: 4, heads: 8,
            shown: HeadsView.Place(layer: 0, head: 0),
            selected: HeadsView.Place(layer: selected / 8, head: selected % 8),
            numbers: HeadsView.NumberRanking(values: values, title: "copies", meaning: "answers copied"),
            look: Look(depth: .none))
        for (width, height) in [(78, 8), (58, 12), (36, 9)] {
            let lines = drawn(width: width, height: height) { view.draw(in: $0, on: &$1) }.lines.joined(separator: "\n")
            let names = (0..<32).count { lines.contains("L\($0 / 8) H\($0 % 8) ") }
            #expect(names > 0 && lines.contains("L\(selected / 8) H\(selected % 8)"), "\(lines)")
            let left = lines.firstMatch(of: /… (\d+) more/).flatMap { Int($0.1) }
            // The selected head is named among its numbers too.
            #expect(left.map { $0 + names == 32 || $0 + names == 33 } ?? (names == 32), "\(lines)")
        }
    }

    @Test func nothingMeasuredSaysSo() {
        let view = HeadsView(
            scores: [], thumbnails: [], layers: 4, heads: 8, shown: HeadsView.Place(layer: 0, head: 0),
            look: Look(depth: .none))
        let rect = Rect(x: 0, y: 0, width: 60, height: 6)
        #expect(picture(view, rect).contains("measured while the model reads"))
    }
}

/// Heads of which nothing is recorded.
@Suite struct UnrecordedHeadsTests {
    @Test func saySoInPlaceOfABlank() {
        let unknown = HeadScore(
            layer: 0, head: 0, entropy: .nan, meanDistance: .nan, sink: .nan, previousToken: .nan, induction: .nan,
            retrieval: .nan)
        let known = HeadScore(
            layer: 0, head: 1, entropy: 1, meanDistance: 1, sink: 0.1, previousToken: 0.2, induction: 0, retrieval: 0)
        var view = HeadsView(
            scores: [unknown, known], thumbnails: [], layers: 1, heads: 2, shown: HeadsView.Place(layer: 0, head: 0),
            measuresCircuits: false, look: Look(depth: .none))
        #expect(!drawn(width: 70, height: 20) { view.draw(in: $0, on: &$1) }.lines.joined().contains("not recorded"))
        view.unrecorded = [0]
        let lines = drawn(width: 70, height: 20) { view.draw(in: $0, on: &$1) }.lines
        #expect(lines.contains { $0.contains("L0 H0") && $0.contains("not recorded") }, "\(lines)")
    }
}
