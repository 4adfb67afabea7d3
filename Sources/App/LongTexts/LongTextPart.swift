import RopewalkCellGrid
import RopewalkPhrases
import RopewalkScoring
import RopewalkViews

/// The page of long texts of the Loss panel: what it shows of the state.
struct LongTextPart {
    private let answer: LongTextAnswer?
    private let top: Int
    private let obstacle: String?
    private let isPaused: Bool

    init(_ state: AppState) {
        let answer = state.longTextQuestion.flatMap { state.longTexts.answer(to: $0) }
        obstacle = state.longTextObstacle ?? answer?.problem
        self.answer = answer
        top = state.longTexts.top
        isPaused = state.losses.isPaused
    }

    func view(_ look: Look) -> LongTextView {
        guard obstacle == nil, let answer, let metrics = answer.measured else {
            return LongTextView(
                kind: "", reason: "", strip: "", rows: [], top: 0, notes: [],
                obstacle: obstacle ?? (isPaused ? say("stopped") : say("the text is being measured ...")), look: look)
        }
        let verdict = LongTextVerdict(metrics, answer.table, characters: answer.characters)
        let kind = verdict.words
        let coherence = answer.pieces.isEmpty ? nil : Coherence(answer.pieces)
        let highest = answer.pieces.map(\.accuracyDelta).max() ?? 0
        return LongTextView(
            kind: answer.isComplete ? kind : kind + say(" (so far)"),
            reason: verdict.between == nil
                ? say("decided by: \(verdict.reason)")
                : say("by the rule \(verdict.kind.rawValue.said): \(verdict.reason)"),
            strip: Coherence.strip(coherence, highest: highest), stripNote: stripNote(answer, highest),
            rows: rows(metrics, verdict, answer.table), top: top, notes: notes(answer, verdict), obstacle: nil,
            look: look)
    }

    /// Where the pieces lie, and what the highest block is.
    private func stripNote(_ answer: LongTextAnswer, _ highest: Double) -> String {
        guard let tokens = answer.metrics?.tokens, tokens > 0, let first = answer.pieces.first?.start,
            let last = answer.pieces.last?.start
        else { return "" }
        let (from, to) = (100 * first / tokens, min(100, 100 * (last + answer.piece) / tokens))
        let place = say("from \(from) to \(to) % of the text")
        guard highest > 0 else { return place }
        return place + " · " + say("█ acc_delta \(LongTextMetric.text(highest)), · none")
    }

    private func rows(
        _ metrics: LongTextMetrics, _ verdict: LongTextVerdict, _ table: LongTextReference.Table?
    ) -> [LongTextView.Row] {
        LongTextMetric.allCases.filter { metrics.values[$0] != nil }.map { metric in
            let value = metrics.values[metric] ?? .nan
            let spread = table?[metric]
            let test = verdict.tests.first { $0.metric == metric }
            let standing: LongTextView.Standing =
                if verdict.fired?.metric == metric {
                    .decides
                } else {
                    switch test?.holds {
                    case _ where verdict.between?.tests.contains { $0.metric == metric } == true: .open
                    case true?: .holds
                    case false?: .fails
                    case nil: .none
                    }
                }
            return LongTextView.Row(
                name: metric.rawValue, value: LongTextMetric.text(value), asked: test.map(Self.asked) ?? "",
                z: LongTextMetric.deviations(spread?.z(value)), percentile: spread?.percentile(value),
                marks: test?.askedPercentiles ?? [], standing: standing, meaning: metric.meaning.said)
        }
    }

    /// "≥ 0.0098", "0.1 – 0.8": what the rule asks of a metric.
    private static func asked(_ test: LongTextVerdict.Test) -> String {
        switch (test.low, test.high) {
        case (let low?, let high?): "\(LongTextMetric.text(low)) – \(LongTextMetric.text(high))"
        case (let low?, nil): "≥ \(LongTextMetric.text(low))"
        case (nil, let high?): "≤ \(LongTextMetric.text(high))"
        case (nil, nil): ""
        }
    }

    private func notes(_ answer: LongTextAnswer, _ verdict: LongTextVerdict) -> [String] {
        var notes: [String] = []
        if answer.piece > 0, !answer.starts.isEmpty {
            notes.append(
                say(
                    "coherence: \(answer.pieces.count) of \(answer.starts.count) pieces of \(answer.piece.grouped) tokens; the last quarter after all of a piece and after a quarter"
                ))
            let predicted = answer.pieces.count * (answer.piece / 4)
            if predicted > 0 {
                let one = LongTextMetric.text(1 / Double(predicted))
                notes.append(say("one token more or less of the \(predicted.grouped) predicted is \(one) of acc_delta"))
            }
        }
        if let remark = answer.remark { notes.append(remark) }
        if let why = answer.withoutReference {
            notes.append(why)
        } else {
            let counts = TextLanguage.allCases.map { "\((answer.counts[$0] ?? 0).grouped) \($0.rawValue)" }
                .joined(separator: ", ")
            notes.append(
                say(
                    "thresholds are our own, from a reference corpus of documents (\(counts)); LongWanjuan's are not published"
                ))
            if verdict.tests.contains(where: \.isFar), let characters = answer.characters {
                notes.append(
                    say(
                        "documents of the reference have some \(characters.grouped) characters: halves of a longer one lie further apart and share fewer words"
                    ))
            }
            notes.append(say("percentile: of 100 documents of the reference, how many are not above this one"))
        }
        return notes
    }

    private var progress: String {
        guard let answer, !answer.isComplete else { return "" }
        return isPaused ? say("stopped") : "\(100 * answer.pieces.count / max(1, answer.starts.count)) %"
    }

    func picture(in inner: Rect, _ look: Look) -> PanelPicture {
        let view = view(look)
        let language =
            answer?.metrics.map { "\($0.language.rawValue) · \(Figures.count($0.tokens, "token"))" } ?? ""
        let facts = [say("kind of long text"), language, progress].filter { !$0.isEmpty }
        return PanelPicture(
            facts: Panel.loss.facts(
                [[facts.joined(separator: " · "), facts.dropFirst().joined(separator: " · ")]], in: inner),
            footer: say("after LongWanjuan, thresholds of our own")
        ) { view.draw(in: $0, on: &$1) }
    }

    func figure(_ look: Look) throws(AppError) -> Figure {
        guard var figure = view(look).figure else {
            throw .noFigure(obstacle ?? say("nothing is compared with a reference corpus yet"))
        }
        figure.facts = [progress].filter { !$0.isEmpty }
        return figure
    }

    /// The wheel goes through the metrics.
    func actions(of mouse: Mouse) -> [Action] { mouse.wheel.map { [.longTexts(.scroll($0))] } ?? [] }
}
