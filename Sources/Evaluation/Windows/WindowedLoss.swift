import RopewalkKernels
import RopewalkLens
import RopewalkMethods
import RopewalkModels

/// What a contender loses on texts that are read in sliding windows, as transformers' guide to perplexity reads them: every
/// window by itself, only what is new in it counted.
package struct WindowedLoss: Sendable {
    /// Token ids, of any lengths. [text][token]
    package let texts: [[Int32]]
    /// Tokens of a window; nil: the whole text is one.
    package let size: Int?
    package let stride: Int
    let threads: Int
    /// Where the sentences and paragraphs of the texts begin, for methods that ask for them; empty where none do. [text]
    package var borders: [[TextUnit: PartBorders]] = []
    /// Asked before every layer.
    package var isCancelled: @Sendable () -> Bool = { Task.isCancelled }

    /// - Parameter size: tokens of a window; nil: the whole text is one
    package init(texts: [[Int32]], size: Int?, stride: Int, threads: Int = 0) {
        (self.texts, self.size, self.stride, self.threads) = (texts, size, stride, threads)
    }

    /// The windows of a text.
    package func windows(of text: Int) -> SlidingWindows {
        let count = texts[text].count
        return SlidingWindows(tokens: count, size: size ?? count, stride: size == nil ? count : stride)
    }

    /// Tokens that are read for one contender.
    package var work: Int { texts.indices.reduce(0) { $0 + windows(of: $1).work } }

    /// −ln p of every token but the first of each text, nats; NaN of those that begin a window and that no other one reads.
    /// [text][token − 1]
    /// - Parameter progress: gets the tokens that are read so far, of `work`
    /// - Throws: `ModelError.cancelled` when `isCancelled` said so; before any work what makes the contender impossible.
    package func losses(
        of contender: Comparison.Contender, progress: (Int) -> Void = { _ in }
    ) throws(ModelError) -> [[Float]] {
        try contender.model.checkPredictsNext()
        let model = contender.model.recorded(in: .single)
        var done = 0
        var losses: [[Float]] = []
        for text in texts.indices {
            var ofText = [Float](repeating: .nan, count: max(0, texts[text].count - 1))
            for window in windows(of: text).windows where !window.predicted.isEmpty {
                let scenario = scenario(of: contender, text: text, from: window.tokens.lowerBound)
                var recorder = Recorder(model: model, scenario: scenario, threads: threads)
                recorder.isCancelled = isCancelled
                let recording = try recorder.record(Array(texts[text][window.tokens])) { snapshot in
                    progress(done + snapshot.tokens)
                    return !isCancelled()
                }
                for (token, loss) in zip(
                    window.predicted, recording.negativeLogLikelihood.suffix(window.predicted.count))
                {
                    ofText[token - 1] = loss
                }
                done += window.tokens.count
            }
            losses.append(ofText)
        }
        return losses
    }

    /// A contender's scenario with the borders of a window.
    private func scenario(of contender: Comparison.Contender, text: Int, from first: Int) -> Scenario {
        guard borders.indices.contains(text) else { return contender.scenario }
        return contender.scenario.over { unit in
            first > 0 ? borders[text][unit]?.from(first) : borders[text][unit]
        }
    }
}

extension LossBuckets {
    /// Adds the losses of texts by their positions: element i of a text is of its token i + 1, and counts at i, the number of
    /// tokens before it less one, as positions count in `LossByPosition`.
    package mutating func add(_ losses: [[Float]]) {
        for text in losses {
            for (position, loss) in text.enumerated() where !loss.isNaN { add(Double(loss), at: position) }
        }
    }
}
