import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Testing

/// What a mask hides and costs, against float64.
struct MaskRowTests {
    @Test(arguments: scenarios) func rowsAgreeWithTheRules(specs: [String]) throws {
        let recording = try Sample.recording(700, specs)
        let lens = Lens(recording: recording, threads: 2)
        let reference = LayerReference(recording, specs, layer: 1, head: 3)
        let values = try (0..<700).map {
            try #require(recording.value(layer: 1, keyValueHead: 1, token: $0)).map(Double.init)
        }
        for query in [0, 1, 15, 63, 64, 130, 255, 256, 444, 699] {
            let row = try #require(lens.maskRow(layer: 1, head: 3, query: query))
            let expected = reference.row(query)
            let full = softmax(reference.scores(query))
            #expect(row.query == query && row.tokens == 700)
            #expect(Set(row.visible.ranges.flatMap { $0 }) == expected.visible, "\(specs) \(query)")
            let kept = expected.visible.reduce(0) { $0 + full[$1] }
            #expect(abs(Double(row.massKept) - kept) < 1e-5)
            let difference = (0..<10).map { i in
                expected.weights.indices.reduce(0) { $0 + (expected.weights[$1] - full[$1]) * values[$1][i] }
            }
            let output = (0..<10).map { i in full.indices.reduce(0) { $0 + full[$1] * values[$1][i] } }
            #expect(abs(Double(row.outputError) - length(difference) / length(output)) < 1e-4)
            try check(row, lens, specs)
        }
    }

    private func softmax(_ scores: [Double]) -> [Double] {
        let highest = scores.max() ?? 0
        let powers = scores.map { exp($0 - highest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }

    private func length(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    /// Stretches hold every key once, and every key's own reason.
    private func check(_ row: MaskRow, _ lens: Lens, _ specs: [String]) throws {
        #expect(row.stretches.first?.keys.lowerBound == 0 && row.stretches.last?.keys.upperBound == row.query + 1)
        for (a, b) in zip(row.stretches, row.stretches.dropFirst()) {
            #expect(a.keys.upperBound == b.keys.lowerBound && a.rule != b.rule)
        }
        for stretch in row.stretches {
            for key in stretch.keys where row.query < 300 || key % 7 == 0 || !stretch.keys.contains(key + 1) {
                let reason = try #require(lens.reason(layer: 1, head: 3, query: row.query, key: key))
                #expect(reason.rule == stretch.rule, "\(specs) \(row.query), \(key)")
                #expect(reason.isVisible == row.visible.contains(key), "\(specs) \(row.query), \(key)")
            }
        }
        if row.query + 1 < 700 {
            #expect(lens.reason(layer: 1, head: 3, query: row.query, key: row.query + 1)?.rule == .future)
        }
    }

    @Test func theThresholdIsTheLowestSelectedScore() throws {
        let specs = ["topk:k=7,window=16,sink=2"]
        let recording = try Sample.recording(700, specs)
        let lens = Lens(recording: recording, threads: 2)
        let reference = LayerReference(recording, specs, layer: 1, head: 0)
        for query in [24, 25, 100, 699] {
            let row = try #require(lens.maskRow(layer: 1, head: 0, query: query))
            let scores = reference.scores(query)
            let selected = row.visible.ranges.flatMap { $0 }.filter { $0 >= 2 && query - $0 >= 16 }
            #expect(selected.count == 7)
            if query == 24 {
                // Nothing to choose among: seven candidates for seven places.
                #expect(row.threshold == nil)
            } else {
                let lowest = try #require(selected.map { scores[$0] }.min())
                #expect(abs(Double(try #require(row.threshold)) - lowest) < 1e-5)
                #expect(row.threshold == recording.measure(\.threshold, layer: 1, head: 0, query: query))
            }
        }
    }

    @Test(arguments: scenarios) func theSurveyIsTheMeanOfRows(specs: [String]) throws {
        let recording = try Sample.recording(300, specs)
        let lens = Lens(recording: recording, threads: 2)
        let survey = try #require(lens.maskSurvey(layer: 1, head: 0, limit: 1000))
        #expect(survey.surveyed == 300 && survey.tokens == 300)
        let rows = try (0..<300).map { try #require(lens.maskRow(layer: 1, head: 0, query: $0)) }
        let mean = rows.reduce(0) { $0 + Double($1.massKept) } / 300
        #expect(abs(Double(survey.meanMassKept) - mean) < 1e-5)
        let pairs = rows.reduce(0) { $0 + $1.visible.count }
        #expect(abs(survey.density - Double(pairs) / Double(300 * 301 / 2)) < 1e-9)
        let lost = rows.map { 1 - $0.massKept }.sorted(by: >)
        #expect(survey.worst.count == 16)
        for (item, expected) in zip(survey.worst, lost) {
            #expect(abs(item.massLost - expected) < 1e-5)
            #expect(abs(item.massLost - (1 - rows[item.query].massKept)) < 1e-5)
        }
        let few = try #require(lens.maskSurvey(layer: 1, head: 0, limit: 5))
        #expect(few.surveyed == 5 && Set(few.worst.map(\.query)) == [30, 90, 150, 210, 270])
        #expect(lens.maskSurvey(layer: 1, head: 0, limit: 0) == nil)
    }
}
