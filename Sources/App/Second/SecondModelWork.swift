import RopewalkDocuments
import RopewalkModels

/// Work for the panels that show a second model beside the first.
package enum SecondModelWork: Sendable {
    case load
    /// One of the models on this machine.
    case open(String)
    /// Whether it cuts the text into the same tokens.
    case admit(Model, Document)
    /// Records some tokens with it.
    case read(Model, ids: [Int32])
}

/// What came of it.
package enum SecondModelReport: Sendable {
    case loaded(Model)
    /// With the text in its own tokens where they are others.
    case admitted(Document?)
    case read(Recording)
    case failed(String)
}

extension EffectRunner {
    func job(for work: SecondModelWork) -> Job {
        switch work {
        case .load: Job(on: measurements) { self.post(.second(self.loadSecond(self.inputs.loadBeside))) }
        case .open(let path):
            Job(on: measurements) { self.post(.second(self.loadSecond { try self.inputs.openModel(path) })) }
        case .admit(let model, let document):
            Job(on: measurements) { self.post(.second(Self.admission(of: model, to: document))) }
        case .read(let model, let ids): Job(on: measurements) { self.post(.second(self.read(model, ids))) }
        }
    }

    private func loadSecond(_ load: (() throws -> Model)?) -> SecondModelReport {
        guard let load else { return .failed("there is no second model") }
        do { return .loaded(try load()) } catch { return .failed("\(error)") }
    }

    private func read(_ model: Model, _ ids: [Int32]) -> SecondModelReport {
        let size = RecordingSize(
            model: model.traits, scenario: model.defaultScenario, tokens: ids.count)
        let fitting = MemoryRoom(size: size).tokens(ids.count, available: AvailableMemory.bytes)
        let recorder = Recorder(model: model, threads: inputs.threads)
        do { return .read(try recorder.record(Array(ids.prefix(fitting)))) } catch {
            return .failed(error.description)
        }
    }

    /// Two models can be set side by side: token by token where they read the same ones, else byte by byte.
    private static func admission(of model: Model, to document: Document) -> SecondModelReport {
        guard let tokenizer = model.tokenizer else {
            return .failed("\(model.name) has no tokenizer, so that it cannot be set beside the first model")
        }
        do {
            let other = try Document(text: document.text, tokenizer: tokenizer)
            let isSame = other.ids.starts(with: document.ids) || document.ids.starts(with: other.ids)
            return .admitted(isSame ? nil : other)
        } catch {
            return .failed("\(error)")
        }
    }
}
