import RopewalkLens
import Testing

@testable import RopewalkViews

@Suite struct ScaleTests {
    static let weights: [Float] = [0.6, 0.0001, 0.002, 0.02, 0.05, 0, .nan, 0.1, 0.02]

    @Test(arguments: Scale.Kind.allCases) func neverFallsWithTheWeight(kind: Scale.Kind) {
        let scale = Scale(kind: kind, weights: Self.weights, leavingOutFirst: 1)
        var before: Float = 0
        for step in 0...4000 {
            let position = scale.position(of: Float(step) / 4000 * 0.7)
            #expect(position >= before && position <= 1)
            before = position
        }
        #expect(before == 1)
    }

    @Test(arguments: Scale.Kind.allCases) func takesAnyWeight(kind: Scale.Kind) {
        let scale = Scale(kind: kind, weights: Self.weights)
        for weight: Float in [.nan, -1, 0, -Float.infinity] { #expect(scale.position(of: weight) == 0) }
        #expect(scale.position(of: Float.infinity) == 1)
        #expect(Scale(kind: kind, weights: []).position(of: 0.5) == 0)
        #expect(Scale(kind: kind, weights: [Float.nan, Float.infinity, 0]).position(of: 0.5) == 0)
    }

    @Test func leavesOutSinksButNeverEverything() {
        #expect(Scale(kind: .linear, weights: Self.weights).highest == 0.6)
        let scale = Scale(kind: .linear, weights: Self.weights, leavingOutFirst: 1)
        #expect(scale.highest == 0.1)
        #expect(scale.remarks.first == "first token left out of the scale")
        #expect(Scale(kind: .linear, weights: [1], leavingOutFirst: 1).highest == 1)
    }

    @Test func logarithmicReachesAHundredthOfARowAndAThousandthOfAMap() {
        let row = Scale(kind: .logarithmic, weights: [0.5])
        #expect(row.position(of: 0.005) < 0.001)
        #expect(abs(row.position(of: 0.05) - 0.5) < 0.001)
        #expect(abs(row.lowest - 0.005) < 0.0001)
        let request = MapRequest(layer: 0, head: 0, cell: 1, rows: 1, columns: 1)
        let image = MapImage(request: request, values: [0.5], provenance: .exact)
        let map = Scale(kind: .logarithmic, image: image)
        #expect(map.position(of: 0.0005) < 0.001)
        #expect(abs(map.position(of: 0.05) - 2 / 3) < 0.001)
    }

    @Test func quantileIsTheShareOfLowerWeights() {
        let weights = (1...1000).map { Float($0) / 1000 }
        let scale = Scale(kind: .quantile, weights: weights)
        for share in stride(from: Float(0.1), to: 1, by: 0.1) {
            // A bin holds a sixteenth of a doubling; inside it the share is read off a straight line.
            #expect(abs(scale.position(of: share) - share) < 0.01)
        }
    }

    @Test func mapLeavesOutTheColumnsOfTheFirstTokens() {
        let image = Samples.map(rows: 20, columns: 20, cell: 4, recorded: 80)
        #expect(Scale(kind: .linear, image: image).highest > 0.8)
        #expect(Scale(kind: .linear, image: image, leavingOutFirst: 1).highest < 0.45)
    }
}
