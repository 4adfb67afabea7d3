/// The layers below one of them that another run has recorded as this one would.
package struct SharedLayers: Sendable {
    /// The first layer that is run.
    package let layer: Int
    /// With states, over the same tokens.
    package let recording: Recording

    package init(below layer: Int, of recording: Recording) {
        self.layer = layer
        self.recording = recording
    }

    /// Nil where it is of other tokens or chunks, has no states, or where layers read more of each other than the stream.
    func fitting(_ ids: [Int32], chunkSize: Int, in stack: Stack) -> SharedLayers? {
        let hasInputs = recording.chunks.allSatisfy { chunk in
            chunk.layers.indices.contains(layer) && chunk.layers[layer].input != nil
        }
        return recording.ids == ids && recording.isComplete && recording.chunkSize == chunkSize && hasInputs
            && stack.altUp == nil && recording.kind != .cross
            && stack.blocks.allSatisfy { $0.cross == nil && $0.mixer.attention?.keysOf == nil }
            ? self : nil
    }

    /// What was recorded of a layer for the tokens of a chunk; nil for those that are run.
    func layer(_ index: Int, _ tokens: Range<Int>) -> RecordedLayer? {
        guard index < layer, let (chunk, _) = recording.place(of: tokens.lowerBound), chunk.tokens == tokens else {
            return nil
        }
        return chunk.layers[index]
    }
}
