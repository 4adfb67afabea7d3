import RopewalkKernels
import RopewalkMethods
import RopewalkModels

/// Reads the same tokens in several ways and says what each loses.
package struct Comparison: Sendable {
    /// A model under a scenario.
    package struct Contender: Sendable {
        package let model: Model
        package let scenario: Scenario

        package init(model: Model, scenario: Scenario) {
            self.model = model
            self.scenario = scenario
        }
    }

    /// Token ids, one or more texts of one length.
    package let texts: [[Int32]]
    let threads: Int
    /// Where the texts' tokens lie, so that losses are told by bytes too; nil where all contenders read the same tokens.
    package var bytes: ByteSpans?
    /// Where the sentences and paragraphs of the texts begin, for methods that ask for them; empty where none do. [text]
    package var borders: [[TextUnit: PartBorders]] = []
    /// Asked before every layer.
    package var isCancelled: @Sendable () -> Bool = { Task.isCancelled }

    /// - Parameter texts: longer ones are read as far as the shortest goes.
    package init(texts: [[Int32]], threads: Int = 0) {
        let length = texts.map(\.count).min() ?? 0
        self.texts = texts.map { Array($0.prefix(length)) }
        self.threads = threads
    }

    /// Tokens of one text.
    package var length: Int { texts.first?.count ?? 0 }

    /// At most `count` excerpts of `length` tokens, evenly spread over `ids` and without overlap; the whole where it is
    /// shorter than one.
    package static func excerpts(of ids: [Int32], length: Int, count: Int) -> [[Int32]] {
        excerpts(of: ids.count, length: length, count: count).map { Array(ids[$0]) }
    }

    /// The places of such excerpts among so many tokens.
    package static func excerpts(of tokens: Int, length: Int, count: Int) -> [Range<Int>] {
        guard length > 0, tokens > length else { return tokens == 0 ? [] : [0..<tokens] }
        let count = max(1, min(count, tokens / length))
        let room = tokens - length
        return (0..<count).map { index in
            let start = count == 1 ? 0 : Int(Double(room) * Double(index) / Double(count - 1))
            return start..<start + length
        }
    }

    /// What a contender loses by position.
    /// - Parameters:
    ///   - progress: gets the tokens read so far, of `texts.count · length`.
    ///   - inspect: gets the complete recording of the first text.
    /// - Throws: `ModelError.cancelled` when `isCancelled` said so; before any work what makes the contender impossible.
    package func loss(
        of contender: Contender, progress: (Int) -> Void = { _ in }, inspect: (Recording) -> Void = { _ in }
    ) throws(ModelError) -> LossByPosition {
        try contender.model.checkPredictsNext()
        let model = contender.model.recorded(in: .single)
        var losses: [[Float]] = []
        for (index, ids) in texts.enumerated() {
            var recorder = Recorder(model: model, scenario: scenario(of: contender, text: index), threads: threads)
            recorder.isCancelled = isCancelled
            let recording = try recorder.record(ids) { snapshot in
                progress(index * length + snapshot.tokens)
                return !isCancelled()
            }
            losses.append(recording.negativeLogLikelihood)
            if index == 0 { inspect(recording) }
        }
        var loss = LossByPosition(losses)
        loss.perByte = bytes?.means(losses)
        return loss
    }

    /// A contender's scenario with the borders of one of the texts.
    package func scenario(of contender: Contender, text: Int) -> Scenario {
        guard borders.indices.contains(text) else { return contender.scenario }
        return contender.scenario.over { borders[text][$0] }
    }

    /// The scenarios that are worth a look on texts of `tokens` tokens: the model's own, and extensions of its window
    /// that need no training, by the factor that the text asks for.
    package static func standardScenarios(for model: Model, tokens: Int) -> [Scenario] {
        let own = model.defaultScenario
        let window = max(1, model.shape.trainedWindow)
        guard own.position is RoPE, model.shape.subspaces > 0 else { return [own] }
        let factor = Double(max(2, (tokens + window - 1) / window))
        let positions: [any PositionMethod] = [
            PositionInterpolation(factor: factor), NTKAware(factor: factor), YaRN(factor: factor),
            ReRoPE(window: max(1, window / 2)),
        ]
        let scenarios = positions.map { Scenario(position: $0) }
        return [own] + scenarios.filter { (try? model.check($0, tokens: tokens)) != nil }
    }
}
