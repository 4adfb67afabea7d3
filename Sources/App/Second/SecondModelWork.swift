import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// Work for the panels that show a second model beside the first.
package enum SecondModelWork: Sendable {
    case load
    /// One of the models on this machine.
    case open(String)
    /// Whether it cuts the text into the same tokens.
    case admit(Model, Document)
    /// Records tokens with it, in place of the run in progress.
    case read(Model, Scenario, ids: [Int32], run: Int)
    case cancel
}

/// What came of it.
package enum SecondModelReport: Sendable {
    /// - Parameter hasSameTokens: known without looking, as of a model without its adapter.
    case loaded(Model, hasSameTokens: Bool)
    /// With the text in its own tokens where they are others.
    case admitted(Document?)
    case failed(String)
    case run(Int, SecondRunReport)
}

/// What a run of the second model has come to.
package enum SecondRunReport: Sendable {
    /// Memory has room for the first `tokens` of `wanted` only.
    case limited(tokens: Int, wanted: Int)
    case progressed(Recordings, seconds: Double)
    case finished(Recordings)
    /// It was cancelled, or failed for a reason.
    case stopped(Scenario, String?)
}

extension EffectRunner {
    func job(for work: SecondModelWork) -> Job {
        switch work {
        case .load:
            Job(on: measurements) {
                let isSame = self.inputs.besideHasSameTokens
                self.post(.second(self.loadSecond(self.inputs.loadBeside, hasSameTokens: isSame)))
            }
        case .open(let path):
            Job(on: measurements) {
                self.post(.second(self.loadSecond({ try self.inputs.openModel(path) }, hasSameTokens: false)))
            }
        case .admit(let model, let document):
            Job(on: measurements) { self.post(.second(Self.admission(of: model, to: document))) }
        case .read(let model, let scenario, let ids, let number):
            readSecond(model, scenario, ids, until: secondRun.take()) { self.post(.second(.run(number, $0))) }
        case .cancel: Job { self.secondRun.cancel() }
        }
    }

    private func loadSecond(_ load: (() throws -> Model)?, hasSameTokens: Bool) -> SecondModelReport {
        guard let load else { return .failed(say("there is no second model")) }
        do { return .loaded(try load(), hasSameTokens: hasSameTokens) } catch { return .failed("\(error)") }
    }

    /// Behind the first model's run, so that not both take what memory is left.
    private func readSecond(
        _ model: Model, _ scenario: Scenario, _ ids: [Int32], until flag: CancelFlag,
        post: @escaping @Sendable (SecondRunReport) -> Void
    ) -> Job {
        Job(on: runs) {
            let run = BackgroundRun(model: model, scenario: scenario, threads: self.inputs.threads, flag: flag)
            do throws(ModelError) {
                let recordings = try run.record(ids) {
                    post(.limited(tokens: $0, wanted: ids.count))
                } progress: {
                    post(.progressed($0, seconds: $1))
                }
                post(.finished(recordings))
            } catch {
                post(.stopped(scenario, error == .cancelled ? nil : error.description))
            }
        }
    }

    /// Two models can be set side by side: token by token where they read the same ones, else byte by byte.
    private static func admission(of model: Model, to document: Document) -> SecondModelReport {
        guard let tokenizer = model.tokenizer else {
            return .failed(say("\(model.name) has no tokenizer, so that it cannot be set beside the first model"))
        }
        do {
            let other = try document.reading(document.text, with: tokenizer)
            let isSame = other.ids.starts(with: document.ids) || document.ids.starts(with: other.ids)
            return .admitted(isSame ? nil : other)
        } catch {
            return .failed("\(error)")
        }
    }
}
