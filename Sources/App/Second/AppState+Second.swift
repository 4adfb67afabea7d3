import RopewalkModels

extension AppState {
    /// Tokens from the start of the text that the second model reads for the panels about a pair of tokens.
    static let secondTokens = 8192

    /// Lets the second model read the first tokens, once.
    mutating func nextOfSecond() -> [Effect] {
        guard let second, let model = second.model.value, second.recording == nil, !second.isReading,
            second.ownTokens == nil,
            let ids = sources.document.value?.ids, !ids.isEmpty
        else { return [] }
        self.second?.isReading = true
        return [.second(.read(model, ids: Array(ids.prefix(Self.secondTokens))))]
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
        case .loaded(let model):
            second?.candidate = .loaded(model)
            return admitSecond()
        case .admitted(let own):
            guard let candidate = second?.candidate, let model = candidate.value else { return [] }
            second?.model = candidate
            guard let own else { return [] }
            second?.ownTokens = .loaded(own)
            notice = Notice(
                .information,
                "\(model.name) cuts the text into other tokens: it stands beside the first model in Loss alone, by bytes"
            )
        case .read(let recording):
            second?.recording = recording
            second?.isReading = false
        case .failed(let why):
            second?.fail(why)
            notice = Notice(.error, why)
        }
        return []
    }
}

extension SecondModel {
    fileprivate mutating func fail(_ why: String) {
        model = .failed(why)
        isReading = false
        candidate = .loading
    }
}
