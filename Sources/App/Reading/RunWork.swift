import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkModels

/// Work over all tokens of the text.
package enum RunWork: Sendable {
    /// Takes the place of the run in progress, if there is one.
    ///
    /// - Parameters:
    ///   - after: what a run left behind that was stopped: this one goes on there.
    ///   - sharing: what was read of another text: what both begin with is not read again.
    ///   - document: the text of these tokens, by which the run is found in the cache; nil where it is not looked for.
    case start(
        Scenario, Model, ids: [Int32], after: Recordings?, sharing: Recordings? = nil, document: Document? = nil)
    /// The first tokens of another part of the text, in place of the run in progress.
    case begin(Scenario, Model, ids: [Int32], number: Int)
    case cancel
    case measureCircuits(Model)
}

/// What a run has come to.
package enum RunReport: Sendable {
    /// Memory has room for the first `tokens` of `wanted` only.
    case limited(Scenario, tokens: Int, wanted: Int)
    /// The first tokens alone, ahead of the first chunk.
    case begun(Recordings)
    case progressed(Recordings, seconds: Double)
    /// The first tokens of another part; nil where there is nothing to see before all of it is read.
    case entered(Int, Recordings?)
    case refused(Int, String)
    case finished(Recordings)
    /// What was read could not be kept for the next time.
    case notKept(String)
    case cancelled(Scenario)
    case failed(Scenario, String)
    case circuitsMeasured([HeadScore])
}

extension EffectRunner {
    func job(for work: RunWork) -> Job {
        switch work {
        case .start(let scenario, let model, let ids, let stopped, let shared, let document):
            let flag = run.take()
            return Job(on: runs) {
                let cached = self.inputs.cache.flatMap { cache in
                    document.map { CachedRun(cache, model, scenario, $0) }
                }
                self.record(scenario, model, ids, after: stopped, sharing: shared, cached: cached, until: flag)
            }
        case .begin(let scenario, let model, let ids, let number):
            let flag = run.take()
            return Job(on: runs) { self.begin(scenario, model, ids, number, until: flag) }
        case .cancel: return Job { self.run.cancel() }
        case .measureCircuits(let model): return Job(on: models) { self.measureCircuits(of: model) }
        }
    }

    private func record(
        _ scenario: Scenario, _ model: Model, _ ids: [Int32], after stopped: Recordings?, sharing shared: Recordings?,
        cached: CachedRun?, until flag: CancelFlag
    ) {
        let run = BackgroundRun(model: model, scenario: scenario, threads: inputs.threads, flag: flag)
        do {
            let recordings = try run.record(ids, after: stopped, sharing: shared, cached: cached) {
                post(.run(.limited(scenario, tokens: $0, wanted: ids.count)))
            } begun: {
                self.post(.run(.begun($0)))
            } progress: {
                post(.run(.progressed($0, seconds: $1)))
            }
            post(.run(.finished(recordings)))
            if let cached { keep(recordings, of: cached) }
        } catch {
            post(.run(error == .cancelled ? .cancelled(scenario) : .failed(scenario, error.description)))
        }
    }

    private func begin(
        _ scenario: Scenario, _ model: Model, _ ids: [Int32], _ number: Int, until flag: CancelFlag
    ) {
        do {
            try model.check(scenario, tokens: ids.count)
            var recorder = Recorder(model: model, scenario: scenario, threads: inputs.threads)
            recorder.isCancelled = { flag.isRaised }
            let beginning = recorder.beginning(of: ModelInputs(ids: ids), slowFrom: 0)
            if !flag.isRaised { post(.run(.entered(number, beginning))) }
        } catch {
            post(.run(.refused(number, error.description)))
        }
    }

    private func measureCircuits(of model: Model) {
        do { post(.run(.circuitsMeasured(try Circuits.scores(of: model, threads: inputs.threads)))) } catch {
            // The Heads panel then says that circuits are not known; nothing else depends on them.
            post(.run(.circuitsMeasured([])))
        }
    }
}
