import RopewalkLens
import RopewalkMethods
import RopewalkModels

extension AppState {
    /// What a contender's line in the Loss panel needs.
    func question(_ contender: Contender) -> LossQuestion? {
        model(of: contender).map {
            LossQuestion(
                model: $0.path, adapter: $0.adapterPath, change: $0.weightChange, scenario: contender.scenario,
                edition: sources.edition,
                tokens: excerptLength,
                texts: excerptCount, isByBytes: second?.ownTokens != nil)
        }
    }

    /// The next measurement that the Loss panel misses, the chosen scenario's first; nothing while it is hidden.
    mutating func nextLoss() -> [Effect] {
        if let running = losses.running, running.tokens != excerptLength || running.edition != sources.edition {
            return [.losses(.cancel)]
        }
        let wanted = wantedLosses
        guard !wanted.isEmpty, losses.running == nil, losses.ablating == nil, needles.running == nil,
            !isStudying,
            !losses.isPaused,
            runs.pause == nil,
            excerptLength > 1, second?.model != .loading, sources.document.value != nil
        else { return [] }
        if case .menu = overlay { return [] }
        let missing = wanted.filter { contender in
            question(contender).map { losses.answer(to: $0) == nil } ?? false
        }
        guard let contender = missing.first(where: isCurrent) ?? missing.first, let model = model(of: contender),
            let question = question(contender)
        else { return [] }
        losses.running = question
        losses.done = 0
        return [.losses(.measure(question, model, excerpts(for: contender)))]
    }

    /// What is measured for the panels on the screen: the list of all methods asks for what was added alone.
    private var wantedLosses: [Contender] {
        let panels = layout.panels
        if panels[.loss] != nil, losses.page == .positions { return contenders }
        return panels[.methods] == nil ? [] : contenders.filter { losses.added.contains($0.scenario) }
    }

    mutating func cancelLosses() -> [Effect] {
        losses.isPaused = true
        return [.losses(.cancel)] + (needles.running == nil ? [] : [.needles(.cancel)])
            + (passages.running == nil ? [] : [.passages(.cancel)])
            + (longTexts.running == nil ? [] : [.longTexts(.cancel)])
            + (benchmarks.running == nil ? [] : [.benchmarks(.cancel)])
    }

    /// What a measurement reports.
    mutating func take(_ report: LossReport) -> [Effect] {
        switch report {
        case .progressed(let question, let done):
            if losses.running == question { losses.done = done }
        case .inspected(let question, let measures): losses.keep(measures, of: question)
        case .measured(let question, let loss):
            losses.keep(Losses.Measured(question: question, loss: loss, problem: nil))
        case .failed(let question, let why):
            if let why { losses.keep(Losses.Measured(question: question, loss: nil, problem: why)) }
            if losses.running == question { losses.running = nil }
        case .ablated(let question, let grid):
            losses.keep(HeadAblation(question: question, grid: grid, problem: nil))
        case .ablationFailed(let question, let why):
            if let why { losses.keep(HeadAblation(question: question, grid: nil, problem: why)) }
            if losses.ablating == question { losses.ablating = nil }
        }
        return []
    }
}
