import RopewalkDocuments
import RopewalkModels

extension AppState {
    /// What opening text and model reports.
    mutating func take(_ report: SourceReport) -> [Effect] {
        switch report {
        case .textLoaded(let loaded):
            sources.text = .loaded(loaded)
            return [.sources(.outline(loaded))] + tokenise()
        case .outlined(let outline): sources.outline = outline
        case .textFailed(let why):
            sources.text = .failed(why)
            failToRead(why)
        case .modelLoaded(let loaded):
            return take(loaded)
        case .modelFailed(let why):
            sources.model = .failed(why)
            failToRead(why)
        case .tokenised(let made):
            // Other tokens: what was seen before stands nowhere among them.
            history = ViewHistory()
            take(made)
            refuseWhatTheModelCannot()
            goOn()
            return admitSecond()
        case .tokenisingFailed(let why):
            failToRead(why)
        }
        return []
    }

    private mutating func take(_ loaded: Model) -> [Effect] {
        sources.model = .loaded(loaded)
        focus.kind = loaded.kinds.first ?? .decoder
        if scenario.isPlain { scenario = ownScenario }
        if let line = loaded.unread.line { notice = Notice(.warning, line) }
        refuseWhatTheModelCannot()
        positions.subspace = firstCritical
        return tokenise() + measureCircuits(.first)
    }

    private mutating func failToRead(_ why: String) {
        sources.document = .failed(why)
        notice = Notice(.error, why)
    }

    private func tokenise() -> [Effect] {
        guard let text = sources.text.value, let model = sources.model.value else { return [] }
        return [.sources(.tokenise(text, model))]
    }
}
