import RopewalkKernels
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkTokenizers

/// Reads prompts with a model and says whether it finds what is hidden in them.
///
/// Nothing is generated. Prompt and answer are read in one run, and the answer counts as found where at each of its places
/// the most likely token is its own. That is what greedy generation comes to: let a₁ … aₙ be the answer and g₁, g₂ … what
/// greedy generation writes behind the prompt P. g₁ is the most likely token after P, so it is a₁ exactly where the run has a₁
/// as the most likely token there. Where g₁ … gᵢ are a₁ … aᵢ, gᵢ₊₁ is the most likely token after P a₁ … aᵢ, which is the text
/// that the run has read up to there, so gᵢ₊₁ = aᵢ₊₁ exactly where the run says so. By induction generation begins with the
/// answer exactly where all places agree, and writes the same up to the first place that does not, and there what the run holds
/// most likely. After that place the two may differ, which no pass or fail depends on. (A method whose angles follow from
/// the length of the text is meant for that of prompt and answer here.)
package struct NeedleReader: Sendable {
    package let model: Model
    package let scenario: Scenario
    let threads: Int
    /// Asked before every layer.
    package var isCancelled: @Sendable () -> Bool = { Task.isCancelled }

    package init(model: Model, scenario: Scenario, threads: Int = 0) {
        (self.model, self.scenario, self.threads) = (model, scenario, threads)
    }

    /// Small chunks: of a prompt with another answer only the last one is read again.
    private static let chunk = 256

    /// - Throws: what makes model or method unfit for any prompt.
    package func check() throws(NeedleError) {
        do throws(ModelError) { try model.checkPredictsNext() } catch { throw .model(error) }
        if model.kinds.contains(.encoder) { throw .encoder(model: model.name) }
        if let method = scenario.stateSelection, method.readsAhead { throw .readsAhead(method: method.spec) }
        let own = model.traits.decoder.lazy.compactMap(\.selection).first { $0.readsAhead }
        if let own { throw .readsAhead(method: own.spec) }
    }

    /// - Throws: `ModelError` as a run does, within the error of needles.
    package func result(of prompt: NeedlePrompt) throws(NeedleError) -> NeedleResult {
        try check()
        guard let tokenizer = model.tokenizer else { throw .model(.noNextToken(model: model.name)) }
        let scenario = try prompt.bound(scenario, tokenizer)
        let recording = try record(prompt.ids, scenario, after: nil)
        let workers = Workers(count: threads)
        guard let (reads, next) = TokenRead.of(prompt.answer, in: recording, model: model, workers: workers) else {
            throw .model(.noNextToken(model: model.name))
        }
        let attention = attention(of: recording, prompt)
        let start = prompt.answer.lowerBound
        let isRight = reads.map { $0.rank == 1 }
        let parts = prompt.parts.map { part in part.allSatisfy { isRight[$0 - start] } }
        let named = parts.count { $0 }
        return NeedleResult(
            tokens: prompt.ids.count, depth: prompt.needles.first(where: \.isAsked)?.depth ?? 0,
            isFound: isRight.allSatisfy { $0 },
            share: prompt.takesAny ? (named > 0 ? 1 : 0) : Double(named) / Double(max(1, parts.count)),
            isEnded: next.map { !Self.goesOn(tokenizer.bytes(of: Int($0))) } ?? true,
            reading: Self.text(reads.map(\.best), tokenizer), firstWrong: isRight.firstIndex(of: false),
            loss: reads.reduce(0) { $0 + $1.loss }, answerTokens: reads.count, rank: reads.map(\.rank).max() ?? 0,
            choice: try choice(of: prompt, in: recording, scenario, workers), mass: attention.mass,
            seen: attention.seen, heads: recording.shape.heads,
            copies: NeedleCopies(
                Lens(recording: recording, threads: threads)
                    .copyScores(needles: prompt.askedTokens.filter { !$0.isEmpty }, from: start) ?? []))
    }

    private func record(
        _ ids: [Int32], _ scenario: Scenario, after other: Recording?
    ) throws(NeedleError) -> Recording {
        var recorder = Recorder(
            model: model, scenario: scenario, threads: threads, keepsStates: false, chunkSize: Self.chunk)
        recorder.isCancelled = isCancelled
        let inputs = ModelInputs(ids: ids)
        let shared = other.flatMap { recorder.shared(of: Recordings($0), with: inputs) }
        do throws(ModelError) {
            guard let main = try recorder.record(inputs, after: shared, progress: { _ in !isCancelled() }).main else {
                throw .noTokens
            }
            return main
        } catch { throw .model(error) }
    }

    /// Which of several first answers is the most likely one.
    private func choice(
        of prompt: NeedlePrompt, in recording: Recording, _ scenario: Scenario, _ workers: Workers
    ) throws(NeedleError) -> NeedleResult.Choice? {
        guard !prompt.choices.isEmpty else { return nil }
        let start = prompt.choiceStart
        func loss(_ recording: Recording, _ count: Int) -> Double {
            TokenRead.of(start..<start + count, in: recording, model: model, workers: workers)?.tokens
                .reduce(0) { $0 + $1.loss } ?? .infinity
        }
        // The answer may go on behind the first thing that it names.
        let right =
            prompt.rightChoice.elementsEqual(prompt.ids.dropFirst(start).prefix(prompt.rightChoice.count))
            ? loss(recording, prompt.rightChoice.count)
            : loss(
                try record(Array(prompt.ids[..<start]) + prompt.rightChoice, scenario, after: recording),
                prompt.rightChoice.count)
        var before = 0
        for ending in prompt.choices {
            // As many tokens, so that what follows from their number is the same.
            let rest = prompt.ids.dropFirst(start + ending.count)
            let ids = Array(prompt.ids[..<start]) + ending + rest
            if loss(try record(ids, scenario, after: recording), ending.count) <= right { before += 1 }
        }
        return NeedleResult.Choice(rank: before + 1, count: prompt.choices.count + 1)
    }

    /// What the heads give the needles where the answer begins.
    private func attention(of recording: Recording, _ prompt: NeedlePrompt) -> (mass: [Float], seen: [Float]) {
        guard recording.isCausal, let keys = TokenSpan(prompt.askedTokens), keys.last < prompt.asking else {
            return ([], [])
        }
        let lens = Lens(recording: recording, threads: threads)
        let shares = lens.completeSpanShares(queries: TokenSpan(prompt.asking), keys: keys, withValues: false)
        return (shares?.meanWeights ?? [], lens.seenShares(of: keys, query: prompt.asking))
    }

    /// What tokens spell; bytes that are no characters together become U+FFFD.
    static func text(_ ids: [Int32], _ tokenizer: Tokenizer) -> String {
        String(decoding: ids.flatMap { tokenizer.bytes(of: Int($0)) }, as: UTF8.self)
    }

    /// Whether a token goes on with a word or a number.
    private static func goesOn(_ bytes: [UInt8]) -> Bool {
        String(decoding: bytes, as: UTF8.self).unicodeScalars.first.map {
            $0.properties.isAlphabetic || $0.properties.numericType != nil
        } ?? false
    }
}
