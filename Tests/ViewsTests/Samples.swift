import Foundation
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkTokenizers
import TestSupport

@testable import RopewalkViews

/// Hand-made data that the views are drawn from.
enum Samples {
    static let book = """
        Alice was beginning to get very tired of sitting by her sister on the
        bank, and of having nothing to do: once or twice she had peeped into
        the book her sister was reading, but it had no pictures or
        conversations in it, “and what is the use of a book,” thought Alice
        “without pictures or conversations?”

        So she was considering in her own mind (as well as she could, for the
        hot day made her feel very sleepy and stupid), whether the pleasure of
        making a daisy-chain would be worth the trouble of getting up and
        picking the daisies, when suddenly a White Rabbit with pink eyes ran
        close by her.

          “Twinkle, twinkle, little bat!
             How I wonder what you’re at!”

        """

    static let analects = """
        学而篇

        子曰：“学而时习之，不亦说乎？有朋自远方来，不亦乐乎？人不知而不愠，不亦君子乎？”
        有子曰：“其为人也孝弟，而好犯上者，鲜矣；不好犯上而好作乱者，未之有也。君子务本，本立而道生。孝弟也者，其为仁之本与！”
        子曰：“巧言令色，鲜矣仁！”

        """

    static func text(_ string: String) throws -> SourceText { try SourceText(string, name: "sample") }

    static func document(_ string: String) throws -> Document {
        let tokenizer = try Tokenizer(contentsOf: Fixture.path("tokenizers/bytelevel_gpt2/tokenizer.json"))
        return try Document(text: text(string), tokenizer: tokenizer)
    }

    /// A sink, the words just before, and a few peaks far away; sums to 1.
    static func row(query: Int) -> AttentionRow {
        var weights = (0...query).map { key in
            0.001 + 0.3 * exp(-Float(query - key) / 4) + (key % 17 == 5 ? 0.12 : 0) + (key == 0 ? 0.5 : 0)
        }
        let sum = weights.reduce(0, +)
        for key in weights.indices { weights[key] /= sum }
        return AttentionRow(layer: 2, head: 5, query: query, weights: weights, logSumExp: 1)
    }

    /// Sink column, diagonal and one stripe; nothing above the diagonal and past `recorded`.
    static func map(rows: Int, columns: Int, cell: Int, recorded: Int, firstQuery: Int = 0) -> MapImage {
        let request = MapRequest(layer: 2, head: 5, firstQuery: firstQuery, cell: cell, rows: rows, columns: columns)
        var values: [Float] = []
        for row in 0..<rows {
            for column in 0..<columns {
                let query = firstQuery / cell + row
                let distance = query - column
                if distance < 0 || (query + 1) * cell > recorded {
                    values.append(.nan)
                } else {
                    let near = 0.4 * exp(-Float(distance) / 3)
                    values.append(near + (column == 0 ? 0.5 : 0) + (distance == 11 ? 0.2 : 0) + 0.0002)
                }
            }
        }
        return MapImage(request: request, values: values, provenance: .exact)
    }

    static func context(dimensions: Int = 32) -> RotaryContext {
        RotaryContext(dimensions: dimensions, base: 10_000, trainedWindow: 512, tokens: 40_655)
    }

    static func pair(query: Int, key: Int, dimensions: Int = 32) -> PairScore {
        let rotation = RoPE().rotation(in: context(dimensions: dimensions))
        let shares = (0..<dimensions / 2).map { subspace in
            let angle = rotation.angle(subspace, distance: query - key)
            let amplitude = 0.1 + 0.05 * Float(subspace)
            return PairScore.Share(
                subspace: subspace, angle: angle, amplitude: amplitude, contribution: amplitude * Float(cos(angle)))
        }
        return PairScore(
            query: query, key: key, score: shares.reduce(0) { $0 + $1.contribution }, weight: 0.031, shares: shares)
    }

    static func maskRow(query: Int = 1_204) -> MaskRow {
        MaskRow(
            query: query, tokens: 40_655, visible: KeyRanges([0..<4, query - 255..<query + 1]),
            stretches: [
                MaskRow.Stretch(keys: 0..<4, rule: .sink), MaskRow.Stretch(keys: 4..<query - 255, rule: .outside),
                MaskRow.Stretch(keys: query - 255..<query + 1, rule: .window),
            ], massKept: 0.87, outputError: 0.06)
    }

    static let survey = MaskSurvey(
        worst: [(3_310, 0.74), (2_977, 0.69), (1_520, 0.61), (12, 0.2)].map {
            MaskSurvey.Query(query: $0.0, massLost: $0.1)
        }, meanMassKept: 0.91, density: 0.19, surveyed: 512, tokens: 40_655)

    static let reason = VisibilityReason(.outside, "1,204 − 87 = 1,117 ≥ window 256, and 87 ≥ sink 4")

    static func scores(layers: Int, heads: Int) -> [HeadScore] {
        (0..<layers * heads).map { index in
            let part = Float((index * 7) % 11) / 11
            return HeadScore(
                layer: index / heads, head: index % heads, entropy: 1 + 5 * part, meanDistance: 400 * part,
                sink: index % 5 == 0 ? 0.6 : 0.05, previousToken: index % 9 == 3 ? 0.9 : 0.02,
                induction: index % 13 == 8 ? 0.8 : 0.01, retrieval: part * part,
                sinks: index % 5 == 0
                    ? [0, 37, 1204, 2000].prefix(1 + index % 4).map { HeadScore.Sink(key: $0, share: 0.2, weight: 0.1) }
                    : [])
        }
    }

    static func thumbnails(layers: Int, heads: Int, side: Int) -> [MapImage] {
        (0..<layers * heads).map { index in
            let request = MapRequest(layer: index / heads, head: index % heads, cell: 64, rows: side, columns: side)
            let values = (0..<side * side).map { place -> Float in
                let (row, column) = (place / side, place % side)
                if column > row { return .nan }
                return [
                    column == 0 ? 0.9 : 0.01, exp(-Float(row - column)), row - column == index % 4 ? 0.8 : 0.02,
                ][index % 3]
            }
            return MapImage(request: request, values: values, provenance: .exact)
        }
    }
}

/// A view drawn on a grid of its own.
func drawn(width: Int, height: Int, _ draw: (Rect, inout Grid) -> Void) -> Grid {
    var grid = Grid(size: Size(width: width, height: height))
    draw(grid.bounds, &grid)
    return grid
}
