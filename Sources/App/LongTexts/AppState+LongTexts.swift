import RopewalkPhrases
import RopewalkScoring

extension AppState {
    /// A longer text would take gigabytes to be measured at once.
    private static let mostBytes = 16 << 20

    /// What is measured; nil where there is nothing, which `longTextObstacle` explains.
    var longTextQuestion: LongTextQuestion? {
        guard longTextObstacle == nil, let text = sources.text.value else { return nil }
        let model = sources.model.value
        return LongTextQuestion(
            edition: sources.edition, bytes: text.bytes.count, model: model?.path, adapter: model?.adapterPath,
            change: model?.weightChange)
    }

    /// Why nothing can be measured of the text; nil where something can.
    var longTextObstacle: String? {
        if let failure = sources.text.failure { return failure }
        guard let text = sources.text.value else { return say("the text is being loaded") }
        if text.isEmpty { return say("kinds of long texts are told by their words: open a text") }
        if text.bytes.count > Self.mostBytes {
            return say("the text is longer than 16 MB: ropewalk data FILE sorts it")
        }
        if case .loading = sources.model { return say("the model is being loaded") }
        return nil
    }

    /// What the page of long texts misses; nothing while it is hidden.
    mutating func nextLongText() -> [Effect] {
        let isShown = layout.panels[.loss] != nil && losses.page == .data
        let question = isShown ? longTextQuestion : nil
        if let running = longTexts.running { return running == question ? [] : [.longTexts(.cancel)] }
        guard let question, let text = sources.text.value, !isMeasuring, !losses.isPaused, runs.pause == nil else {
            return []
        }
        guard let known = longTexts.answer(to: question) else {
            longTexts.running = question
            return [.longTexts(.measure(question, text, sources.model.value))]
        }
        guard !known.isComplete, let model = sources.model.value else { return [] }
        longTexts.running = question
        return [
            .longTexts(.read(question, text, model, starts: Array(known.starts.dropFirst(known.pieces.count))))
        ]
    }

    /// What measuring has come to.
    mutating func take(_ report: LongTextReport) -> [Effect] {
        switch report {
        case .measured(let answer):
            if longTexts.running == answer.question { longTexts.running = nil }
            longTexts.keep(answer)
        case .read(let question, let pieces):
            if longTexts.running == question { longTexts.running = nil }
            guard var answer = longTexts.answer(to: question) else { return [] }
            answer.pieces += pieces
            longTexts.keep(answer)
        case .failed(let question, let why):
            if longTexts.running == question { longTexts.running = nil }
            guard let why else { return [] }
            var answer = longTexts.answer(to: question) ?? LongTextAnswer(question: question)
            // What is measured already stays; no piece is asked for again.
            if answer.metrics == nil { answer.problem = why } else { answer.remark = say("no coherence: \(why)") }
            answer.starts = Array(answer.starts.prefix(answer.pieces.count))
            longTexts.keep(answer)
        }
        return []
    }
}
