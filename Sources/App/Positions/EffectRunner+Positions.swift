import Dispatch
import RopewalkDocuments
import RopewalkLens
import RopewalkModels

/// The work behind the panels about positions.
extension EffectRunner {
    /// How long the exact run waits after a key that changes a parameter.
    private static let pause = DispatchTimeInterval.milliseconds(400)

    /// Begins the work in the background and returns at once.
    func startPositions(_ effect: Effect) {
        switch effect {
        case .cancelLosses: performPositions(effect)
        case .pause: measurements.asyncAfter(deadline: .now() + Self.pause) { self.performPositions(effect) }
        case .measureLoss(let question, let model, let texts):
            let flag = takeOverMeasuring()
            measurements.async { self.measure(question, model, texts, until: flag) }
        default: measurements.async { self.performPositions(effect) }
        }
    }

    /// Does the work before it returns.
    func performPositions(_ effect: Effect) {
        switch effect {
        case .measureLoss(let question, let model, let texts):
            measure(question, model, texts, until: takeOverMeasuring())
        case .cancelLosses: measuring.withLock { $0?.raise() }
        case .pause(let number): post(.pauseEnded(number))
        case .loadBeside: loadBeside()
        case .admitBeside(let model, let document): admit(model, document)
        case .readBeside(let model, let ids): readBeside(model, ids)
        default: break
        }
    }

    private func takeOverMeasuring() -> CancelFlag {
        let flag = CancelFlag()
        measuring.withLock {
            $0?.raise()
            $0 = flag
        }
        return flag
    }

    private func measure(_ question: LossQuestion, _ model: Model, _ texts: [[Int32]], until flag: CancelFlag) {
        var comparison = Comparison(texts: texts, threads: inputs.threads)
        comparison.isCancelled = { flag.isRaised }
        let clock = ContinuousClock()
        var posted = clock.now
        do {
            let loss = try comparison.loss(
                of: Comparison.Contender(model: model, scenario: question.scenario),
                progress: { done in
                    guard clock.now - posted >= .milliseconds(100) else { return }
                    posted = clock.now
                    self.post(.lossProgressed(question, done: done))
                })
            post(.lossMeasured(question, loss))
        } catch {
            post(.lossFailed(question, error == .cancelled ? nil : error.description))
        }
    }

    private func loadBeside() {
        guard let load = inputs.loadBeside else { return post(.besideFailed("there is no second model")) }
        do { post(.besideLoaded(try load())) } catch { post(.besideFailed("\(error)")) }
    }

    private func readBeside(_ model: Model, _ ids: [Int32]) {
        let size = RecordingSize(
            model: model.traits, scenario: model.defaultScenario, tokens: ids.count)
        let fitting = MemoryRoom(size: size).tokens(ids.count, available: AvailableMemory.bytes)
        let recorder = Recorder(model: model, threads: inputs.threads)
        do { post(.besideRead(try recorder.record(Array(ids.prefix(fitting))))) } catch {
            post(.besideFailed(error.description))
        }
    }

    /// Two models can be set side by side where they read the same tokens.
    private func admit(_ model: Model, _ document: Document) {
        guard let tokenizer = model.tokenizer else {
            return post(
                .besideFailed("\(model.name) has no tokenizer, so that it cannot be set beside the first model"))
        }
        do {
            let other = try Document(text: document.text, tokenizer: tokenizer)
            let isSame = other.ids.starts(with: document.ids) || document.ids.starts(with: other.ids)
            let why = "\(model.name) cuts the text into other tokens: a second model needs the first one's tokenizer"
            post(isSame ? .besideAdmitted : .besideFailed(why))
        } catch {
            post(.besideFailed("\(error)"))
        }
    }
}
