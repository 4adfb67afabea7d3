import RopewalkDocuments
import RopewalkEvaluation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

extension AppState {
    /// The contenders of the Loss panel, the chosen one first.
    var needleContenders: [Contender] {
        let all = contenders
        return all.filter(isCurrent) + all.filter { !isCurrent($0) }
    }

    /// What a contender's map needs.
    func needleQuestion(_ contender: Contender) -> NeedleQuestion? {
        guard let model = model(of: contender), let document = needleDocument(contender) else { return nil }
        return NeedleQuestion(
            model: model.path, adapter: model.adapterPath, change: model.weightChange, scenario: contender.scenario,
            edition: needles.haystack?.edition ?? sources.edition, isSecond: contender.isSecond,
            plan: NeedlePlan(
                tasks: [needles.task], methods: [contender.scenario.line],
                lengths: NeedleTests.lengths(text: document.tokenCount, limit: model.traits.limit),
                depths: NeedleTests.depths, seeds: NeedleTests.seeds))
    }

    /// The text in a contender's tokens.
    private func needleDocument(_ contender: Contender) -> Document? {
        if let haystack = needles.haystack { return contender.isSecond ? nil : haystack.document }
        return contender.isSecond ? second?.ownTokens?.value ?? sources.document.value : sources.document.value
    }

    /// Why nothing can be hidden; nil where something can.
    var needleObstacle: String? {
        if let obstacle = tokenObstacle { return obstacle }
        guard let model = sources.model.value else { return nil }
        if model.tokenizer == nil { return say("needles are words: they need the model's tokenizer") }
        if sources.text.value?.isEmpty != false {
            return say("needles are words, and there are only tokens: open a text")
        }
        do throws(NeedleError) { try NeedleReader(model: model, scenario: ownScenario).check() } catch {
            return error.description
        }
        return nil
    }

    /// The next prompts that the page misses, the chosen contender's first, or those by which heads are sorted; nothing while
    /// both are hidden.
    mutating func nextNeedles() -> [Effect] {
        let isShown = layout.panels[.loss] != nil && losses.page == .needles
        let wanted = needleObstacle != nil ? [] : isShown ? needleContenders : needleOfHeads
        if let running = needles.running {
            return wanted.contains { needleQuestion($0) == running } ? [] : [.needles(.cancel)]
        }
        guard !wanted.isEmpty, !losses.isMeasuring, !isStudying, !losses.isPaused, runs.pause == nil,
            second?.model != .loading
        else {
            return []
        }
        if case .menu = overlay { return [] }
        for contender in wanted {
            guard let question = needleQuestion(contender), let model = model(of: contender),
                let document = needleDocument(contender)
            else { continue }
            let known = needles.answer(to: question)
            if known?.isComplete == true { continue }
            needles.running = question
            return [.needles(.read(question, model, document, known: Set((known?.outcomes ?? [:]).keys)))]
        }
        return []
    }

    /// What reading has come to.
    mutating func take(_ report: NeedleReport) -> [Effect] {
        switch report {
        case .read(let question, let records):
            needles.keep(records, of: question)
            if needles.running == question { needles.running = nil }
        case .failed(let question, let why):
            if let why { needles.keep([], problem: why, of: question) }
            if needles.running == question { needles.running = nil }
        case .opened(let opening): return open(opening)
        case .notOpened(let why): notice = Notice(.warning, why)
        }
        return []
    }

    // MARK: What is selected

    /// The rows of one map.
    var needleRows: Int { needles.task.hasDepth ? NeedleTests.depths.count : 1 }

    /// Moves from place to place, from the last row of a map to the first of the next one.
    mutating func moveNeedle(_ steps: Steps) {
        let contenders = needleContenders
        guard let question = contenders.first.flatMap(needleQuestion) else { return }
        let rows = needleRows
        let row = needles.selected.line * rows + min(needles.selected.cell.row, rows - 1) + steps.rows
        let all = min(max(0, row), contenders.count * rows - 1)
        needles.selected.line = all / rows
        needles.selected.cell.row = all % rows
        let columns = question.plan.lengths.count
        needles.selected.cell.column = min(max(0, needles.selected.cell.column + steps.columns), columns - 1)
    }

    /// The contender and the place that are selected; nil where there is none.
    private var selectedNeedle: (contender: Contender, place: NeedlePrompt.Place)? {
        let contenders = needleContenders
        guard contenders.indices.contains(needles.selected.line),
            let question = needleQuestion(contenders[needles.selected.line]), let seed = question.plan.seeds.first
        else { return nil }
        let plan = question.plan
        let cell = needles.selected.cell
        let depths = plan.depths(of: needles.task)
        guard plan.lengths.indices.contains(cell.column), depths.indices.contains(cell.row) else { return nil }
        let outcomes = needles.answer(to: question)?.outcomes ?? [:]
        // Of several seeds one whose needle is not found: that is the one to look at.
        let missed = plan.seeds.first { seed in
            let place = NeedlePrompt.Place(length: plan.lengths[cell.column], depth: depths[cell.row], seed: seed)
            let outcome = outcomes[
                NeedleCell(
                    task: needles.task.spec, method: contenders[needles.selected.line].scenario.line, place: place)]
            if case .read(let result)? = outcome { return !result.isFound }
            return false
        }
        return (
            contenders[needles.selected.line],
            NeedlePrompt.Place(length: plan.lengths[cell.column], depth: depths[cell.row], seed: missed ?? seed)
        )
    }

    /// Asks for the prompt of the selected place.
    mutating func openNeedle() -> [Effect] {
        guard let (contender, place) = selectedNeedle, let model = model(of: contender),
            let document = needleDocument(contender), let question = needleQuestion(contender)
        else { return [] }
        if contender.isSecond {
            refuse(say("prompts are opened with the first model: choose one of its lines"))
            return []
        }
        let cell = NeedleCell(task: needles.task.spec, method: contender.scenario.line, place: place)
        var strongest: HeadIndex?
        if case .read(let result)? = needles.answer(to: question)?.outcomes[cell], let head = result.strongest {
            strongest = HeadIndex(layer: head.layer, head: head.head)
        }
        return [
            .needles(
                .open(
                    NeedleWanted(
                        task: needles.task, place: place, scenario: contender.scenario, strongest: strongest,
                        edition: sources.edition), model, document))
        ]
    }

    /// Shows a prompt in a session of its own: the cursor where the answer is asked for, the needle as the keys that are looked
    /// at together, the head that gives it most.
    private mutating func open(_ opening: NeedleOpening) -> [Effect] {
        guard opening.wanted.edition == sources.edition, let model = sources.model.value else { return [] }
        var other = reopened()
        other.sources.tokenLimit = nil
        other.sources.from = 0
        other.scenario = opening.wanted.scenario
        other.sources.text = .loaded(opening.document.text)
        other.sources.model = .loaded(model)
        other.sources.full = .loaded(opening.document)
        other.focus = focus
        other.focus.cursor = opening.prompt.asking
        other.focus.hasMoved = true
        if let head = opening.wanted.strongest {
            (other.focus.layer, other.focus.head, other.focus.hasChosenHead) = (head.layer, head.head, true)
        }
        other.readPart()
        (other.runs.circuits, other.runs.hasAskedForCircuits) = (runs.circuits, true)
        other.losses.page = losses.page
        // What was found in the text that the prompt is made of stays on the page.
        other.needles = needles
        other.needles.running = nil
        if other.needles.haystack == nil {
            let path = sources.text.value?.name ?? ""
            let name = path.split(separator: "/").last.map(String.init) ?? path
            other.needles.haystack = sources.document.value.map {
                NeedleHaystack(document: $0, edition: sources.edition, name: name)
            }
        }
        if let keys = TokenSpan(opening.prompt.askedTokens) {
            other.spans.keys = keys
            other.focus.anchor = .token(keys.first)
        }
        other.revealCursor()
        other.notice = Notice(
            .information,
            say("the answer is asked for at the cursor; the needle is the anchor: \(opening.prompt.answerText)"))
        return [.session(.open(other))]
    }
}
