import RopewalkLens
import RopewalkMethods
import RopewalkModels

extension AppState {
    /// What loading and runs report.
    mutating func work(_ message: Message) -> [Effect] {
        switch message {
        case .textLoaded(let loaded):
            text = .loaded(loaded)
            return tokenise()
        case .textFailed(let why):
            text = .failed(why)
            document = .failed(why)
            notice = Notice(.error, why)
        case .modelLoaded(let loaded):
            model = .loaded(loaded)
            kind = loaded.kinds.first ?? .decoder
            if scenario.isPlain { scenario = ownScenario }
            refuseWhatTheModelCannot()
            positions.subspace = firstCritical
            return tokenise() + (measuresCircuitsFirst ? [.measureCircuits(loaded)] : [])
        case .modelFailed(let why):
            model = .failed(why)
            document = .failed(why)
            notice = Notice(.error, why)
        case .tokenised(let made):
            take(made)
            refuseWhatTheModelCannot()
            return admitBeside()
        case .maskStudied(let question, let study): takeStudy(study, of: question)
        case .methodsRead(let read, let use): take(read, for: use)
        case .methodsFailed(let why, let use):
            if case .reload = use {
                notice = Notice(.warning, "the mask of before is kept: \(why)")
            } else {
                notice = Notice(.error, why)
            }
        case .tokenisingFailed(let why):
            document = .failed(why)
            notice = Notice(.error, why)
        case .circuitsMeasured(let scores):
            circuits = scores
            takeTellingHead()
        default: return runReport(message)
        }
        return []
    }

    private mutating func runReport(_ message: Message) -> [Effect] {
        switch message {
        case .runLimited(let scenario, let tokens, let wanted):
            if run?.scenario == scenario { run?.total = tokens }
            // Where only an exact run is shorter, the preview goes on after its end.
            if scenario == ownScenario { limit(to: tokens) }
            notice = Notice(
                .warning,
                "memory has room for \(tokens.grouped) of \(wanted.grouped) tokens: attention is shown up to there")
        case .recordingProgressed(let recording, let seconds):
            guard run?.scenario == recording.scenario else { return [] }
            let done = mainTokens(recording)
            run?.done = done
            run?.total = recording.main?.ids.count ?? 0
            run?.seconds = seconds
            keep(recording)
        case .runFinished(let recording):
            if let scenario = recording.scenario { endRun(of: scenario) }
            keep(recording)
            if recording.scenario == ownScenario, circuits.isEmpty, !measuresCircuitsFirst, let model = model.value {
                return [.measureCircuits(model)]
            }
        case .runCancelled(let scenario): endRun(of: scenario)
        case .runFailed(let scenario, let why):
            endRun(of: scenario)
            isRunPaused = true
            notice = Notice(.error, why)
        default: return positionReport(message)
        }
        return []
    }

    /// Leaves only the first tokens to read; the rest of the text can still be looked at.
    mutating func limit(to tokens: Int) {
        guard let made = document.value, tokens < made.tokenCount else { return }
        tokenLimit = tokens
        document = .loaded(made.prefix(tokens: tokens))
        cursor = min(cursor, max(0, tokens - 1))
        map.showAll()
        revealCursor()
    }

    /// A run that another one has replaced ends without a trace.
    private mutating func endRun(of scenario: Scenario) {
        if run?.scenario == scenario { run = nil }
    }

    /// Keeps the longer recording of the same scenario, so that a run that begins again takes nothing off the screen.
    private mutating func keep(_ run: Recordings) {
        let tokens = mainTokens(run)
        if recordings == KeptRuns(), !hasMoved { placeFirstCursor(recorded: run.main?.tokens ?? 0) }
        if run.scenario == ownScenario {
            if recordings.plain.map(mainTokens) ?? 0 <= tokens { recordings.plain = run }
        } else if recordings.exact?.scenario != run.scenario || recordings.exact.map(mainTokens) ?? 0 <= tokens {
            recordings.exact = run
        }
        followRuns()
    }

    /// The cursor begins where there is something to read back to, on the first screen.
    private mutating func placeFirstCursor(recorded: Int) {
        cursor = max(0, min(64, recorded - 1, tokenCount - 1))
    }

    /// A small model is measured before the run, so that the first screen shows a head that does something.
    private var measuresCircuitsFirst: Bool {
        model.value.map { $0.parameters < 200_000_000 } ?? false
    }

    private mutating func takeTellingHead() {
        guard !hasChosenHead else { return }
        let best = circuits.max { ($0.induction, $0.retrieval) < ($1.induction, $1.retrieval) }
        guard let best else { return }
        layer = best.layer
        head = best.head
    }

    private func tokenise() -> [Effect] {
        guard let text = text.value, let model = model.value else { return [] }
        return [.tokenise(text, model)]
    }
}

extension AppState {
    /// Starts what is missing: runs, and what the Loss panel wants to know.
    mutating func nextWork() -> [Effect] { nextRun() + nextBeside() + nextLoss() }

    /// Starts what is missing: first the plain recording, then the exact one of the scenario; nothing while the user
    /// is still choosing methods or has cancelled.
    mutating func nextRun() -> [Effect] {
        if case .menu = overlay { return [] }
        if case .prompt(let prompt) = overlay, case .rule = prompt.purpose { return [] }
        if isRunStale { return [.cancelRun] }
        if pause != nil { return [] }
        guard run == nil, !isRunPaused else { return [] }
        if !isComplete(recordings.plain) { return start(ownScenario) }
        return isExactMissing ? start(scenario) : []
    }

    /// The run that `e` asks for: the scenario's, even if the plain one has not ended.
    mutating func runNow() -> [Effect] {
        isRunPaused = false
        if !isExactMissing || run?.scenario == scenario { return [] }
        return start(scenario)
    }

    /// What the model was made for: the run that every preview stands on.
    var ownScenario: Scenario { model.value?.defaultScenario ?? .plain }

    var isExactMissing: Bool {
        guard scenario != ownScenario else { return false }
        guard let exact = recordings.exact, exact.scenario == scenario else { return true }
        return !isComplete(exact)
    }

    /// Changes the scenario: its preview is there at once, its exact run follows.
    mutating func change(to scenario: Scenario) {
        guard scenario != self.scenario else { return }
        if let problem = problem(in: scenario) {
            notice = Notice(.warning, problem)
            return
        }
        self.scenario = scenario
        followRuns()
        isRunPaused = false
        lists.loss = 0
        if let remark = previewRemark { notice = Notice(.information, remark) }
    }

    /// Whether the run in progress is for a scenario that nobody looks at any more.
    private var isRunStale: Bool {
        guard let run else { return false }
        return run.scenario != ownScenario && run.scenario != scenario
    }

    private mutating func start(_ scenario: Scenario) -> [Effect] {
        guard let model = model.value, tokenCount > 0, let ids = document.value?.ids else { return [] }
        do throws(ModelError) { try model.check(scenario, tokens: ids.count) } catch {
            isRunPaused = true
            notice = Notice(.error, error.description)
            return []
        }
        run = RunProgress(scenario: scenario, total: ids.count)
        return [.run(scenario, model, ids: ids)]
    }
}
