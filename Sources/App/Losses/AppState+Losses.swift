import RopewalkLens
import RopewalkMethods
import RopewalkModels

extension AppState {
    /// Tokens from the start of the text that the second model reads for the panels about a pair of tokens.
    static let besideTokens = 8192

    /// What a reading's line in the Loss panel needs.
    func question(_ reading: Reading) -> LossQuestion? {
        model(of: reading).map {
            LossQuestion(
                model: $0.path, scenario: reading.scenario, tokens: excerptLength, texts: excerptCount)
        }
    }

    /// Lets the second model read the first tokens, once.
    mutating func nextBeside() -> [Effect] {
        guard let beside = beside?.value, besideRecording == nil, !isReadingBeside, let ids = document.value?.ids,
            !ids.isEmpty
        else { return [] }
        isReadingBeside = true
        return [.readBeside(beside, ids: Array(ids.prefix(Self.besideTokens)))]
    }

    /// The next measurement that the Loss panel misses, the chosen scenario's first; nothing while it is hidden.
    mutating func nextLoss() -> [Effect] {
        if let running = losses.running, running.tokens != excerptLength { return [.cancelLosses] }
        guard layout.panels[.loss] != nil, losses.running == nil, !losses.isPaused, pause == nil,
            excerptLength > 1, beside == nil || beside != .loading, let ids = document.value?.ids
        else { return [] }
        if case .menu = overlay { return [] }
        let missing = readings.filter { reading in question(reading).map { losses.answer(to: $0) == nil } ?? false }
        guard let reading = missing.first(where: isCurrent) ?? missing.first, let model = model(of: reading),
            let question = question(reading)
        else { return [] }
        losses.running = question
        losses.done = 0
        return [
            .measureLoss(
                question, model, texts: Comparison.excerpts(of: ids, length: excerptLength, count: excerptCount))
        ]
    }

    mutating func cancelLosses() -> [Effect] {
        losses.isPaused = true
        return [.cancelLosses]
    }

    /// What background work about positions reports.
    mutating func positionReport(_ message: Message) -> [Effect] {
        switch message {
        case .lossProgressed(let question, let done):
            if losses.running == question { losses.done = done }
        case .lossMeasured(let question, let loss): keep(question, loss, problem: nil)
        case .lossFailed(let question, let why):
            if let why { keep(question, nil, problem: why) }
            if losses.running == question { losses.running = nil }
        case .pauseEnded(let number): if pause == number { pause = nil }
        case .besideLoaded(let model):
            pendingBeside = .loaded(model)
            return admitBeside()
        case .besideAdmitted:
            beside = pendingBeside ?? beside
        case .besideRead(let recording):
            besideRecording = recording
            isReadingBeside = false
        case .besideFailed(let why):
            beside = .failed(why)
            isReadingBeside = false
            pendingBeside = nil
            notice = Notice(.error, why)
        default: break
        }
        return []
    }

    /// Asks whether the second model has the first one's tokens, once both and the text are there.
    mutating func admitBeside() -> [Effect] {
        guard let pending = pendingBeside?.value, beside == .loading, let document = whole.value else { return [] }
        return [.admitBeside(pending, document)]
    }

    private mutating func keep(_ question: LossQuestion, _ loss: LossByPosition?, problem: String?) {
        losses.measured.removeAll { $0.question == question }
        // More than anyone compares; what is asked for again is measured again.
        if losses.measured.count >= 64 { losses.measured.removeFirst() }
        losses.measured.append(Losses.Measured(question: question, loss: loss, problem: problem))
        if losses.running == question { losses.running = nil }
    }
}
