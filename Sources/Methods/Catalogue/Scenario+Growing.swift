/// Whether a text can grow under a scenario without a change of what its tokens see.
extension Scenario {
    /// Masks whose rows stay the same when tokens are added behind the text (within the causal limit, which hides those).
    ///
    /// Not among them are masks that are given for one length, and those whose blocks, draws or last parts depend on it.
    private static let keepingRows: [any WindowMethod.Type] = [
        Full.self, Causal.self, SlidingWindow.self, LambdaWindow.self, StreamingWindow.self, DilatedWindow.self,
        Longformer.self, GlobalTokens.self, Strided.self, Fixed.self, Banded.self, BlockLocal.self, Chunked.self,
        HierarchicalChunk.self, HierarchicalSegments.self, ShiftedGroups.self, LongNet.self,
        PrefixWindow.self, DocumentMask.self, TransformerXL.self, CompressiveWindow.self, DynamicHeads.self,
    ]

    /// The first mask, selection or compression whose rows may change when the text grows; nil where none does.
    package func changingMethod(_ windows: [any WindowMethod]) -> (any Method)? {
        if let window = windows.first(where: { !Self.keepsRows($0) }) { return window }
        if let stateSelection, stateSelection.readsAhead { return stateSelection }
        return compression is any PartedMethod ? compression : nil
    }

    package static func keepsRows(_ window: any WindowMethod) -> Bool {
        switch window {
        case let scoped as ScopedWindow: keepsRows(scoped.window)
        case let union as UnionWindow: union.parts.allSatisfy(keepsRows)
        default: keepingRows.contains { $0 == type(of: window) }
        }
    }
}
