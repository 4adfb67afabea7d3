import RopewalkMethods

/// The keys of a layer that queries of a run can see at all, so that its cache need keep no others.
package struct LayerReach {
    let traits: ModelTraits
    let kind: AttentionKind
    let layers: [LayerTraits]
    let scenario: Scenario
    let heads: Int
    /// Tokens of the keys.
    let tokens: Int
    /// Whether some tokens are read by all (Longformer).
    let hasGlobals: Bool

    /// Nil where queries may see any key, and where something but the windows reads a cache: selections by states, compressed
    /// caches, slots, layers that share their keys with others of other windows.
    func of(_ layer: Int) -> KeyReach? {
        guard kind == .decoder, scenario.compression == nil, scenario.slotMemory == nil, !hasGlobals,
            !traits.sharesKeys, scenario.stateSelection == nil, layers[layer].selection == nil
        else { return nil }
        var found: [String: KeyReach] = [:]
        for head in 0..<heads {
            let place = HeadPlace(layer: layer, head: head, layers: layers.count, heads: heads)
            let windows = layers[layer].windows + scenario.windows(in: place)
            let name = windows.map(\.identity).joined(separator: " ")
            if found[name] != nil { continue }
            guard let reach = KeyReach(windows, tokens: tokens) else { return nil }
            found[name] = reach
        }
        return found.values.reduce(nil) { $0?.union($1) ?? $1 }
    }
}
