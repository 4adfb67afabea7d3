import Foundation
import RopewalkKernels
import RopewalkMethods
import RopewalkModels

/// How a query looks into a memory of keys.
package struct RetrievalSettings: Hashable, Sendable {
    /// Keys that are read of the memory.
    package var count: Int
    /// Last keys of the text that are read beside it, the query's own among them.
    package var window: Int
    /// The share of the memory's output. As published a learned number a head; no model that this program reads has one.
    package var gate: Float
    /// Whether earlier keys of the text itself are part of the memory.
    package var hasOwnText: Bool

    package init(count: Int = 8, window: Int = 512, gate: Float = 0.5, hasOwnText: Bool = true) {
        (self.count, self.window, self.gate, self.hasOwnText) = (count, window, gate, hasOwnText)
    }

    /// With the numbers of a scenario that has such a memory.
    package init(_ scenario: Scenario) {
        self.init()
        guard let method = scenario.stateSelection as? MemorizingTransformer else { return }
        (count, window) = (method.k, method.window)
    }
}

/// What one query of a head reads of the nearest keys of a memory beside the last ones of its text (Memorizing Transformer).
///
/// No model here was trained for it: it is the model's own attention in one layer, put together in another way, and how far
/// that is from what the head gives is part of it. The memory has no positions, so queries and its keys are not turned.
package struct Retrieval: Equatable, Sendable {
    package struct Entry: Equatable, Sendable {
        /// Whether the key is of the other text.
        package let isOther: Bool
        package let token: Int
        /// What keys are chosen by: q·k/(|q||k|).
        package let cosine: Float
        /// q·k · scale.
        package let score: Float
        /// Of the memory's own softmax.
        package let weight: Float
        /// Of one softmax over the memory's keys and the last ones of the text.
        package let joint: Float
    }

    package let query: Int
    /// The nearest first.
    package let entries: [Entry]
    /// Keys that the memory holds.
    package let candidates: Int
    /// The last keys, and what the highest of them get of their own softmax.
    package let window: Range<Int>
    package let local: [WeightedToken]
    package let gate: Float
    /// The share of the memory in one softmax over both.
    package let jointShare: Float
    /// |output − full output| / |full output| of the head: of both softmaxes with the gate, of one over both, and of the
    /// last keys alone.
    package let gatedError: Float
    package let jointError: Float
    package let localError: Float

    /// What the query gives a key in all: (1 − gate) of the last keys', gate of the memory's.
    package func mixed(_ entry: Entry) -> Float { gate * entry.weight }
}

/// g·memory + (1 − g)·local, and one softmax over both. [dimension]
struct MemoryMix {
    let gated: [Float]
    let joint: [Float]
    /// The memory's share of the joint softmax.
    let share: Float

    /// - Parameters:
    ///   - memory, local: outputs of their own softmaxes
    ///   - sums: ln Σ exp of their scores; −infinity where there is none
    init(memory: [Float], local: [Float], sums: (memory: Float, local: Float), gate: Float) {
        let isThere = sums.memory.isFinite
        let share = isThere ? 1 / (1 + expf(sums.local - sums.memory)) : 0
        let g = isThere ? gate : 0
        self.share = share
        gated = zip(memory, local).map { g * $0 + (1 - g) * $1 }
        joint = zip(memory, local).map { share * $0 + (1 - share) * $1 }
    }
}

extension Lens {
    /// What a query reads of a memory; nil where the query is not recorded, or the other text was read by another model.
    /// - Parameter other: another text, read by the same model
    package func retrieval(
        layer: Int, head: Int, query: Int, settings: RetrievalSettings, other: Recording? = nil
    ) -> Retrieval? {
        guard recording.kind == .decoder, other.map({ $0.shape == shape && $0.kind == .decoder }) ?? true,
            let state = recording.query(layer: layer, head: head, token: query).map({ Array($0) })
        else { return nil }
        let first = max(0, query - max(1, settings.window) + 1)
        let plain = with(Scenario(position: scenario.position, ablations: recording.scenario.ablations))
        let near = plain.with(
            Scenario(
                position: scenario.position, windows: [SlidingWindow(size: max(1, settings.window))],
                ablations: recording.scenario.ablations))
        guard let full = FullRows(plain, layer: layer, head: head, queries: [query]),
            let local = FullRows(near, layer: layer, head: head, queries: [query])
        else { return nil }
        let keyHead = keyValueHead(of: head)
        var store = KeyStore()
        if settings.hasOwnText {
            store.add(recording, layer: layer, keyHead: keyHead, tokens: 0..<first, isOther: false)
        }
        if let other { store.add(other, layer: layer, keyHead: keyHead, tokens: 0..<other.tokens, isOther: true) }
        let found = store.nearest(settings.count, to: state, workers: workers)
        let scale = setup.layerTraits[layer].scoreScale * queryScale(layer, query: query)
        let cap = setup.rules[layer].softcap
        let scores = found.map { place -> Float in
            let product = place.product * scale
            return cap.map { $0 * tanhf(product / $0) } ?? product
        }
        let highest = scores.max() ?? -.infinity
        let exponentials = scores.map { expf($0 - highest) }
        let sum = exponentials.reduce(0, +)
        var memory = [Float](repeating: 0, count: shape.headDimension)
        for (place, weight) in zip(found, exponentials) {
            let source = place.isOther ? other ?? recording : recording
            let value = source.value(layer: layer, keyValueHead: keyHead, token: place.token) ?? []
            for (i, x) in value.enumerated() { memory[i] += weight / sum * x }
        }
        let ofWindow = near.output(local, row: 0, layer: layer, head: head)
        let whole = plain.output(full, row: 0, layer: layer, head: head)
        let mix = MemoryMix(
            memory: memory, local: ofWindow,
            sums: (found.isEmpty ? -.infinity : highest + logf(sum), local.logSumExp[0]), gate: settings.gate)
        return Retrieval(
            query: query,
            entries: found.indices.map { index in
                let weight = exponentials[index] / sum
                return Retrieval.Entry(
                    isOther: found[index].isOther, token: found[index].token, cosine: found[index].cosine,
                    score: scores[index], weight: weight, joint: weight * mix.share)
            },
            candidates: store.count, window: first..<query + 1,
            local: TopTokens.highest(8, in: local.weights.copy(row: 0, columns: 0..<keyEnd(query))),
            gate: found.isEmpty ? 0 : settings.gate, jointShare: mix.share,
            gatedError: Self.distance(mix.gated, from: whole), jointError: Self.distance(mix.joint, from: whole),
            localError: Self.distance(ofWindow, from: whole))
    }

    func queryScale(_ layer: Int, query: Int) -> Float {
        let scales = setup.positions(layer).queryScales
        return scales.isEmpty ? 1 : scales[query]
    }
}

/// Keys of one head of recordings, before rotation, to be searched.
struct KeyStore {
    struct Found: Equatable {
        let isOther: Bool
        let token: Int
        let product: Float
        let cosine: Float
    }

    private struct Part {
        let recording: Recording
        let layer: Int
        let keyHead: Int
        let tokens: Range<Int>
        let isOther: Bool
    }

    private var parts: [Part] = []

    mutating func add(_ recording: Recording, layer: Int, keyHead: Int, tokens: Range<Int>, isOther: Bool) {
        parts.append(Part(recording: recording, layer: layer, keyHead: keyHead, tokens: tokens, isOther: isOther))
    }

    var count: Int { parts.reduce(0) { $0 + $1.tokens.count } }

    /// The keys of highest cosine, the highest first, of equal ones the first.
    func nearest(_ count: Int, to query: [Float], workers: Workers) -> [Found] {
        let all = parts.flatMap { part -> [Found] in
            let tiles = part.recording.keyTiles(
                layer: part.layer, keyValueHead: part.keyHead, tokens: part.tokens)
            return workers.map(tiles.count) { index in found(query, tiles[index], part) }.flatMap { $0 }
        }
        let places = MemorizingTransformer.nearest(max(0, count), scores: all.map { Double($0.cosine) })
        return places.sorted { (all[$1].cosine, $0) < (all[$0].cosine, $1) }.map { all[$0] }
    }

    private func found(_ query: [Float], _ tile: KeyTile, _ part: Part) -> [Found] {
        let own = query.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let first = tile.index * tileSize
        return (first..<first + tileSize).clamped(to: part.tokens).map { token in
            let key = tile.key(token - first, dimension: query.count)
            var (product, square): (Float, Float) = (0, 0)
            for (a, b) in zip(query, key) {
                product += a * b
                square += b * b
            }
            let length = own * square.squareRoot()
            return Found(
                isOther: part.isOther, token: token, product: product, cosine: length > 0 ? product / length : 0)
        }
    }
}
