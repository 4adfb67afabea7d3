import RopewalkDocuments
import RopewalkEvaluation
import RopewalkModels
import RopewalkPhrases
import RopewalkScoring
import Synchronization

/// Work for the page of long texts.
package enum LongTextWork: Sendable {
    /// All that no run is needed for.
    case measure(LongTextQuestion, SourceText, Model?)
    /// Some of the pieces that begin at these tokens.
    case read(LongTextQuestion, SourceText, Model, starts: [Int])
    case cancel
}

/// What came of it.
package enum LongTextReport: Sendable {
    case measured(LongTextAnswer)
    case read(LongTextQuestion, [Coherence.Piece])
    /// Nil: cancelled.
    case failed(LongTextQuestion, String?)
}

/// The tokens of a text, as they are cut for it alone.
struct LongTextTokens: Sendable {
    let question: LongTextQuestion
    let ids: [Int32]
}

extension EffectRunner {
    /// Pieces are read for so long at once; then a screen shows what there is, and other measurements have their turn.
    private static let slice = Duration.milliseconds(400)
    /// Pieces that are read of a document, as `ropewalk data` has it.
    private static let pieces = 8

    func job(for work: LongTextWork) -> Job {
        switch work {
        case .measure(let question, let text, let model):
            let flag = longTextRun.take()
            return Job(on: measurements) { self.measure(question, text, model, until: flag) }
        case .read(let question, let text, let model, let starts):
            let flag = longTextRun.take()
            return Job(on: measurements) { self.read(question, text, model, starts, until: flag) }
        case .cancel: return Job { self.longTextRun.cancel() }
        }
    }

    private func measure(_ question: LongTextQuestion, _ text: SourceText, _ model: Model?, until flag: CancelFlag) {
        do {
            var answer = LongTextAnswer(question: question)
            let ids = try ids(question, text, model, until: flag)
            let metrics = LongTextMetrics(text.bytes, tokens: ids)
            guard !flag.isRaised else { return post(.longTexts(.failed(question, nil))) }
            answer.metrics = metrics
            let name = ids == nil ? "" : model?.name ?? ""
            if let load = inputs.longTextReference {
                do {
                    let reference = try load()
                    answer.counts = reference.counts
                    answer.characters = reference.characters[metrics.language]
                    answer.table = reference.table(metrics.language, model: name, tokenizer: name)
                } catch { answer.withoutReference = "\(error)" }
            } else {
                answer.withoutReference = say("there is no reference corpus to compare with")
            }
            guard let model, let ids else {
                answer.remark = say("no coherence: no model with a tokenizer reads the text")
                return post(.longTexts(.measured(answer)))
            }
            do {
                let run = try CoherenceRun(model, scenario: model.defaultScenario, threads: inputs.threads)
                answer.piece = run.sizes.piece
                answer.starts = run.sizes.starts(ids.count, most: Self.pieces)
                if answer.starts.isEmpty {
                    answer.remark = say(
                        "no coherence: the text has \(ids.count.grouped) tokens, and a piece \(run.sizes.piece.grouped)"
                    )
                }
            } catch { answer.remark = say("no coherence: \("\(error)")") }
            post(.longTexts(.measured(answer)))
        } catch {
            post(.longTexts(.failed(question, flag.isRaised ? nil : "\(error)")))
        }
    }

    private func read(
        _ question: LongTextQuestion, _ text: SourceText, _ model: Model, _ starts: [Int], until flag: CancelFlag
    ) {
        let clock = ContinuousClock()
        let begun = clock.now
        do {
            var run = try CoherenceRun(model, scenario: model.defaultScenario, threads: inputs.threads)
            run.isCancelled = { flag.isRaised }
            let ids = try ids(question, text, model, until: flag) ?? []
            var pieces: [Coherence.Piece] = []
            for start in starts where pieces.isEmpty || clock.now - begun < Self.slice {
                pieces.append(try run.piece(of: ids, start: start))
            }
            post(.longTexts(.read(question, pieces)))
        } catch ModelError.cancelled {
            post(.longTexts(.failed(question, nil)))
        } catch {
            post(.longTexts(.failed(question, flag.isRaised ? nil : "\(error)")))
        }
    }

    /// Without what a tokenizer adds; nil without one. They are kept for the pieces.
    private func ids(
        _ question: LongTextQuestion, _ text: SourceText, _ model: Model?, until flag: CancelFlag
    ) throws -> [Int32]? {
        if let known = longTextTokens.withLock({ $0?.question == question ? $0?.ids : nil }) { return known }
        guard let tokenizer = model?.tokenizer else { return nil }
        let ids = try tokenizer.encode(text.bytes, addSpecialTokens: false, isCancelled: { flag.isRaised }).ids
        longTextTokens.withLock { $0 = LongTextTokens(question: question, ids: ids) }
        return ids
    }
}
