import RopewalkLens
import RopewalkModels

/// Work for the Loss panel.
package enum LossWork: Sendable {
    /// What a contender loses by position on some texts.
    case measure(LossQuestion, Model, LossExcerpts)
    /// What it loses without each of its heads and layers.
    case ablate(LossQuestion, Model, ids: [Int32])
    case cancel
}

/// What a measurement has come to.
package enum LossReport: Sendable {
    case progressed(LossQuestion, done: Int)
    case measured(LossQuestion, LossByPosition)
    /// What the first text's run keeps of full attention.
    case inspected(LossQuestion, ScenarioMeasures)
    /// Nil: cancelled.
    case failed(LossQuestion, String?)
    /// As far as it is known.
    case ablated(LossQuestion, AblationGrid)
    /// Nil: cancelled.
    case ablationFailed(LossQuestion, String?)
}

extension EffectRunner {
    func job(for work: LossWork) -> Job {
        switch work {
        case .measure(let question, let model, let excerpts):
            let flag = measurement.take()
            return Job(on: measurements) { self.measure(question, model, excerpts, until: flag) }
        case .ablate(let question, let model, let ids):
            let flag = measurement.take()
            return Job(on: measurements) { self.ablate(question, model, ids, until: flag) }
        case .cancel: return Job { self.measurement.cancel() }
        }
    }

    private func measure(
        _ question: LossQuestion, _ model: Model, _ excerpts: LossExcerpts, until flag: CancelFlag
    ) {
        var comparison = Comparison(texts: excerpts.texts, threads: inputs.threads)
        comparison.bytes = excerpts.bytes
        comparison.borders = excerpts.borders
        comparison.isCancelled = { flag.isRaised }
        let clock = ContinuousClock()
        var posted = clock.now
        do {
            let loss = try comparison.loss(
                of: Comparison.Contender(model: model, scenario: question.scenario),
                progress: { done in
                    guard clock.now - posted >= .milliseconds(100) else { return }
                    posted = clock.now
                    self.post(.losses(.progressed(question, done: done)))
                },
                inspect: { recording in
                    guard recording.isCausal, !flag.isRaised else { return }
                    let measures = ScenarioMeasures(
                        recording, reference: nil, model: model, queries: Self.inspectedQueries,
                        threads: self.inputs.threads)
                    self.post(.losses(.inspected(question, measures)))
                })
            post(.losses(.measured(question, loss)))
        } catch {
            post(.losses(.failed(question, error == .cancelled ? nil : error.description)))
        }
    }

    /// Queries that are measured, evenly spread over the first text.
    private static let inspectedQueries = 16
}
