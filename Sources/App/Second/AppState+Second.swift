import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

extension AppState {
    /// Lets the second model read what the first one has read, with its own scenario and then with the chosen one; never
    /// while the first one reads, so that each asks for memory when it is known what the other has taken.
    mutating func nextOfSecond() -> [Effect] {
        guard let second, let model = second.tokenByToken else { return [] }
        if let run = second.running {
            let isStale = run.scenario != model.defaultScenario && run.scenario != secondScenario
            return runs.running != nil || isStale ? [.second(.cancel)] : []
        }
        guard runs.running == nil, runs.entering == nil, !runs.isPaused, runs.pause == nil, isComplete(runs.kept.plain),
            !isExactMissing,
            let scenario = missingOfSecond, scenario != second.failed
        else { return [] }
        let ids = idsOfSecond(model)
        guard !ids.isEmpty else { return [] }
        sayWhereSecondEnds(model)
        let number = self.second?.begin(scenario, tokens: ids.count) ?? 0
        return [.second(.read(model, scenario, ids: ids, run: number))]
    }

    /// The scenario that the second model has not read everything with.
    private var missingOfSecond: Scenario? {
        guard let second, let model = second.tokenByToken else { return nil }
        if !second.isComplete(second.kept.plain) { return model.defaultScenario }
        let exact = second.kept.exact?.scenario == secondScenario ? second.kept.exact : nil
        return secondScenario == model.defaultScenario || second.isComplete(exact) ? nil : secondScenario
    }

    /// The first one's tokens, as many as the second model has places for.
    private func idsOfSecond(_ model: Model) -> [Int32] {
        let ids = sources.document.value?.ids ?? []
        return Array(ids.prefix(limit(of: model)?.tokens ?? ids.count))
    }

    private func limit(of model: Model) -> ReadingLimit? {
        ReadingLimit(model.traits, tokens: tokenCount, asked: sources.askedTokens)
    }

    /// Once for a model that reads less than the first one.
    private mutating func sayWhereSecondEnds(_ model: Model) {
        guard second?.end == nil, let limit = limit(of: model) else { return }
        second?.end = limit.reason
        notice = Notice(
            .warning,
            say(
                "\(model.name) reads the first \(limit.tokens.grouped) of \(tokenCount.grouped) tokens: \(limit.reason)"
            ))
    }

    /// The chosen scenario; the second model's own where the first one's is chosen, and where it cannot have the chosen one.
    var secondScenario: Scenario {
        guard let model = second?.tokenByToken else { return scenario }
        let isPossible = scenario != ownScenario && (try? model.check(scenario, tokens: tokenCount)) != nil
        return isPossible ? scenario : model.defaultScenario
    }

    /// The second model's answers for the cursor.
    var secondLens: Lens? { second?.lenses.lens(for: focus.cursor) }

    mutating func followSecondRuns() {
        guard var followed = second else { return }
        followed.lenses.follow(followed.kept, kind: focus.kind, scenario: secondScenario)
        second = followed
    }

    /// Asks whether the second model has the first one's tokens, once both and the text are there.
    func admitSecond() -> [Effect] {
        guard let candidate = second?.candidate.value, second?.model == .loading, let document = sources.whole.value
        else { return [] }
        return [.second(.admit(candidate, document))]
    }

    /// What the work for a second model reports.
    mutating func take(_ report: SecondModelReport) -> [Effect] {
        switch report {
        case .loaded(let model, let hasSameTokens):
            second?.candidate = .loaded(model)
            second?.hasSameTokens = hasSameTokens
            if hasSameTokens { second?.model = .loaded(model) }
            return admitSecond()
        case .admitted(let own): admit(own)
        case .run(let number, let report): if number == second?.run { take(report) }
        case .failed(let why):
            second?.fail(why)
            notice = Notice(.error, why)
        }
        return []
    }

    private mutating func take(_ report: SecondRunReport) {
        switch report {
        case .limited(let tokens, let wanted):
            let name = second?.model.value?.name ?? say("the second model")
            second?.end = say("memory has room for no more")
            notice = Notice(
                .warning,
                say(
                    "memory has room for \(tokens.grouped) of \(wanted.grouped) tokens of \(name): it is shown up to there"
                ))
        case .progressed(let recordings, let seconds):
            second?.running?.done = recordings.main?.tokens ?? 0
            second?.running?.total = recordings.main?.ids.count ?? 0
            second?.running?.seconds = seconds
            keepOfSecond(recordings)
        case .finished(let recordings):
            second?.running = nil
            keepOfSecond(recordings)
        case .stopped(let scenario, let why):
            second?.running = nil
            guard let why else { return }
            second?.failed = scenario
            notice = Notice(.error, why)
        }
    }

    private mutating func admit(_ own: Document?) {
        guard let candidate = second?.candidate, let model = candidate.value else { return }
        second?.model = candidate
        guard let own else { return }
        second?.ownTokens = .loaded(own)
        notice = Notice(
            .information,
            say(
                "\(model.name) cuts the text into other tokens: it stands beside the first model in Loss alone, by bytes"
            )
        )
    }

    private mutating func keepOfSecond(_ recordings: Recordings) {
        second?.keep(recordings)
        followSecondRuns()
    }
}

extension SecondModel {
    fileprivate mutating func fail(_ why: String) {
        model = .failed(why)
        candidate = .loading
    }
}
