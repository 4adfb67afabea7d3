import Foundation
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkLens

/// Maximum flows, against the worked example and against the smallest of all cuts.
struct AttentionFlowTests {
    @Test func flowsAreThoseOfTheExample() throws {
        let (id, examples) = ("rollout_flow_2x3", try WorkedExamples("heads"))
        let layers: [[[Double]]] = [
            try examples.value(id, "inputs", "layer1"), try examples.value(id, "inputs", "layer2"),
        ]
        let flow = AttentionFlow(means: layers.map { Array($0.joined()) }, count: 3)
        let raw: [[Double]] = try examples.value(id, "outputs", "flow_raw")
        let shares: [[Double]] = try examples.value(id, "outputs", "flow_row_normalised")
        for query in 0..<3 {
            // Written with nine digits.
            #expect(zip(flow.flows(to: query), raw[query]).allSatisfy { abs($0 - $1) < 1e-9 }, "\(query)")
            #expect(zip(flow.shares(to: query), shares[query]).allSatisfy { abs($0 - $1) < 1e-9 }, "\(query)")
        }
    }

    /// A map of a layer, the same every time; the sum of a row is 1.
    private static func map(_ count: Int, seed: UInt64, isCausal: Bool) -> [Double] {
        var numbers = Sample.ids(count * count, seed: seed).map(Double.init).makeIterator()
        return (0..<count).flatMap { query -> [Double] in
            let row = (0..<count).map { key in
                // Many are 0, as they are behind a mask.
                max(0, (numbers.next() ?? 0) - 20) * (isCausal && key > query ? 0 : 1)
            }
            let sum = row.reduce(0, +)
            return row.map { sum > 0 ? $0 / sum : 0 }
        }
    }

    /// The least that can be cut so that nothing comes through: every choice of the tokens between the layers that stay on the
    /// source's side.
    private static func leastCut(_ flow: AttentionFlow, query: Int, key: Int) -> Double {
        let (count, layers) = (flow.count, flow.capacities.count)
        let between = count * (layers - 1)
        var least = Double.infinity
        for choice in 0..<1 << between {
            func isAbove(floor: Int, token: Int) -> Bool {
                if floor == layers { return token == query }
                return floor > 0 && choice >> ((floor - 1) * count + token) & 1 == 1
            }
            var cut = 0.0
            for layer in 0..<layers {
                for upper in 0..<count where isAbove(floor: layer + 1, token: upper) {
                    for lower in 0..<count where layer > 0 || lower == key {
                        if !isAbove(floor: layer, token: lower) { cut += flow.capacities[layer][upper * count + lower] }
                    }
                }
            }
            least = min(least, cut)
        }
        return least
    }

    @Test(arguments: [(3, 1), (3, 2), (3, 3), (4, 3), (2, 5)], [true, false])
    func flowsAreTheSmallestCuts(size: (count: Int, layers: Int), isCausal: Bool) {
        for seed in 1...6 as ClosedRange<UInt64> {
            let maps = (0..<size.layers).map {
                Self.map(size.count, seed: seed * 10 + UInt64($0), isCausal: isCausal)
            }
            let flow = AttentionFlow(means: maps, count: size.count)
            for query in 0..<size.count {
                let found = flow.flows(to: query)
                for key in 0..<size.count {
                    let cut = Self.leastCut(flow, query: query, key: key)
                    #expect(abs(found[key] - cut) < 1e-9, "\(size) \(seed): \(query) \(key)")
                }
            }
        }
    }

    /// Of a run: every flow is at least the rollout, which is one way to send it.
    @Test(arguments: [false, true]) func flowsAreNoLessThanTheRollout(byValue: Bool) throws {
        let lens = Lens(try Sample.recording(60, ["window:size=16"]))
        let (query, tokens) = (53, 30..<54)
        let flow = try #require(lens.attentionFlow(tokens: tokens, top: 1, byValue: byValue))
        var rollout = try #require(lens.rollout(query: query, tokens: tokens, top: 1, byValue: byValue))
        while !rollout.isComplete { lens.extend(&rollout) }
        let flows = flow.flows(to: query - tokens.lowerBound)
        #expect(flows.count == 24 && flows.allSatisfy { $0 <= 1 + 1e-6 })
        for (flow, share) in zip(flows, rollout.shares) { #expect(flow >= Double(share) - 1e-6) }
        #expect(abs(flow.shares(to: 23).reduce(0, +) - 1) < 1e-9)
        #expect(flow.flows(to: 24).isEmpty && flow.shares(to: -1).isEmpty)
    }

    @Test func whatCannotBeFollowed() throws {
        let lens = Lens(try Sample.recording(200))
        #expect(lens.attentionFlow(tokens: 0..<129, top: 1, byValue: false) == nil)
        #expect(lens.attentionFlow(tokens: 0..<0, top: 1, byValue: false) == nil)
        #expect(lens.attentionFlow(tokens: 190..<201, top: 1, byValue: false) == nil)
        #expect(lens.attentionFlow(tokens: 0..<9, top: 2, byValue: false) == nil)
        #expect(lens.attentionFlow(tokens: 0..<9, top: 0, byValue: false)?.capacities.count == 1)
    }
}
