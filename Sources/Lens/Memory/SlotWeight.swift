import Foundation
import RopewalkKernels
import RopewalkMethods
import RopewalkModels

/// What a query reads of one slot of a compressed memory, in one head.
struct SlotWeight: Equatable, Sendable {
    /// Of the text, from 0.
    let slot: Int
    let weight: Float
    /// [dimension]
    let value: [Float]
}

extension Lens {
    /// ln Σ exp of the scores with the slots that a query reads; nil where it reads none.
    func slotLogSumExp(layer: Int, head: Int, query: Int) -> Float? {
        setup.slotMemory == nil ? nil : recording.slotLogSumExp(layer: layer, head: head, query: query)
    }

    /// The slots that a query reads, oldest first; none without a compressed memory.
    /// - Parameter logSumExp: of all that shares the weights
    func slotWeights(layer: Int, head: Int, query: Int, logSumExp: Float) -> [SlotWeight] {
        guard let memory = setup.slotMemory, setup.readsSlots(layer: layer), hasSlots,
            let state = recording.query(layer: layer, head: head, token: query)
        else { return [] }
        let slots = memory.slotRange(before: memory.start(of: query))
        guard !slots.isEmpty else { return [] }
        let (rule, scale) = (setup.rules[layer], setup.layerTraits[layer].scoreScale * queryScale(layer, query: query))
        let turning = PlaceTurning(self, layer: layer)
        let turned = turning.turned(Array(state), at: memory.place(ofQuery: query))
        let keyHead = keyValueHead(of: head)
        return slots.compactMap { slot in
            guard let (key, value) = recording.slot(slot, layer: layer, keyValueHead: keyHead) else { return nil }
            let own = memory.places == .own ? recording.token(ofSlot: slot, layer: layer).map(Double.init) : nil
            let other = turning.turned(key, at: own ?? memory.place(ofSlot: slot))
            let product = zip(turned, other).reduce(Float(0)) { $0 + $1.0 * $1.1 } * scale
            let score = rule.softcap.map { $0 * tanhf(product / $0) } ?? product
            return SlotWeight(slot: slot, weight: expFloat(score - logSumExp), value: value)
        }
    }
}

/// How a layer turns a state at any place.
struct PlaceTurning {
    /// Radians a place; empty where nothing turns. [subspace]
    private let frequencies: [Float]
    private let factor: Float

    init(_ lens: Lens, layer: Int) {
        let setup = lens.setup
        let turning = setup.layerTraits[layer].rope.map {
            setup.modelTraits.encoding(lens.scenario, rope: $0, tokens: max(setup.queries, setup.keys)).pieces[0]
                .queries
        }
        frequencies = turning?.inverseFrequencies.map { Float($0) } ?? []
        factor = Float(turning?.factor ?? 1)
    }

    /// Angles are float32 products, as those of a run.
    func turned(_ state: [Float], at place: Double) -> [Float] {
        var result = state
        for (i, frequency) in frequencies.enumerated() {
            let angle = Double(frequency * Float(place))
            let (c, s) = (Float(cos(angle)) * factor, Float(sin(angle)) * factor)
            let (a, b) = (state[i], state[i + frequencies.count])
            result[i] = a * c - b * s
            result[i + frequencies.count] = b * c + a * s
        }
        return result
    }
}
