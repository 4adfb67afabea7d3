import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

extension AppState {
    /// What a token takes while it is read: "125 kB "; empty where the model is not known.
    private func costOfToken(_ scenario: Scenario, _ tokens: Int) -> String {
        guard let model = sources.model.value else { return "" }
        let size = RecordingSize(model: model.traits, scenario: scenario, tokens: tokens)
        return say("\(Int((size.bytesPerToken / 1000).rounded(.up)).grouped) kB ")
    }

    /// What a run reports.
    mutating func take(_ report: RunReport) -> [Effect] {
        switch report {
        case .limited(let scenario, _, _) where sessions.bytesOfOthers > 0 && runs.running?.scenario == scenario:
            // What the other sessions have read can be read again.
            runs.isCramped = true
            return [.session(.forget), .run(.cancel)]
        case .limited(let scenario, let tokens, let wanted):
            if runs.running?.scenario == scenario { runs.running?.total = tokens }
            // Where only an exact run is shorter, the preview goes on after its end.
            if scenario == ownScenario { limit(to: tokens) }
            notice = Notice(
                .warning,
                say(
                    """
                    memory has room for \(tokens.grouped) of \(wanted.grouped) tokens, \(costOfToken(scenario, wanted))each: \
                    attention is shown up to there; \(keyName(of: .reading(.list))) reads on from another place, --recording f16 takes less
                    """))
        case .begun(let recording):
            if runs.running?.scenario == recording.scenario {
                let begun = mainTokens(recording)
                if recording.main?.isBeginning == true {
                    runs.running?.begun = begun
                } else {
                    runs.running?.goOn(after: begun)
                }
                keep(recording)
                return measureCircuits(.behindTheBeginning)
            }
        case .progressed(let recording, let seconds):
            guard runs.running?.scenario == recording.scenario else { return [] }
            let tokens = mainTokens(recording)
            runs.running?.advance(to: tokens, of: recording.main?.ids.count ?? 0, seconds: seconds)
            keep(recording)
        case .entered(let number, let beginning): return enter(number, beginning)
        case .refused(let number, let why): refusePart(number, why)
        case .finished(let recording):
            if let scenario = recording.scenario { endRun(of: scenario) }
            if takeCramped() { return [] }
            keep(recording)
            if recording.scenario == ownScenario { return measureCircuits(.atTheEnd) }
        case .notKept(let why): notice = notice ?? Notice(.warning, say("what was read is not kept: \(why)"))
        case .cancelled(let scenario):
            let isStopped = runs.isPaused && runs.running?.scenario == scenario
            endRun(of: scenario)
            if takeCramped() { return [] }
            if isStopped { sayWhereItStopped(scenario) }
        case .failed(let scenario, let why):
            endRun(of: scenario)
            pauseRuns(after: why)
        case .circuitsMeasured(let scores):
            runs.circuits = scores
            runs.awaitsCircuits = false
            takeTellingHead()
        }
        return []
    }

    /// Whether the run that has ended had not the room that it has now, and begins again.
    private mutating func takeCramped() -> Bool {
        defer { runs.isCramped = false }
        return runs.isCramped
    }

    /// Leaves only the first tokens to read; the rest of the text can still be looked at.
    mutating func limit(to tokens: Int) {
        guard let made = sources.document.value, tokens < made.tokenCount else { return }
        sources.tokenLimit = tokens
        sources.document = .loaded(made.prefix(tokens: tokens))
        focus.cursor = min(focus.cursor, max(0, tokens - 1))
        map.showAll()
        revealCursor()
    }

    private mutating func sayWhereItStopped(_ scenario: Scenario) {
        if sources.model.value?.traits.isRounded == true {
            notice = Notice(
                .information,
                say(
                    "reading was stopped: \(keyName(of: .methods(.run))) begins anew, as an f16 recording has no exact keys to go on with"
                ))
            return
        }
        let tokens = stopped(scenario).map(mainTokens) ?? 0
        let place =
            tokens > 0
            ? say("at token \(tokens.grouped), from where \(keyName(of: .methods(.run))) goes on")
            : say("before its first part: \(keyName(of: .methods(.run))) reads on")
        notice = Notice(.information, say("reading was stopped \(place)"))
    }

    /// What a run of a scenario has left behind that did not come to the end; nil where there is none.
    fileprivate func stopped(_ scenario: Scenario) -> Recordings? {
        let run = scenario == ownScenario ? runs.kept.plain : runs.kept.exact
        return run?.scenario == scenario && !isComplete(run) && run?.main?.isBeginning == false
            && run?.main?.isRounded == false
            ? run : nil
    }

    /// A run that another one has replaced ends without a trace.
    private mutating func endRun(of scenario: Scenario) {
        guard let run = runs.running, run.scenario == scenario else { return }
        if scenario == ownScenario, run.done > run.first { runs.pace = run.growth }
        runs.running = nil
    }

    /// Keeps the longer recording of the same scenario, so that a run that begins again takes nothing off the screen.
    mutating func keep(_ run: Recordings) {
        if runs.isCramped { return }
        let tokens = mainTokens(run)
        if runs.kept == KeptRuns() {
            if !focus.hasMoved { placeFirstCursor(recorded: run.main?.tokens ?? 0) }
            if !focus.hasChosenHead, let recorded = run.main?.recordedHeads { placeFirstHead(recorded) }
        }
        if run.scenario == ownScenario {
            if runs.kept.plain.map(mainTokens) ?? 0 <= tokens { runs.kept.plain = run }
        } else if runs.kept.exact?.scenario != run.scenario || runs.kept.exact.map(mainTokens) ?? 0 <= tokens {
            runs.kept.exact = run
        }
        followRuns()
    }

    /// The cursor begins where there is something to read back to, on the first screen.
    private mutating func placeFirstCursor(recorded: Int) {
        focus.cursor = max(0, min(64, recorded - 1, tokenCount - 1))
        guard focus.cursor == tokenCount - 1, let document = queryDocument else { return }
        // Of a sentence its last word, not what ends it.
        focus.cursor = (0...focus.cursor).last { document.isWord($0) } ?? focus.cursor
    }

    /// Of a recording of some heads one that is there is shown first.
    private mutating func placeFirstHead(_ recorded: RecordedHeads) {
        guard !recorded.contains(layer: focus.layer, head: focus.head), let shape, let layer = recorded.layers.first,
            let head = (0..<shape.heads).first(where: { recorded.contains(layer: layer, head: $0) })
        else { return }
        (focus.layer, focus.head) = (layer, head)
    }

    /// Measures what heads do, if it is time for it and has not been done.
    mutating func measureCircuits(_ now: CircuitsTime) -> [Effect] {
        guard let model = sources.model.value, model.hasWeights, !runs.hasAskedForCircuits,
            CircuitsTime(parameters: model.parameters) <= now
        else { return [] }
        runs.hasAskedForCircuits = true
        runs.awaitsCircuits = now == .first
        return [.run(.measureCircuits(model))]
    }

    /// The first screen shows a head that does something; whoever reads already keeps the one that is there.
    private mutating func takeTellingHead() {
        guard !focus.hasChosenHead, lens == nil || !focus.hasMoved else { return }
        let best = runs.circuits.max { ($0.induction, $0.retrieval) < ($1.induction, $1.retrieval) }
        guard let best, head != HeadIndex(layer: best.layer, head: best.head) else { return }
        if lens != nil {
            guard best.circuit == .induction else { return }
            // What is being read stays: who starts for the first time is told of the tour.
            notice =
                notice
                ?? Notice(
                    .information,
                    say(
                        "L\(best.layer) H\(best.head) is shown now: it finds best what followed the last time (\(keyName(of: .focus(.layer(1)))) and \(keyName(of: .focus(.head(1)))) choose)"
                    ))
        }
        focus.layer = best.layer
        focus.head = best.head
    }
}

extension AppState {
    /// Starts what is missing: first the plain recording, then the exact one of the scenario; nothing while the user
    /// is still choosing methods or has cancelled.
    mutating func nextRun() -> [Effect] {
        if case .menu = overlay { return [] }
        if case .prompt(let prompt) = overlay, case .rule = prompt.purpose { return [] }
        if runs.entering != nil || generation.running != nil { return [] }
        if isRunStale { return [.run(.cancel)] }
        if runs.pause != nil { return [] }
        guard runs.running == nil, !runs.isPaused else { return [] }
        if !isComplete(runs.kept.plain) {
            // A recording that was cut short is shown as far as it goes.
            let isAll = sources.model.value?.hasWeights == false && runs.kept.plain != nil
            return isAll ? [] : start(ownScenario)
        }
        return isExactMissing && sources.model.value?.canRun(scenario) ?? true ? start(scenario) : []
    }

    /// The run that `e` asks for: the scenario's, even if the plain one has not ended.
    mutating func runNow() -> [Effect] {
        let wasPaused = runs.isPaused
        runs.isPaused = false
        guard isExactMissing, runs.running?.scenario != scenario else {
            if !wasPaused { notice = Notice(.information, runText) }
            return []
        }
        return start(scenario)
    }

    /// Why there is nothing to be run at once.
    private var runText: String {
        if runs.running?.scenario == scenario {
            return say("the exact run is under way: \(keyName(of: .program(.stop))) stops it")
        }
        return scenario == ownScenario
            ? say(
                "no methods are chosen, so there is nothing to run again: \(keyName(of: .methods(.menu))) and \(keyName(of: .methods(.prompt))) choose some"
            )
            : say("the exact run of these methods is there: all that is shown is its own")
    }

    /// What the model was made for: the run that every preview stands on.
    var ownScenario: Scenario { sources.model.value?.defaultScenario ?? .plain }

    var isExactMissing: Bool {
        guard scenario != ownScenario else { return false }
        guard let exact = runs.kept.exact, exact.scenario == scenario else { return true }
        return !isComplete(exact)
    }

    /// Changes the scenario: its preview is there at once, its exact run follows.
    mutating func change(to scenario: Scenario) {
        let scenario = bound(scenario)
        guard scenario != self.scenario else { return }
        if let problem = problem(in: scenario) {
            notice = Notice(.warning, problem, isRefusal: true)
            return
        }
        let isNewMask =
            !scenario.windows.isEmpty && scenario.windows.map(\.identity) != self.scenario.windows.map(\.identity)
        self.scenario = scenario
        if isNewMask {
            leaveOwnMask()
            if masks.mapLayer == .none { masks.mapLayer = .mask }
        }
        followRuns()
        runs.isPaused = false
        masks.worstQuery = 0
        if let remark = previewRemark ?? scopeRemark { notice = Notice(.information, remark) }
    }

    /// Whether the run in progress is for a scenario that nobody looks at any more.
    private var isRunStale: Bool {
        guard let run = runs.running else { return false }
        return run.scenario != ownScenario && run.scenario != scenario
    }

    /// Nothing is read again by itself where reading has failed.
    fileprivate mutating func pauseRuns(after failure: String) {
        runs.isPaused = true
        runs.failure = failure
        notice = Notice(.error, failure)
    }

    private mutating func start(_ scenario: Scenario) -> [Effect] {
        guard let model = sources.model.value, tokenCount > 0, let document = sources.document.value else { return [] }
        let ids = document.ids
        do throws(ModelError) { try model.check(scenario, tokens: ids.count) } catch {
            pauseRuns(after: error.description)
            return []
        }
        let stopped = stopped(scenario)
        let first = stopped.map(mainTokens) ?? 0
        let growth = RunPace(ratio: RunPace.ratio(of: model), first: first)
        runs.running = RunProgress(scenario: scenario, first: first, done: first, total: ids.count, growth: growth)
        let shared = scenario == ownScenario ? runs.shared : nil
        return [.run(.start(scenario, model, ids: ids, after: stopped, sharing: shared, document: document))]
    }
}

extension Document {
    /// Whether the text has a letter or a digit there.
    fileprivate func isWord(_ token: Int) -> Bool {
        String(decoding: text.bytes[characterBytes(ofToken: token)], as: UTF8.self).contains {
            $0.isLetter || $0.isNumber
        }
    }
}
