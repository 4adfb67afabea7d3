import RopewalkMethods

extension RunSetup {
    /// The keys of a layer that queries can see at all, so that a run need keep no others; nil where they may see any, and
    /// where something but the windows reads the keys of a cache.
    func reach(layer: Int) -> KeyReach? {
        guard kind == .decoder, compression == nil, stateSelection(layer) == nil, slotMemory == nil, globals.isEmpty
        else { return nil }
        var reaches: [String: KeyReach] = [:]
        for head in 0..<heads {
            let windows = windows(layer: layer, head: head)
            let name = windows.map(\.identity).joined(separator: " ")
            if reaches[name] != nil { continue }
            guard let reach = KeyReach(windows, tokens: keys) else { return nil }
            reaches[name] = reach
        }
        return reaches.values.reduce(nil) { $0?.union($1) ?? $1 }
    }
}
