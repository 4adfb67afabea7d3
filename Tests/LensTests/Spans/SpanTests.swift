import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkLens

@Suite struct SpanTests {
    @Test func spansAreJoinedAndOrdered() throws {
        let span = try #require(TokenSpan([7..<9, 1..<3, 3..<4, 8..<12, 5..<5]))
        #expect(span.ranges == [1..<4, 7..<12] && span.count == 8 && span.first == 1 && span.last == 11)
        #expect(span.text == "8 tokens" && TokenSpan(1204).text == "1,204")
        #expect(span.clamped(below: 8)?.ranges == [1..<4, 7..<8] && span.clamped(below: 1) == nil)
        #expect(TokenSpan([]) == nil && TokenSpan([4..<4]) == nil)
    }

    /// Rows, columns and shares of several tokens are the means and sums of those of each.
    @Test(arguments: [[200..<230], [3..<4, 40..<60, 250..<300]]) func spansAreSumsOfTokens(ranges: [Range<Int>]) throws
    {
        let lens = Lens(try Sample.recording(300))
        let span = try #require(TokenSpan(ranges))
        let (layer, head) = (1, 3)
        let rows = lens.rows(layer: layer, head: head, queries: span.tokens)
        let row = lens.spanRow(layer: layer, head: head, queries: span)
        #expect(row.done == span.count && row.mean.count == span.last + 1)
        for key in [0, 1, 39, 45, 199, 229] where key <= span.last {
            let weights = rows.map { key < $0.weights.count ? $0.weights[key] : 0 }
            #expect(abs(row.mean[key] - weights.reduce(0, +) / Float(span.count)) < 1e-6)
            #expect(row.highest[key] == weights.max())
        }
        #expect(abs(row.mean.reduce(0, +) - 1) < 1e-4)
        let column = lens.spanColumn(layer: layer, head: head, keys: span)
        for query in [10, 60, 230, 299] {
            let weights = try #require(lens.row(layer: layer, head: head, query: query)).weights
            let sum = span.tokens.reduce(Float(0)) { $0 + ($1 < weights.count ? weights[$1] : 0) }
            #expect(abs(column.weights[query] - sum) < 1e-5)
        }
        let values = lens.valueShares(of: row, layer: layer, head: head)
        #expect(values.count == row.mean.count && abs(values.reduce(0, +) - 1) < 1e-4)
    }

    /// From several queries to several keys, of all heads: from the recorded sums, and from whole rows.
    @Test func headsAreRankedBetweenSpans() throws {
        let lens = Lens(try Sample.recording(300))
        let (queries, keys) = (try #require(TokenSpan([200..<212])), try #require(TokenSpan([100..<120, 205..<208])))
        let fast = try #require(lens.completeSpanShares(queries: queries, keys: keys, withValues: false))
        let whole = try #require(lens.completeSpanShares(queries: queries, keys: keys, withValues: true))
        let shape = lens.recording.shape
        #expect(fast.meanWeights.count == shape.layers * shape.heads && fast.meanValues.isEmpty)
        for (index, weight) in fast.meanWeights.enumerated() {
            #expect(abs(weight - whole.meanWeights[index]) < 1e-5)
            let mean =
                lens.rows(layer: index / shape.heads, head: index % shape.heads, queries: queries.tokens)
                .reduce(Float(0)) { sum, row in
                    sum + keys.tokens.reduce(0) { $0 + ($1 < row.weights.count ? row.weights[$1] : 0) }
                } / 12
            #expect(abs(weight - mean) < 1e-5)
            let one = try #require(lens.placeShares(layer: index / shape.heads, query: 211, keys: 100..<120))
            if index == 7 { #expect(one.count == shape.heads) }
        }
        let single = try #require(
            lens.completeSpanShares(queries: TokenSpan(211), keys: TokenSpan(110), withValues: true))
        let place = try #require(lens.placeShares(layer: 1, query: 211, keys: 110..<111))
        for head in 0..<shape.heads {
            #expect(abs(single.meanValues[shape.heads + head] - place[head].byValue) < 1e-5)
        }
        #expect(lens.spanShares(queries: TokenSpan(4), keys: TokenSpan(9), withValues: false) == nil)
        #expect(lens.spanShares(queries: TokenSpan(400), keys: TokenSpan(9), withValues: false) == nil)
    }

    /// What is known on the way is right for the queries that it says it is of.
    @Test func partsAreRightForWhatTheySay() throws {
        let lens = Lens(try Sample.recording(300))
        var received = lens.receivedAttention(layers: [1], heads: [2, 3])
        var seen = 0
        while !received.isComplete {
            lens.extend(&received)
            if received.done > 0, received.done != seen {
                seen = received.done
                #expect(abs(received.shares.reduce(0, +) - 1) < 1e-4)
            }
        }
        let tokens = lens.recording.tokens
        #expect(received.done == tokens)
        for key in [0, 7, 250, 299] {
            var sum: Float = 0
            for head in [2, 3] {
                let column = try #require(lens.attentionColumn(layer: 1, head: head, key: key))
                sum += column.weights.reduce(0, +)
            }
            #expect(abs(received.shares[key] - sum / Float(2 * tokens)) < 1e-5)
            #expect(abs(received.means[key] - sum / Float(2 * (tokens - key))) < 1e-4)
        }
    }

    /// Of many heads something is known after one query of each.
    @Test func theFirstQueryOfAllHeadsIsSoonKnown() throws {
        let lens = Lens(try Sample.recording(300))
        let shape = lens.recording.shape
        var received = lens.receivedAttention(layers: Array(0..<shape.layers), heads: Array(0..<shape.heads))
        for _ in 0..<shape.layers * shape.heads { lens.extend(&received) }
        #expect(received.done == 1)
        #expect(abs(received.shares.reduce(0, +) - 1) < 1e-4)
    }

    /// A preview has rows of several queries, and knows no column.
    @Test func previewsKnowRowsAlone() throws {
        let recording = try Sample.recording(300)
        let window = try Scenario(parsing: ["window:size=64"])
        let lens = Lens(recording: recording, scenario: window)
        let span = try #require(TokenSpan([200..<203]))
        let row = lens.spanRow(layer: 0, head: 0, queries: span)
        #expect(!row.isMissing && row.mean[100] == 0 && abs(row.mean.reduce(0, +) - 1) < 1e-4)
        #expect(lens.spanColumn(layer: 0, head: 0, keys: span).isMissing)
        let shares = try #require(lens.completeSpanShares(queries: span, keys: TokenSpan(190), withValues: false))
        #expect(!shares.isMissing && shares.meanWeights.allSatisfy(\.isFinite))
    }

    /// Entropies are those of the rows.
    @Test func entropiesAreThoseOfTheRows() throws {
        let lens = Lens(try Sample.recording(300))
        let entropies = try #require(Entropies(lens.recording, layers: [0, 1], heads: [0, 3]))
        for query in [0, 1, 99, 299] {
            let all = try [(0, 0), (0, 3), (1, 0), (1, 3)].map {
                try #require(lens.row(layer: $0.0, head: $0.1, query: query)).entropy
            }
            #expect(abs(entropies.mean[query] - all.reduce(0, +) / 4) < 1e-3)
            #expect(abs(entropies.highest[query] - (all.max() ?? 0)) < 1e-3)
            #expect(abs(entropies.lowest[query] - (all.min() ?? 0)) < 1e-3)
        }
        #expect(Entropies(lens.recording, layers: [9], heads: [0]) == nil)
    }
}
