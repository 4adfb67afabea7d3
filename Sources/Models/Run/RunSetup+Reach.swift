import RopewalkMethods

extension RunSetup {
    /// The keys of a layer that queries can see at all; nil where they may see any.
    func reach(layer: Int) -> KeyReach? {
        LayerReach(
            traits: modelTraits, kind: kind, layers: layerTraits, scenario: scenario, heads: heads, tokens: keys,
            hasGlobals: !globals.isEmpty
        ).of(layer)
    }
}
