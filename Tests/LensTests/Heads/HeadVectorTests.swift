import Foundation
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkLens

/// Measures of heads on given maps: the worked examples of an independent script.
struct HeadVectorTests {
    private let examples: WorkedExamples

    init() throws { examples = try WorkedExamples("heads") }

    /// Numbers are written with nine digits; weights are float32.
    private static let tolerance = 1e-6

    private func map(_ id: String) throws -> [[Float]] {
        let rows: [[Double]] = try examples.value(id, "inputs", "A")
        // A causal query sees the keys up to itself.
        return rows.enumerated().map { query, row in row[...query].map { Float($0) } }
    }

    private func measures(_ id: String, ids: [Int32], sinkTokens: Int = 1) throws -> HeadMeasures {
        var measures = HeadMeasures(sinkTokens: sinkTokens)
        let targets = TokenTargets(ids)
        for (query, row) in try map(id).enumerated() { measures.add(row, query: query, targets: targets) }
        return measures
    }

    private func expect(_ found: Double?, _ id: String, _ name: String) throws {
        let expected: Double = try examples.value(id, "outputs", name)
        #expect(abs(try #require(found) - expected) < Self.tolerance, "\(name)")
    }

    @Test func rowsOfAMap() throws {
        let id = "head_measures_5"
        let rows = try map(id).enumerated().map { RowMeasures($1, query: $0) }
        func expect(_ values: [Double?], _ name: String) throws {
            let expected: [Any] = try examples.value(id, "outputs", name)
            #expect(values.count == expected.count)
            for (found, number) in zip(values, expected) {
                // One key has no entropy to speak of.
                guard let number = number as? Double else { #expect(found == nil); continue }
                #expect(abs(try #require(found) - number) < Self.tolerance, "\(name)")
            }
        }
        try expect(rows.map(\.entropy), "entropy_nats")
        try expect(rows.map(\.normalisedEntropy), "entropy_normalised")
        try expect(rows.map(\.effectiveKeys), "effective_keys_exp_entropy")
        try expect(rows.map(\.distance), "mean_distance")
        #expect(rows.map(\.uniformDistance) == [0, 0.5, 1, 1.5, 2])
    }

    @Test func meansOfAMap() throws {
        let id = "head_measures_5"
        let measures = try measures(id, ids: [1, 2, 3, 4, 5])
        try expect(measures.meanEntropy, id, "mean_entropy")
        try expect(measures.distance, id, "head_mean_distance")
        try expect(measures.sink.weight, id, "sink_mass_first1")
        try expect(self.measures(id, ids: [1, 2, 3, 4, 5], sinkTokens: 2).sink.weight, id, "sink_mass_first2")
        try expect(measures.previousToken.weight, id, "previous_token")
        try expect(measures.itself.weight, id, "self")
        // Of equal weights the first token has 1/2, 1/3, 1/4, 1/5.
        let even = [2, 3, 4, 5].reduce(0) { $0 + 1 / Double($1) } / 4
        let chance = try #require(measures.sink.chance)
        #expect(abs(chance - even) < 1e-12)
        #expect(measures.duplicate.weight == nil && measures.induction.queries == 0 && measures.queries == 5)
    }

    @Test(arguments: [("duplicate_targets_7", TokenTargets.Pattern.duplicate), ("induction_targets_7", .induction)])
    func targetsAreMasks(id: String, pattern: TokenTargets.Pattern) throws {
        let tokens: [Int] = try examples.value(id, "params", "tokens", section: "masks")
        let rows: [String] = try examples.value(id, "rows", section: "masks")
        let targets = TokenTargets(tokens.map { Int32($0) })
        for (query, row) in rows.enumerated() {
            let keys = targets.keys(pattern, of: query)
            #expect(String(tokens.indices.map { keys.contains($0) ? "1" : "0" }) == row)
        }
        #expect(targets.keys(pattern, of: 7).isEmpty && targets.keys(pattern, of: -1).isEmpty)
        // Every earlier time counts, the latest first.
        let often = TokenTargets([5, 5, 6, 5])
        #expect(often.keys(pattern, of: 3) == (pattern == .duplicate ? [1, 0] : [2, 1]))
    }

    @Test func tokensThatCameTwice() throws {
        let id = "induction_scores_7"
        let tokens: [Int] = try examples.value(id, "inputs", "tokens")
        let measures = try measures(id, ids: tokens.map { Int32($0) })
        try expect(measures.induction.weight, id, "induction")
        try expect(measures.duplicate.weight, id, "duplicate")
        #expect(measures.induction.queries == 3 && measures.duplicate.queries == 3)
        let offset: Int = try examples.value(id, "outputs", "stripe_offset")
        let targets = TokenTargets(tokens.map { Int32($0) })
        for query in 4..<7 { #expect(targets.keys(.induction, of: query) == [query - offset]) }
    }

    @Test func copiesOfAPassage() throws {
        let id = "retrieval_head_score"
        let prompt: [Int] = try examples.value(id, "inputs", "prompt")
        let needle: [Int] = try examples.value(id, "inputs", "needle")
        let steps: [[String: Int]] = try examples.value(id, "inputs", "steps")
        var score = CopyScore(prompt.map { Int32($0) }, needle: needle[0]..<needle[1])
        for step in steps {
            score.add(key: try #require(step["argmax_key"]), written: Int32(try #require(step["generated"])))
        }
        try expect(score.byStep, id, "released_code")
        try expect(score.byToken, id, "paper_set_form")
        #expect(score.steps == 5 && score.hits == 3)
        score.add(key: -1, written: 17)
        #expect(score.hits == 3 && score.steps == 6)
    }

    @Test func weightsTimesLengths() throws {
        let id = "value_norm_weighted"
        let rows: [[Double]] = try examples.value(id, "inputs", "A")
        let lengths: [Double] = try examples.value(id, "inputs", "f_norms")
        let weighted: [[Double]] = try examples.value(id, "outputs", "weighted")
        let shares: [[Double]] = try examples.value(id, "outputs", "row_normalised")
        for (row, weights) in rows.enumerated() {
            let found = ValueWeights(weights.map { Float($0) }, values: lengths.map { Float($0) })
            #expect(zip(found.lengths, weighted[row]).allSatisfy { abs(Double($0) - $1) < Self.tolerance })
            #expect(zip(found.shares, shares[row]).allSatisfy { abs(Double($0) - $1) < Self.tolerance })
        }
        #expect(ValueWeights([0.5, 0.5], values: [0, 0]).shares == [0, 0])
    }

    /// Two layers, the upper one first.
    @Test func rolloutOfTwoLayers() throws {
        let id = "rollout_flow_2x3"
        let layers: [[[Double]]] = [
            try examples.value(id, "inputs", "layer2"), try examples.value(id, "inputs", "layer1"),
        ]
        let expected: [[Double]] = try examples.value(id, "outputs", "rollout")
        for query in 0..<3 {
            var rollout = Rollout(query: query, tokens: 0..<3, top: 1, byValue: false)
            for layer in layers {
                // A head of weights that are all given: what no query has come to adds nothing.
                rollout.add(layer.map { $0.map { Float($0) } }, of: [0, 1, 2], heads: 1, isLast: true)
            }
            #expect(rollout.isComplete && rollout.outside < 1e-6)
            #expect(
                zip(rollout.shares, expected[query]).allSatisfy { abs(Double($0) - $1) < Self.tolerance },
                "\(rollout.shares)")
        }
    }
}
