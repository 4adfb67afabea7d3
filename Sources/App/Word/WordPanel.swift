import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// One word, step by step: from the scores of its keys to what the model expects.
struct WordPanel: PanelContent {
    private let sources: WordSources
    private let head: String
    private let isPreview: Bool
    private let model: Model?
    private let keys: AskWords
    private let queries: AskWords
    private let scores: HeadScoresQuestion?
    private let waiting: String?
    private let facts: [String]

    init(_ state: AppState) {
        sources = WordSources(state)
        head = "L\(state.focus.layer) H\(state.focus.head)"
        isPreview = state.lens?.basis == .preview
        model = state.sources.model.value
        keys = AskWords(document: state.keyDocument)
        queries = AskWords(document: state.queryDocument)
        scores = state.lens.map { HeadScoresQuestion($0.recording) }
        waiting = state.signsObstacle ?? state.unpreviewed
        facts = state.headFacts
    }

    func picture(in inner: Rect, look: Look, asking answers: inout Answers) -> PanelPicture? {
        guard let view = view(look, asking: &answers) else {
            let text = waiting ?? AskTables.working
            return PanelPicture { look.write(text, in: $0, on: &$1) }
        }
        let basis = isPreview ? [[say("preview")]] : []
        let facts = Panel.word.facts(
            [[say("“\(queryName)” in \(head)"), head], [say("by \(sources.choices.order.rawValue.said)")]] + basis,
            in: inner
        )
        return PanelPicture(facts: facts, footer: view.footer(in: inner)) { view.draw(in: $0, on: &$1) }
    }

    func figure(_ look: Look, asking answers: inout Answers) throws(AppError) -> Figure {
        guard var figure = view(look, asking: &answers)?.figure else {
            throw .noFigure(waiting ?? say("the word at the cursor is not read yet"))
        }
        figure.facts = facts
        return figure
    }

    /// A press chooses a step or a key; the wheel moves through the keys.
    func actions(of mouse: Mouse, in inner: Rect, look: Look, asking answers: inout Answers) -> [Action] {
        if let wheel = mouse.wheel { return [.word(.line(wheel))] }
        guard let view = view(look, asking: &answers) else { return [] }
        if let step = view.step(atX: mouse.x, y: mouse.y, in: inner) { return [.word(.step(step))] }
        return view.line(atY: mouse.y, in: inner).map { [.word(.pick($0))] } ?? []
    }

    private var queryName: String { sources.sight.place.map { queries.whole($0.query) } ?? "" }

    private func view(_ look: Look, asking answers: inout Answers) -> WordView? {
        guard let reading = sources.reading(&answers), let place = sources.sight.place else { return nil }
        let step = sources.choices.step
        let selected = sources.selected(reading, &answers)
        let sinks =
            scores.map {
                answers.answer(to: HeadSinksQuestion(scores: $0, layer: place.layer, head: place.head))
            } ?? []
        let special =
            scores.map { answers.answer(to: SpecialKeysQuestion(run: $0.run, kind: $0.kind)) } ?? []
        let after = step.isOfKeys ? nil : self.after(place, step, &answers)
        return WordView(
            reading: reading, step: step, order: sources.choices.order, selected: selected, query: queryName,
            name: { [keys] in keys.whole($0) },
            kind: { special.contains($0) ? say("special") : sinks.contains($0) ? say("sink") : "" },
            why: step == .mask ? why(reading, selected, place, &answers) : nil, block: after?.block,
            expected: after?.expected, missing: after?.missing, look: look)
    }

    /// The rule that decides about the selected key.
    private func why(
        _ reading: WordReading, _ selected: Int, _ place: HeadQuery, _ answers: inout Answers
    ) -> String? {
        let lines = WordView.lines(of: reading, by: sources.choices.order)
        guard lines.indices.contains(selected), case .key(let index) = lines[selected] else { return nil }
        return answers.answer(to: ReasonQuestion(place: place, key: reading.keys[index].token))?.sentence
    }

    private struct After {
        var block: WordBlock?
        var expected: WordView.Expected?
        var missing: String?
    }

    /// What comes of the head's output.
    private func after(_ place: HeadQuery, _ step: WordStep, _ answers: inout Answers) -> After {
        let (states, why) = states(place, &answers)
        let done = states?.rows.count ?? 0
        var after = After(missing: why)
        if step == .next {
            if let rows = states?.rows, rows.count > place.layer + 1 {
                after.expected = WordView.Expected(
                    before: expected(rows[place.layer].next), after: expected(rows[place.layer + 1].next))
            } else if why == nil {
                after.missing = AskTables.working
            }
            return after
        }
        // The states of this layer's block are there as soon as the row after it is.
        let blocks = done > place.layer + 1 ? place.layer + 1 : 0
        let known = answers.answer(whenKnown: WordBlockQuestion(place: place, states: blocks))
        after.block = known.flatMap { $0 }
        if known == nil || (why == nil && blocks == 0) { after.missing = AskTables.working }
        return after
    }

    /// The states between the blocks; nil where nobody can make them again, and why.
    private func states(_ place: HeadQuery, _ answers: inout Answers) -> (LogitLens?, String?) {
        if isPreview { return (nil, AskTables.preview) }
        if let why = model?.replayObstacle { return (nil, say("The states of the block are not shown: \(why).")) }
        let question = LogitLensQuestion(basis: place.basis, query: place.query)
        guard let states = answers.answer(deepening: question) else { return (nil, AskTables.working) }
        switch states.problem {
        case .refused(let why): return (nil, why + ".")
        case .differs: return (nil, say("The states of this model cannot be made again: they are not shown."))
        case nil: return (states, nil)
        }
    }

    private func expected(_ next: NextTokens) -> [String] {
        func line(_ candidate: NextTokens.Candidate, _ mark: String) -> String {
            "\(Figures.weight(candidate.probability)) \(name(ofID: candidate.id))\(mark)"
        }
        var lines = next.candidates.map { line($0, $0.id == next.actual?.id ? say(" (follows)") : "") }
        if let actual = next.actual, !next.candidates.contains(where: { $0.id == actual.id }) {
            lines.append(line(actual, say(" (follows, rank \(actual.rank.grouped))")))
        }
        return lines
    }

    private func name(ofID id: Int) -> String {
        model?.tokenizer.map { TokenName.printable($0.bytes(of: id)) } ?? String(id)
    }
}

extension AskWords {
    /// A token in one word; a part of a character as which part of it.
    func whole(_ token: Int) -> String {
        document?.wholeName(ofToken: token) ?? String(token)
    }
}
