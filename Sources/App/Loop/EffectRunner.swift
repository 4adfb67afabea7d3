import Dispatch
import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Synchronization

/// Does the work that effects ask for, here or in the background, and posts what comes of it.
package final class EffectRunner: Sendable {
    let inputs: ProgramInputs
    let post: @Sendable (Message) -> Void
    /// Stops the run in progress.
    private let current = Mutex<CancelFlag?>(nil)
    /// Text and model load side by side, so that a text can be read while a large model is still coming.
    private let texts = DispatchQueue(label: "text", qos: .userInitiated)
    private let models = DispatchQueue(label: "model", qos: .userInitiated)
    private let runs = DispatchQueue(label: "run", qos: .utility)
    /// Stops the measurement in progress.
    let measuring = Mutex<CancelFlag?>(nil)
    let measurements = DispatchQueue(label: "losses", qos: .utility)
    let masks = DispatchQueue(label: "mask", qos: .utility)
    /// The files that are watched, and how often they were replaced by others.
    let watch = Mutex<(watch: MaskWatch?, generation: Int)>((nil, 0))
    /// The name of the last question about a mask: earlier ones need no answer any more.
    let question = Mutex("")

    /// Progress is posted at most this often.
    private static let interval = Duration.milliseconds(100)

    /// - Parameter post: Called on any thread.
    package init(inputs: ProgramInputs, post: @escaping @Sendable (Message) -> Void) {
        self.inputs = inputs
        self.post = post
    }

    /// Begins the work in the background and returns at once.
    package func start(_ effect: Effect) {
        switch effect {
        case .loadText: texts.async { self.loadText() }
        case .loadModel: models.async { self.loadModel() }
        case .measureCircuits(let model): models.async { self.measureCircuits(of: model) }
        case .tokenise(let text, let model): runs.async { self.post(Self.tokenise(text, model, self.inputs)) }
        case .run(let scenario, let model, let ids):
            let flag = takeOver()
            runs.async { self.run(scenario, model, ids, until: flag) }
        case .study(let asked):
            question.withLock { $0 = asked.name }
            masks.async { self.study(asked) }
        case .readMethods(let specs, let use): masks.async { self.readMethods(specs, use) }
        case .watchMasks(let scenarios): masks.async { self.watch(scenarios, repeating: true) }
        case .cancelRun: cancelRun()
        case .measureLoss, .cancelLosses, .pause, .loadBeside, .admitBeside, .readBeside: startPositions(effect)
        case .suspend, .quit: break
        }
    }

    /// Does the work before it returns.
    package func perform(_ effect: Effect) {
        switch effect {
        case .loadText: loadText()
        case .loadModel: loadModel()
        case .measureCircuits(let model): measureCircuits(of: model)
        case .tokenise(let text, let model): post(Self.tokenise(text, model, inputs))
        case .run(let scenario, let model, let ids): run(scenario, model, ids, until: takeOver())
        case .study(let asked):
            question.withLock { $0 = asked.name }
            study(asked)
        case .readMethods(let specs, let use): readMethods(specs, use)
        case .watchMasks(let scenarios): watch(scenarios, repeating: false)
        case .cancelRun: cancelRun()
        case .measureLoss, .cancelLosses, .pause, .loadBeside, .admitBeside, .readBeside: performPositions(effect)
        case .suspend, .quit: break
        }
    }

    /// Stops what is in progress.
    package func cancel() {
        cancelRun()
        measuring.withLock { $0?.raise() }
    }

    /// Stops the run in progress before its next layer.
    private func cancelRun() {
        current.withLock { $0?.raise() }
    }

    /// Stops the run in progress and gives the next one its flag.
    private func takeOver() -> CancelFlag {
        let flag = CancelFlag()
        current.withLock {
            $0?.raise()
            $0 = flag
        }
        return flag
    }

    private func loadText() {
        do { post(.textLoaded(try inputs.loadText())) } catch { post(.textFailed("\(error)")) }
    }

    private func loadModel() {
        do { post(.modelLoaded(try inputs.loadModel())) } catch { post(.modelFailed("\(error)")) }
    }

    private static func tokenise(_ text: SourceText, _ model: Model, _ inputs: ProgramInputs) -> Message {
        do { return .tokenised(try inputs.tokenise(text, model)) } catch { return .tokenisingFailed("\(error)") }
    }

    private func measureCircuits(of model: Model) {
        do { post(.circuitsMeasured(try Circuits.scores(of: model, threads: inputs.threads))) } catch {
            // The Heads panel then says that circuits are not known; nothing else depends on them.
            post(.circuitsMeasured([]))
        }
    }

    private func run(_ scenario: Scenario, _ model: Model, _ ids: [Int32], until flag: CancelFlag) {
        let size = RecordingSize(model: model.traits, scenario: scenario, tokens: ids.count)
        let fitting = MemoryRoom(size: size).tokens(ids.count, available: AvailableMemory.bytes)
        if fitting < ids.count { post(.runLimited(scenario, tokens: fitting, wanted: ids.count)) }
        let inputs = ModelInputs(ids: Array(ids.prefix(fitting)))
        let clock = ContinuousClock()
        let start = clock.now
        var posted = start
        var recorder = Recorder(model: model, scenario: scenario, threads: self.inputs.threads)
        recorder.isCancelled = { flag.isRaised }
        do {
            let recordings = try recorder.record(inputs) { snapshot in
                let now = clock.now
                if now - posted >= Self.interval || posted == start {
                    posted = now
                    post(.recordingProgressed(snapshot, seconds: (now - start) / .seconds(1)))
                }
                return !flag.isRaised
            }
            post(.runFinished(recordings))
        } catch {
            post(error == .cancelled ? .runCancelled(scenario) : .runFailed(scenario, error.description))
        }
    }
}
