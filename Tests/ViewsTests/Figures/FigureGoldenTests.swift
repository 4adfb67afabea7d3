import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkPictures
import TestSupport
import Testing

@testable import RopewalkViews

/// A figure of every panel as the SVG that is written, so that a review sees what a change makes of it. Open the golden files
/// in a browser.
@Suite struct FigureGoldenTests {
    private static let look = Look(depth: .direct, ground: .light)

    /// With the facts that the program adds.
    private func difference(_ figure: Figure?, _ name: String) throws -> String? {
        var figure = try #require(figure)
        figure.facts = ["sample.txt, 10 tokens", "books-4m", "exact"]
        let text = FigureSVG(figure, ground: .light).text
        #expect(text.utf8.count < 30_000, "\(name) has \(text.utf8.count) bytes: show less in it")
        return Golden.difference(text, "figure-\(name)", ending: "svg")
    }

    private static let words = ["<|bos|>", "The", "␣cat", "␣sat", "␣on", "猫", "␣mat", ".", "↵", "␣It"]
    private static let mask = ListedMask(rows: (0..<10).map { KeyRanges([0..<1, max(0, $0 - 4)..<$0 + 1]) })

    @Test func map() throws {
        let image = Samples.map(rows: 10, columns: 10, cell: 1, recorded: 10)
        let view = MapView(
            image: image, request: image.request,
            scale: Scale(kind: .logarithmic, image: image, leavingOutFirst: 1), cursor: 8, anchor: 6,
            overlay: .hides(MapShares(of: Self.mask, request: image.request)), recorded: 10, tokens: 10, look: Self.look
        )
        let figure = view.figure(
            title: "Attention of layer 2, head 5", words: MapView.Words(queries: Self.words, keys: Self.words))
        #expect(try difference(figure, "map") == nil)
    }

    @Test func maskWithALongSpec() throws {
        let view = MaskView(
            row: Samples.maskRow(), survey: Samples.survey, reason: Samples.reason, cursor: 40, anchor: 7,
            scenario: try Scenario(parsing: ["longformer:window=12,dilation=2,globals=0/20/40/60/80,causal=1"]),
            look: Self.look)
        let request = MapRequest(layer: 2, head: 5, cell: 8, rows: 12, columns: 12)
        let mask = ListedMask(rows: (0..<96).map { KeyRanges([0..<4, max(0, $0 - 20)..<$0 + 1]) })
        let page = MaskView.Page(
            shares: MapShares(of: mask, request: request), request: request, words: nil, axes: .own)
        #expect(try difference(view.figure(page), "mask") == nil)
    }

    @Test func heads() throws {
        let view = HeadsView(
            scores: Samples.scores(layers: 2, heads: 4), circuits: Samples.scores(layers: 2, heads: 4),
            thumbnails: Samples.thumbnails(layers: 2, heads: 4, side: 6), layers: 2, heads: 4,
            shown: HeadsView.Place(layer: 1, head: 2), selected: HeadsView.Place(layer: 1, head: 2), sort: 5,
            look: Self.look)
        #expect(try difference(view.figure, "heads") == nil)
    }

    @Test func word() throws {
        let view = WordViewTests.view(WordViewTests.reading(keys: 9, others: 30, sink: 3), .weight)
        #expect(try difference(view.figure, "word") == nil)
    }

    @Test func rotation() throws {
        let context = Samples.context(dimensions: 16)
        let view = RotationView(
            pair: Samples.pair(query: 1_204, key: 87, dimensions: 16), rotation: RoPE().rotation(in: context),
            context: context, methodTitle: "RoPE", look: Self.look)
        #expect(try difference(view.figure, "rotation") == nil)
    }

    @Test func rotationOfAllMethods() throws {
        let view = RotationMethodsView(
            methods: try Samples.methods(), subspace: 9, query: 1_204, key: 87, look: Self.look)
        #expect(try difference(view.figure, "rotation-methods") == nil)
    }

    @Test func loss() throws {
        #expect(try difference(Samples.lossView(depth: .direct).figure, "loss") == nil)
    }

    @Test func distance() throws {
        let curve = DistanceCurveView(methods: try Samples.methods(), query: 60, key: 7, look: Self.look)
        #expect(try difference(curve.figure, "distance") == nil)
        #expect(try difference(Samples.profileView(depth: .direct).figure, "distance-attention") == nil)
        let map = try Samples.distanceMapView(depth: .direct, rows: 12, columns: 12)
        #expect(try difference(map.figure, "distance-map") == nil)
    }
}
