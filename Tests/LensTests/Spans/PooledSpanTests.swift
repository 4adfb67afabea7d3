import Testing

@testable import RopewalkLens

struct PooledSpanTests {
    private func complete(_ pooled: PooledSpan, _ lens: Lens) -> PooledSpan {
        var pooled = pooled
        while !pooled.isComplete { lens.extend(&pooled) }
        return pooled
    }

    /// Of every head the mean over the queries, or the sum over the keys; over the heads mean and highest.
    @Test(arguments: [false, true]) func itIsTheMeanOfTheHeads(isColumn: Bool) throws {
        let lens = Lens(try Sample.recording(200))
        let span = try #require(TokenSpan([20..<24, 90..<97]))
        let pooled = complete(PooledSpan(span, isColumn: isColumn, layers: 0..<2), lens)
        let weights = try #require(pooled.weights)
        #expect(pooled.layersDone == 2 && weights.heads == 2 * lens.shape.heads)
        let heads = (0..<2).flatMap { layer in
            (0..<lens.shape.heads).map { head in
                isColumn
                    ? lens.spanColumn(layer: layer, head: head, keys: span).weights
                    : lens.spanRow(layer: layer, head: head, queries: span).mean
            }
        }
        for token in [0, 5, 21, 80, 93, 96] {
            let all = heads.map { $0[token] }
            #expect(abs(weights.mean[token] - all.reduce(0, +) / Float(all.count)) < 1e-6)
            #expect(weights.highest[token] == all.max())
        }
    }

    /// Sinks of a head do not count in it.
    @Test func whatIsLeftOutDoesNotCount() throws {
        let lens = Lens(try Sample.recording(100))
        let span = try #require(TokenSpan([40..<50]))
        var out = [Set<Int>](repeating: [], count: lens.shape.heads)
        out[1] = [0, 45]
        let (rows, columns) = (
            complete(PooledSpan(span, isColumn: false, layers: 0..<1, leavingOut: [out]), lens),
            complete(PooledSpan(span, isColumn: true, layers: 0..<1, leavingOut: [out]), lens)
        )
        let all = (0..<lens.shape.heads).map { lens.spanRow(layer: 0, head: $0, queries: span).mean[0] }
        #expect(abs(try #require(rows.weights).sum[0] - (all.reduce(0, +) - all[1])) < 1e-5)
        let sums = (0..<lens.shape.heads).map { head in
            span.tokens.filter { !out[head].contains($0) }.reduce(Float(0)) {
                $0 + lens.spanColumn(layer: 0, head: head, keys: TokenSpan($1)).weights[70]
            }
        }
        #expect(abs(try #require(columns.weights).sum[70] - sums.reduce(0, +)) < 1e-5)
    }

    @Test func layersThatAreNotThereAreMissing() throws {
        let lens = Lens(try Sample.recording(20))
        #expect(complete(PooledSpan(TokenSpan(3), isColumn: false, layers: 40..<41), lens).isMissing)
    }
}
