import RopewalkCellGrid
import TestSupport
import Testing

@testable import RopewalkLens
@testable import RopewalkViews

/// The page that says what a layer with a state reads and forgets.
@Suite struct MixerViewTests {
    static func window(_ matrix: MixerMatrix, _ values: [Float]) -> MixerWindow {
        MixerWindow(
            request: MixerRequest(layer: 3, units: 5..<6, matrix: matrix, cell: 2, rows: 4, columns: 4), values: values,
            queries: [0, 2, 4, 6], provenance: .exact)
    }

    static func view(_ look: Look, whole: Bool = true, unit: Int? = 5) -> MixerView {
        let n = Float.nan
        let fading: [Float] = [1, n, n, n, 0.4, 1, n, n, 0.3, 0.8, 1, n, 0.04, 0.1, 0.14, 1]
        let map: [Float] = [0.75, n, n, n, -0.28, 2, n, n, 0.14, 0, 0.25, n, 0.05, -0.9, 0.1, 1]
        let row = MixerRow(
            layer: 3, unit: 5, query: 6, sum: 0.25, absoluteSum: 2.05,
            keys: [
                MixerRow.Key(token: 6, weight: 1, share: 0.49, left: 1),
                MixerRow.Key(token: 3, weight: -0.9, share: 0.44, left: 0.1),
            ], through: 1.5, provenance: .exact)
        return MixerView(
            kind: MixerView.Kind(title: "Mamba-2", units: 24, hasHeads: true, hasShares: false), layer: 3, unit: unit,
            windows: whole
                ? [
                    window(.fading, fading), window(.products, map.map { $0 * 2 }), window(.map, map),
                    window(.shares, map.map { abs($0) / 2 }),
                ] : [],
            row: whole && unit != nil ? row : nil,
            fading: whole
                ? MixerFading(
                    layer: 3, unit: 5, halfLives: [0.5, 2, 3, 8, 90, .infinity, 4, 1],
                    logarithms: [0, -1, -2, -3, -4, -5, -6, -7])
                : nil,
            size: MixerStateSize(numbers: 24_576, cachedPerToken: 1536, hasAttention: true, tokens: 2048), cursor: 6,
            anchor: 3, name: { $0 == 3 ? "rabbit" : "hole" }, look: look)
    }

    /// What a smaller panel has no room for is left out, never cut: the state first of all is there.
    @Test func smallPanels() {
        for size in [Size(width: 110, height: 24), Size(width: 58, height: 16), Size(width: 38, height: 8)] {
            let text = PlainText.text(
                drawn(width: size.width, height: size.height) { Self.view(Look(depth: .none)).draw(in: $0, on: &$1) })
            #expect(text.contains("Mamba-2, L3") && text.contains("head 5 of 24") && text.contains("24,576"), "\(text)")
            #expect(text.contains("L: what is left"), "\(text)")
        }
    }

    @Test(arguments: ColourDepth.allCases) func itStaysInsideAtEverySize(depth: ColourDepth) {
        for (width, height) in [(0, 0), (1, 1), (7, 3), (20, 40), (58, 5), (200, 60)] {
            let look = Look(depth: depth)
            for view in [
                Self.view(look), Self.view(look, whole: false), Self.view(look, unit: nil),
                MixerView(kind: nil, look: look),
            ] {
                let inner = Rect(x: 2, y: 1, width: width, height: height)
                var grid = Grid(size: Size(width: width + 4, height: height + 2))
                let before = grid
                view.draw(in: inner, on: &grid)
                for y in 0..<height + 2 {
                    for x in 0..<width + 4 where !inner.contains(x: x, y: y) { #expect(grid[x, y] == before[x, y]) }
                }
            }
        }
    }

    /// A weight below 0 is seen as one, whatever the colours; the cursor's row and the anchor's column are marked.
    @Test func signsAndMarks() {
        let text = PlainText.text(
            drawn(width: 110, height: 24) { Self.view(Look(depth: .none)).draw(in: $0, on: &$1) })
        #expect(text.contains("▼") && text.contains("▲") && text.contains("▸") && text.contains("▾"))
        #expect(text.contains("half is forgotten after 4.0 tokens") && text.contains("smaller from token 17 on"))
    }
}
