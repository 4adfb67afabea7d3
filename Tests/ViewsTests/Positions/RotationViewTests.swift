import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkViews

@Suite struct RotationViewTests {
    private func view(dimensions: Int = 32, first: Int = 0, hasPair: Bool = true) -> RotationView {
        RotationView(
            pair: hasPair ? Samples.pair(query: 1_204, key: 87, dimensions: dimensions) : nil,
            rotation: RoPE().rotation(in: Samples.context(dimensions: dimensions)),
            context: Samples.context(dimensions: dimensions), methodTitle: "RoPE", first: first,
            look: Look(depth: .none))
    }

    private func picture(_ view: RotationView, _ width: Int, _ height: Int) -> String {
        let grid = drawn(width: width, height: height) { view.draw(in: $0, on: &$1) }
        return PlainText.text(grid) + view.facts + "\n" + view.footer + "\n"
    }

    @Test func aLineForEverySubspace() {
        #expect(Golden.difference(picture(view(), 110, 22), "rotation-wide") == nil)
    }

    @Test func narrowPanelsKeepDialAndShare() {
        #expect(Golden.difference(picture(view(), 36, 8), "rotation-narrow") == nil)
    }

    @Test func whatDoesNotFitScrolls() {
        let lines = picture(view(dimensions: 128, first: 60), 80, 12).split(separator: "\n")
        #expect(lines[1].hasPrefix("55"))
        #expect(lines[9].hasPrefix("63"))
        #expect(lines[11].contains("↑55 ↓0 more"))
    }

    @Test func aSecondModelsPairStandsBelow() {
        let context = Samples.context()
        let beside = RotationView.Beside(
            name: "books-4m-direct-2k", pair: Samples.pair(query: 1_204, key: 87),
            trained: TrainedRange(inverseFrequencies: context.inverseFrequencies, window: 2_048))
        let view = RotationView(
            pair: Samples.pair(query: 1_204, key: 87), rotation: RoPE().rotation(in: context), context: context,
            methodTitle: "RoPE", selected: 8, beside: beside, look: Look(depth: .none))
        let lines = picture(view, 80, 12).split(separator: "\n")
        #expect(lines[9].contains("! 7 of 16 unseen"))
        #expect(lines[10].contains("books-4m-direct-2k · Σ ") && lines[10].contains("! 0 of 16 unseen"))
    }

    @Test func withoutAPairTheWavelengthsAreShown() {
        let text = picture(view(hasPair: false), 60, 20)
        #expect(text.contains("628.3"))
        #expect(text.contains("no pair yet"))
    }

    @Test func aModelWithoutRotationSaysSo() {
        let view = RotationView(
            pair: nil, rotation: Rotation(inverseFrequencies: []),
            context: RotaryContext(dimensions: 0, base: 1, trainedWindow: 1, tokens: 1), methodTitle: "none",
            look: Look(depth: .none))
        #expect(picture(view, 60, 5).contains("rotary subspaces."))
    }

    /// A method that slows subspaces down makes more of them critical: marks, turns and the footer say the same.
    @Test func criticalIsWhatTheMethodMakesSo() {
        let context = Samples.context(dimensions: 32)
        let pi = PositionInterpolation(factor: 4).rotation(in: context)
        let view = RotationView(
            pair: nil, rotation: pi, context: context, methodTitle: "PI", look: Look(depth: .none))
        let window = view.trained.window
        let lines = drawn(width: 110, height: 22) { view.draw(in: $0, on: &$1) }.lines
        var marked = 0
        for subspace in 0..<16 {
            let line = lines[1 + subspace]
            #expect(line.contains("●") == (pi.wavelength(subspace) > Double(window)), "\(line)")
            marked += line.contains("●") ? 1 : 0
        }
        let before = (0..<16).count { view.trained.isCritical($0) }
        #expect(marked > before)
        #expect(view.footer.contains("\(marked) of 16 critical (\(before) in training)"))
        #expect(lines.joined().contains("other λ") || lines.joined().contains("its own λ"))
    }
}
