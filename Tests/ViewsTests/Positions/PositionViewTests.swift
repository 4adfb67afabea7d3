import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkViews

@Suite struct PositionViewTests {
    private func picture(
        _ width: Int, _ height: Int, facts: String, footer: String, draw: (Rect, inout Grid) -> Void
    ) -> String {
        PlainText.text(drawn(width: width, height: height, draw)) + facts + "\n" + footer + "\n"
    }

    @Test(arguments: [("wide", 100, 24), ("narrow", 58, 12)]) func loss(name: String, width: Int, height: Int) {
        let view = Samples.lossView()
        let text = picture(width, height, facts: view.facts, footer: view.footer) { view.draw(in: $0, on: &$1) }
        #expect(Golden.difference(text, "loss-\(name)") == nil)
    }

    @Test func lossOverLogarithmicPositionsInColour() {
        let view = Samples.lossView(depth: .indexed256, isLogarithmic: true)
        let text = picture(70, 18, facts: view.facts, footer: view.footer) { view.draw(in: $0, on: &$1) }
        #expect(Golden.difference(text, "loss-log") == nil)
    }

    @Test func lossWithoutAnythingMeasuredSaysSo() {
        let view = LossView(
            lines: [LossView.Line(title: "rope", window: 512, loss: nil, note: "waiting")], tokens: 2_048, texts: 4,
            isLogarithmic: false, look: Look(depth: .none))
        let text = picture(60, 12, facts: "", footer: "") { view.draw(in: $0, on: &$1) }
        #expect(text.contains("being measured") && text.contains("waiting"))
    }

    @Test func lossThatCannotBeMeasuredSaysWhy() {
        let line = LossView.Line(
            title: "learned", window: 512, loss: nil, note: "impossible", problem: "minilm predicts no next token")
        let view = LossView(lines: [line], tokens: 2_048, texts: 4, isLogarithmic: false, look: Look(depth: .none))
        let text = picture(60, 12, facts: "", footer: "") { view.draw(in: $0, on: &$1) }
        #expect(text.contains("predicts no next token") && !text.contains("being measured"))
    }

    @Test func allMethodsForOneSubspace() throws {
        let view = RotationMethodsView(
            methods: try Samples.methods(), subspace: 9, query: 1_204, key: 87, look: Look(depth: .none))
        let text = picture(100, 6, facts: view.facts, footer: view.footer(height: 6)) { view.draw(in: $0, on: &$1) }
        #expect(Golden.difference(text, "rotation-methods") == nil)
        #expect(view.footer(height: 4).hasPrefix("lines 1–3 of 4 · !"))
        #expect(!view.footer(height: 5).contains("lines"))
    }

    @Test func oneSubspaceOverAllDistances() throws {
        let view = RotationDistancesView(
            methods: try Samples.methods(), subspace: 9, query: 1_204, key: 87, look: Look(depth: .none))
        let text = picture(90, 20, facts: view.facts, footer: view.footer) { view.draw(in: $0, on: &$1) }
        #expect(Golden.difference(text, "rotation-distances") == nil)
    }

    /// The marks are those of the specification: 512 distances of training turn subspace 9 by 2.87 radians.
    @Test func unseenAnglesAreMarked() throws {
        let trained = TrainedRange(Samples.context())
        let furthest = trained.maximumAngle(9)
        #expect(Familiarity(trained, subspace: 9, angle: furthest) == .seen)
        #expect(Familiarity(trained, subspace: 9, angle: furthest + 0.01) == .unseen)
        #expect(Familiarity(trained, subspace: 9, angle: furthest + 2 * .pi - 1) == .turnedFurther)
        #expect(Familiarity(trained, subspace: 0, angle: 700) == .turnedFurther)
    }

    @Test func effectiveDistanceOverTrueDistance() throws {
        let view = DistanceCurveView(methods: try Samples.methods(), query: 2_000, key: 87, look: Look(depth: .none))
        let text = picture(80, 20, facts: view.facts, footer: view.footer) { view.draw(in: $0, on: &$1) }
        #expect(Golden.difference(text, "distance-curve") == nil)
    }

    @Test func attentionByDistance() {
        let view = Samples.profileView()
        let text = picture(80, 18, facts: view.facts, footer: view.footer) { view.draw(in: $0, on: &$1) }
        #expect(Golden.difference(text, "distance-attention") == nil)
    }

    @Test func effectiveDistancesAsAMap() throws {
        let view = try Samples.distanceMapView()
        let text = picture(60, 18, facts: view.facts, footer: view.footer) { view.draw(in: $0, on: &$1) }
        #expect(Golden.difference(text, "distance-map") == nil)
    }
}
