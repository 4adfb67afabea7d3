import RopewalkCellGrid
import TestSupport
import Testing

@testable import RopewalkLens
@testable import RopewalkViews

/// The page that says how far features are from the softmax they take the place of.
@Suite struct KernelViewTests {
    static func image(_ values: [Float], side: Int = 4) -> MapImage {
        MapImage(
            request: MapRequest(layer: 0, head: 0, cell: 16, rows: side, columns: side, pooling: .mean), values: values,
            provenance: .exact)
    }

    static func view(_ look: Look, whole: Bool = true) -> KernelView {
        let row = KernelRow(
            query: 40, moved: 0.12, divergence: 0.034, outputError: 0.21,
            logErrors: stride(from: Float(-1.5), through: 1.5, by: 0.1).map { $0 },
            keys: [
                KernelRow.Key(token: 0, exact: 0.41, estimated: 0.29, share: 0.29),
                KernelRow.Key(token: 17, exact: 0.003, estimated: 0.06, share: 0.06),
            ])
        let nan = Float.nan
        let maps = KernelMaps(
            exact: image([0.5, nan, nan, nan, 0.3, 0.2, nan, nan, 0.2, 0.1, 0.1, nan, 0.4, 0.01, 0.02, 0.05]),
            estimated: image([0.5, nan, nan, nan, 0.25, 0.25, nan, nan, 0.2, 0.1, 0.1, nan, 0.1, 0.2, 0.02, 0.06]))
        let errors = [(16, 0.4), (64, 0.25), (256, 0.12)].map {
            KernelError(features: $0.0, rows: 12, moved: Float($0.1), outputError: Float($0.1) * 1.5)
        }
        return KernelView(
            method: "performer:features=256,kind=positive,orthogonal=1,seed=0", row: whole ? row : nil,
            maps: whole ? maps : nil, errors: whole ? errors : [],
            filling: whole
                ? KernelFilling(tokens: [64, 128, 192, 256], sums: [0.25, 0.5, 0.75, 1], values: [0.4, 0.3, 0.8, 1])
                : nil,
            sizes: (256 * 33, 2 * 32 * 32_768), features: 256, name: { $0 == 0 ? "<s>" : "rabbit" }, look: look)
    }

    @Test func pagesInWords() {
        var text = ""
        for size in [Size(width: 96, height: 30), Size(width: 58, height: 16), Size(width: 38, height: 8)] {
            let grid = drawn(width: size.width, height: size.height) {
                Self.view(Look(depth: .none)).draw(in: $0, on: &$1)
            }
            text += PlainText.text(grid) + "\n"
        }
        #expect(Golden.difference(text, "kernel-page") == nil)
    }

    static func signed(_ look: Look, sum: Float?) -> KernelView {
        let nan = Float.nan
        let row = KernelRow(
            query: 40, moved: nan, divergence: nan, outputError: 1.2, logErrors: sum == nil ? [] : [-3, -1, 0, 0.5],
            keys: [KernelRow.Key(token: 0, exact: 0.41, estimated: -1.25, share: 0.35)],
            signs: KernelRow.Signs(negative: 0.375, sum: sum))
        let shares = image([1, nan, nan, nan, 0.5, 0.5, nan, nan, 0.2, 0.7, 0.1, nan, 0.4, 0.1, 0.2, 0.3])
        let weights = image([1, nan, nan, nan, -0.5, 0.5, nan, nan, 0.2, -0.7, 0.1, nan, 0.4, 0.1, -0.2, 0.3])
        return KernelView(
            method: "retnet:gamma=0,norm=rms", row: row,
            maps: KernelMaps(exact: shares, estimated: shares, signed: weights),
            errors: [KernelError(features: 32, rows: 12, moved: nan, outputError: 1.1)], sizes: (1024, 2 * 32 * 32_768),
            features: 32, decay: 0.96875, look: look)
    }

    /// Weights of both signs are no shares: what only shares have is —.
    @Test func signsAreSaid() {
        let text = PlainText.text(
            drawn(width: 130, height: 40) { Self.signed(Look(depth: .none), sum: nil).draw(in: $0, on: &$1) })
        #expect(text.contains("37.5 % of |weight| below 0") && text.contains("moved —, KL —"))
        // A share stands beside a share, and what is none in a column of its own.
        #expect(text.contains("share of Σ|weight|, what the value is multiplied by"))
        #expect(text.contains("0.41      0.35    -1.250") || text.contains("0.35    −1.250"), "\(text)")
        #expect(
            text.contains("▼") && text.contains("▲") && text.contains("γ 0.9688: half of the state is gone after 21.8"))
        #expect(text.contains("−1.250") && text.contains("output error, mean of 12 rows"))
        for (sum, words) in [
            (Float(-0.5), "turns all signs"), (0, "it reads nothing"), (2, "with an estimate above 0"),
        ] {
            let text = PlainText.text(
                drawn(width: 130, height: 40) { Self.signed(Look(depth: .none), sum: sum).draw(in: $0, on: &$1) })
            #expect(text.contains(words) && text.contains("−3.0 ") && text.contains(" +0.5"))
        }
        for width in [58, 38, 7, 1] {
            _ = drawn(width: width, height: 9) { Self.signed(Look(depth: .none), sum: -1).draw(in: $0, on: &$1) }
        }
        let row = Self.signed(Look(depth: .none), sum: nil).row
        #expect(KernelView.facts(row).allSatisfy { $0.contains("1.2") && $0.contains("≈") })
    }

    @Test(arguments: ColourDepth.allCases) func itStaysInsideAtEverySize(depth: ColourDepth) {
        for (width, height) in [(0, 0), (1, 1), (7, 3), (20, 40), (58, 5), (200, 60)] {
            for view in [
                Self.view(Look(depth: depth)), Self.view(Look(depth: depth), whole: false),
                KernelView(method: nil, look: Look(depth: depth)),
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

    /// However narrow the border, the error is in it.
    @Test func theErrorIsInEveryWordingOfTheBorder() throws {
        let row = try #require(Self.view(Look(depth: .none)).row)
        #expect(KernelView.facts(row).allSatisfy { $0.contains("0.21") && $0.contains("≈") })
        #expect(KernelView.facts(nil).last == "≈")
    }
}
