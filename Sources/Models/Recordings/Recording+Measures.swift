import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

extension Recording {
    /// Refuses a recording in files that lacks what its answers are made of, or whose parts have different measures.
    func requireMeasures(in folder: RecordingFolder) throws(ModelError) {
        for layer in 0..<shape.layers where hasAttention(layer: layer) {
            var first: [Bool]?
            for chunk in chunks {
                let recorded = chunk.layers[layer]
                let (summary, count) = (recorded.attention, shape.heads * chunk.tokens.count)
                func lacks(_ name: String) -> ModelError {
                    folder.problem(
                        say(
                            "parts: \(kind.rawValue).\(layer).\(name) is missing of tokens from \(chunk.tokens.lowerBound) on"
                        ))
                }
                if scenario.kernel == nil, !summary.logSumExp.isInFiles { throw lacks("log_sum_exp") }
                if scenario.selection != nil, summary.threshold.count != count || summary.lastTie.count != count {
                    throw lacks("threshold")
                }
                if setup.stateSelection(layer) != nil, recorded.choices == nil { throw lacks("choice_starts") }
                let has = [
                    summary.hasPairs, summary.poolColumns > 0, summary.distance.isInFiles, summary.sink.isInFiles,
                    summary.previous.isInFiles, recorded.choices != nil, chunk.lastWidth > 0,
                ]
                guard first == nil || first == has else {
                    throw folder.problem(
                        say(
                            "parts: those of layer \(layer) have different measures from token \(chunk.tokens.lowerBound) on"
                        ))
                }
                first = has
            }
        }
    }
}
