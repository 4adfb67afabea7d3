import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// What leaving out each part of the model does to its loss, as far as it is known.
package struct HeadAblation: Equatable, Sendable {
    package let question: LossQuestion
    package let grid: AblationGrid?
    /// Why it cannot be measured; nil where it can.
    package let problem: String?

    /// Tokens that are read once for every part: the beginning of the text.
    static let tokens = 512
}

extension AppState {
    private var ablationQuestion: LossQuestion? {
        guard let model = sources.model.value, tokenCount > 1 else { return nil }
        return LossQuestion(
            model: model.path, adapter: model.adapterPath, change: model.weightChange, scenario: scenario,
            edition: sources.edition, tokens: min(HeadAblation.tokens, tokenCount), texts: 1, isByBytes: false)
    }

    /// What is known of the model's heads under the scenario.
    var headAblation: HeadAblation? {
        ablationQuestion.flatMap { question in losses.ablations.first { $0.question == question } }
    }

    /// Leaves out one part after the other where the heads are sorted by what that costs; nothing while they are hidden.
    mutating func nextAblation() -> [Effect] {
        let wanted = heads.order == .ablation && layout.panels[.heads] != nil ? ablationQuestion : nil
        if let running = losses.ablating { return running == wanted ? [] : [.losses(.cancel)] }
        guard let wanted, losses.running == nil, needles.running == nil, !isStudying, !losses.isPaused,
            runs.pause == nil,
            let model = sources.model.value,
            let document = sources.document.value
        else { return [] }
        if case .menu = overlay { return [] }
        if let known = headAblation, known.problem != nil || known.grid?.isComplete == true { return [] }
        losses.ablating = wanted
        return [.losses(.ablate(wanted, model, ids: Array(document.ids.prefix(wanted.tokens))))]
    }
}

extension Losses {
    mutating func keep(_ ablation: HeadAblation) {
        ablations.removeAll { $0.question == ablation.question }
        if ablations.count >= 16 { ablations.removeFirst() }
        ablations.append(ablation)
        if ablation.problem != nil || ablation.grid?.isComplete == true { ablating = nil }
    }
}

extension EffectRunner {
    func ablate(_ question: LossQuestion, _ model: Model, _ ids: [Int32], until flag: CancelFlag) {
        var comparison = Comparison(texts: [ids], threads: inputs.threads)
        comparison.isCancelled = { flag.isRaised }
        do {
            _ = try comparison.ablations(of: Comparison.Contender(model: model, scenario: question.scenario)) { grid in
                self.post(.losses(.ablated(question, grid)))
            }
        } catch {
            post(.losses(.ablationFailed(question, error == .cancelled ? nil : error.description)))
        }
    }
}
