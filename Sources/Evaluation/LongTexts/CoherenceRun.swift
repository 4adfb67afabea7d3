import Foundation
import RopewalkKernels
import RopewalkMethods
import RopewalkModels
import RopewalkScoring

/// Reads pieces of a document with and without what comes before, and says how well they are predicted.
package struct CoherenceRun: Sendable {
    private let model: Model
    private let scenario: Scenario
    private let threads: Int
    private let workers: Workers
    package let sizes: Coherence.Sizes
    /// Asked before every layer.
    package var isCancelled: @Sendable () -> Bool = { false }

    /// - Throws: where the model predicts nothing, or cannot read a piece under the scenario.
    package init(_ model: Model, scenario: Scenario, threads: Int) throws(ModelError) {
        try model.checkPredictsNext()
        self.model = model.recorded(in: .single)
        (self.scenario, self.threads) = (scenario, threads)
        workers = Workers(count: threads)
        sizes = Coherence.Sizes(window: model.shape.trainedWindow)
        try model.check(scenario, tokens: sizes.piece)
    }

    /// Nil where the document is shorter than a piece.
    /// - Parameters:
    ///   - most: pieces that are read, evenly spread
    ///   - progress: gets the pieces that are done, of how many
    package func coherence(
        of ids: [Int32], most: Int, progress: (Int, Int) -> Void
    ) throws(ModelError) -> Coherence? {
        let starts = sizes.starts(ids.count, most: most)
        var pieces: [Coherence.Piece] = []
        for start in starts {
            pieces.append(try piece(of: ids, start: start))
            progress(pieces.count, starts.count)
        }
        return pieces.isEmpty ? nil : Coherence(pieces)
    }

    /// One of the pieces that `Coherence.Sizes.starts` tells.
    package func piece(of ids: [Int32], start: Int) throws(ModelError) -> Coherence.Piece {
        let piece = Array(ids.dropFirst(max(0, start)).prefix(sizes.piece))
        return Coherence.Piece(start: start, with: try reading(piece), without: try reading(piece.suffix(sizes.short)))
    }

    /// What a run over some tokens gives on the last of them.
    private func reading(_ ids: some Collection<Int32>) throws(ModelError) -> Coherence.Reading {
        let ids = Array(ids)
        guard ids.count > sizes.predicted else { throw .noTokens }
        var recorder = Recorder(model: model, scenario: scenario, threads: threads)
        recorder.isCancelled = isCancelled
        let recording = try recorder.record(ids)
        let before = ids.count - sizes.predicted - 1..<ids.count - 1
        let loss = before.reduce(0.0) { $0 + Double(recording.negativeLogLikelihood(after: $1) ?? .nan) }
        guard let logits = model.logits(after: before, in: recording, workers: workers) else {
            throw .noNextToken(model: model.name)
        }
        let right = before.enumerated().count { row, token in
            let values = logits.copy(rows: row..<row + 1)
            let best = values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
            return best == Int(ids[token + 1])
        }
        let count = Double(sizes.predicted)
        return Coherence.Reading(accuracy: Double(right) / count, perplexity: exp(loss / count))
    }
}
