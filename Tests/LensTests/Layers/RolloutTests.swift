import RopewalkMethods
import RopewalkModels
import Testing

@testable import RopewalkLens

@Suite struct RolloutTests {
    private func complete(_ lens: Lens, query: Int, tokens: Range<Int>, top: Int, byValue: Bool) throws -> Rollout {
        var rollout = try #require(lens.rollout(query: query, tokens: tokens, top: top, byValue: byValue))
        while !rollout.isComplete {
            lens.extend(&rollout)
            #expect(abs(rollout.shares.reduce(rollout.outside, +) - 1) < 1e-4)
        }
        return rollout
    }

    /// Against the product of whole matrices, ½ I + ½ mean over the heads, cut to the tokens.
    @Test(arguments: [false, true], [[], ["window:size=16"]])
    func itIsTheProductOfTheLayers(byValue: Bool, specs: [String]) throws {
        let lens = Lens(try Sample.recording(300, specs))
        let (query, tokens) = (279, 250..<280)
        let rollout = try complete(lens, query: query, tokens: tokens, top: 1, byValue: byValue)
        #expect(rollout.layersDone == 2 && !rollout.isMissing)
        let heads = lens.recording.shape.heads
        var mass = [Double](repeating: 0, count: tokens.count)
        mass[query - tokens.lowerBound] = 1
        for layer in [1, 0] {
            var next = mass.map { $0 / 2 }
            for (place, token) in tokens.enumerated() {
                for head in 0..<heads {
                    let row = try #require(lens.row(layer: layer, head: head, query: token))
                    let shares = byValue ? lens.valueShares(of: row) : row.weights
                    for (key, share) in zip(tokens, tokens.map { $0 < shares.count ? shares[$0] : 0 }) {
                        next[key - tokens.lowerBound] += mass[place] / 2 * Double(share) / Double(heads)
                    }
                }
            }
            mass = next
        }
        for (found, expected) in zip(rollout.shares, mass) { #expect(abs(Double(found) - expected) < 1e-5) }
        #expect(abs(Double(rollout.outside) - (1 - mass.reduce(0, +))) < 1e-4)
    }

    /// All tokens: nothing is left out; and what cannot be followed is nil.
    @Test func itsBoundsAreChecked() throws {
        let lens = Lens(try Sample.recording(120))
        let rollout = try complete(lens, query: 119, tokens: 0..<120, top: 1, byValue: false)
        #expect(rollout.outside < 1e-4)
        #expect(lens.rollout(query: 119, tokens: 0..<119, top: 1, byValue: false) == nil)
        #expect(lens.rollout(query: 119, tokens: 0..<130, top: 1, byValue: false) == nil)
        #expect(lens.rollout(query: 119, tokens: 0..<120, top: 2, byValue: false) == nil)
    }
}
