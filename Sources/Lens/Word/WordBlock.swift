import RopewalkModels

/// What a head's output becomes in its block: lengths of the vectors that are added to a token's state.
package struct WordBlock: Equatable, Sendable {
    /// |output projection · output| of the head, without the bias; 0 where the scenario leaves the head out.
    package let projected: Float
    /// Whether the scenario leaves the head out.
    package let isLeftOut: Bool
    /// The same of all heads together, with the bias; nil where the states cannot be made again.
    package let allHeads: Float?
    /// Of what all heads give by the projection, what the head is: projected · all / |all|².
    package let share: Float?
    /// |state| before the block, after attention and after the block; the second is nil where attention and feed-forward layer
    /// are added together.
    package let before: Float?
    package let attended: Float?
    package let after: Float?
    /// The first numbers of what the head adds, so that they can be found in a trace. [hidden]
    package let vector: [Float]
}

extension Lens {
    /// What becomes of the output of a reading; nil where the model has no such head.
    /// - Parameter logitLens: of the same token, which has the states of the blocks; nil where nobody has
    package func wordBlock(_ reading: WordReading, of model: Model, logitLens: LogitLens?) -> WordBlock? {
        guard
            var vector = model.projected(
                reading.output, layer: reading.layer, head: reading.head, of: recording.kind, threads: workers.count)
        else { return nil }
        let isLeftOut = setup.headsLeftOut(reading.layer).contains(reading.head)
        if isLeftOut { vector = vector.map { _ in 0 } }
        let replay = logitLens?.problem == nil ? logitLens?.replay : nil
        let states = replay.flatMap { $0.attended.indices.contains(reading.layer) ? $0 : nil }
        let all = states?.attended[reading.layer]
        let square = all?.projected.reduce(0) { $0 + $1 * $1 } ?? 0
        let share = all.map {
            zip($0.projected, vector).reduce(0) { $0 + $1.0 * $1.1 } / max(square, .leastNormalMagnitude)
        }
        return WordBlock(
            projected: WordReading.length(vector), isLeftOut: isLeftOut,
            allHeads: all.map { WordReading.length($0.projected) }, share: share,
            before: states.map { WordReading.length($0.states[reading.layer]) },
            attended: all?.state.map(WordReading.length),
            after: states.map { WordReading.length($0.states[reading.layer + 1]) }, vector: vector)
    }
}
