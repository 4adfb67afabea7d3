import Foundation
import RopewalkKernels
import RopewalkMethods
import RopewalkModels

/// Which chunks of a text read which neighbours, and what one query reads of them (RETRO).
///
/// As published a frozen encoder finds neighbours and trained cross-attention reads them. Here the means of the model's last
/// states find them, and the model's own query meets their keys, both without positions: what it might look for.
package struct ChunkRetrieval: Equatable, Sendable {
    package struct Neighbour: Equatable, Sendable {
        /// Whether it is of the other text.
        package let isOther: Bool
        /// A chunk and the one that follows it.
        package let tokens: Range<Int>
        /// Between the means of the last states.
        package let distance: Float
    }

    /// A neighbour of the query's chunk as the query reads it.
    package struct Reading: Equatable, Sendable {
        package let neighbour: Neighbour
        /// Its share of a softmax over all tokens of the chunk's neighbours.
        package let weight: Float
        /// The token that gets most of that.
        package let token: Int
    }

    package let chunk: Int
    /// Of every whole chunk, the nearest first. [chunk]
    package let neighbours: [[Neighbour]]
    package let query: Int
    /// The chunk whose neighbours the query reads; nil before the first is complete.
    package let readChunk: Int?
    package let readings: [Reading]
}

extension Lens {
    /// The neighbours of every whole chunk, and what a query reads of them; nil where the query is not recorded.
    /// - Parameter other: another text, read by the same model, whose chunks are found in place of the text's earlier ones
    package func chunkRetrieval(
        layer: Int, head: Int, query: Int, chunk: Int, neighbours count: Int, other: Recording? = nil
    ) -> ChunkRetrieval? {
        guard chunk > 0, recording.kind == .decoder, other.map({ $0.shape == shape && $0.kind == .decoder }) ?? true,
            let state = recording.query(layer: layer, head: head, token: query).map({ Array($0) })
        else { return nil }
        let all = chunkNeighbours(chunk: chunk, count: count, other: other)
        let own = RETRO(chunk: chunk, neighbours: max(1, count), window: 1).neighbourChunk(query: query)
        let read = own.flatMap { all.indices.contains($0) ? $0 : nil }
        let scale = setup.layerTraits[layer].scoreScale * queryScale(layer, query: query)
        let found = read.map { all[$0] } ?? []
        let scores = found.map { neighbour in
            neighbour.tokens.map { token -> Float in
                let source = neighbour.isOther ? other ?? recording : recording
                let key = source.key(layer: layer, keyValueHead: keyValueHead(of: head), token: token) ?? []
                return zip(state, key).reduce(0) { $0 + $1.0 * $1.1 } * scale
            }
        }
        let highest = scores.joined().max() ?? 0
        let sum = scores.joined().reduce(0) { $0 + expf($1 - highest) }
        let readings = zip(found, scores).map { neighbour, scores in
            let strongest = scores.indices.max { scores[$0] < scores[$1] } ?? 0
            return ChunkRetrieval.Reading(
                neighbour: neighbour, weight: scores.reduce(0) { $0 + expf($1 - highest) } / sum,
                token: neighbour.tokens.lowerBound + strongest)
        }
        return ChunkRetrieval(chunk: chunk, neighbours: all, query: query, readChunk: read, readings: readings)
    }

    /// - Returns: of every whole chunk its nearest, [chunk]
    private func chunkNeighbours(chunk: Int, count: Int, other: Recording?) -> [[ChunkRetrieval.Neighbour]] {
        let own = recording.chunkMeans(chunk)
        let others = other.map { $0.chunkMeans(chunk) }
        let end = other?.tokens ?? recording.tokens
        return workers.map(own.count) { index in
            // What is found and what follows it ends before the chunk begins.
            let candidates = others ?? Array(own.prefix(max(0, index - 1)))
            let distances = candidates.map { -Double(Self.gap($0, own[index])) }
            let nearest = MemorizingTransformer.nearest(max(0, count), scores: distances)
            return nearest.sorted { (distances[$1], $0) < (distances[$0], $1) }.map { place in
                let first = place * chunk
                return ChunkRetrieval.Neighbour(
                    isOther: other != nil, tokens: first..<min(first + 2 * chunk, end),
                    distance: Float(-distances[place]))
            }
        }
    }

    private static func gap(_ a: [Float], _ b: [Float]) -> Float {
        var sum: Float = 0
        for i in a.indices { sum += (a[i] - b[i]) * (a[i] - b[i]) }
        return sum.squareRoot()
    }
}

extension Recording {
    /// The means of the last states of every whole chunk. [chunk][hidden]
    fileprivate func chunkMeans(_ chunk: Int) -> [[Float]] {
        (0..<tokens / chunk).map { index in
            // Of reversible blocks two streams.
            var mean = [Float](repeating: 0, count: lastHidden(of: index * chunk)?.count ?? shape.hidden)
            for token in index * chunk..<(index + 1) * chunk {
                for (i, x) in (lastHidden(of: token) ?? []).enumerated() { mean[i] += x / Float(chunk) }
            }
            return mean
        }
    }
}
