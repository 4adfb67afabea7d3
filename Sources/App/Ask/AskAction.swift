import RopewalkLens
import RopewalkPhrases
import RopewalkViews

/// What the Answers panel is asked for.
package enum AskAction: Hashable, Sendable {
    case page(AskPage)
    /// Pages on or back.
    case turn(Int)
    /// Lines down or up.
    case line(Int)
    /// By the next of the orders that the page has.
    case sort
    /// To the token of the selected line.
    case go
    /// A line by its number, and to its token.
    case pick(Int)
    /// To the next token that the model did not expect, or the one before.
    case surprise(Int)
}

extension AskAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm("ask", ActionParameter<AskPage>.name, "Answers: what the cursor reads, who reads it, ...") {
            .ask(.page($0))
        },
        ActionForm("ask.turn", .steps, "Answers: the next page, or one before") { .ask(.turn($0)) },
        ActionForm("ask.line", .steps, "Answers: lines down or up") { .ask(.line($0)) },
        ActionForm("ask.sort", "Answers: sorts by the next measure", .ask(.sort)),
        ActionForm("ask.go", "Answers: to the token of the selected line", .ask(.go)),
        ActionForm("ask.pick", .index("LINE"), "Answers: to the token of a line, counted from 0") { .ask(.pick($0)) },
        ActionForm(
            "surprise", .steps, "to the next place where the model expected something else, or the one before"
        ) { .ask(.surprise($0)) },
    ]

    var text: String {
        let steps = ActionParameter<Int>.steps
        return switch self {
        case .page(let page): "ask " + ActionParameter.name.write(page)
        case .turn(let count): "ask.turn " + steps.write(count)
        case .line(let count): "ask.line " + steps.write(count)
        case .sort: "ask.sort"
        case .go: "ask.go"
        case .pick(let line): "ask.pick \(line)"
        case .surprise(let count): "surprise " + steps.write(count)
        }
    }

    func times(_ count: Int) -> AskAction {
        switch self {
        case .line(let steps): .line(steps * count)
        case .surprise(let steps): .surprise(steps * count)
        case .turn(let steps): .turn(steps * count)
        case .page, .sort, .go, .pick: self
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .page, .turn: state.modelObstacle
        case .sort: state.modelObstacle ?? state.askedOrderObstacle
        case .line: state.tokenObstacle
        case .go, .pick: state.tokenObstacle ?? state.askedTokenObstacle
        case .surprise: state.tokenObstacle ?? state.predictionObstacle
        }
    }
}

extension AskAction {
    /// The line that is picked.
    fileprivate var line: Int? {
        if case .pick(let line) = self { return line }
        return nil
    }
}

extension AppState {
    /// Why the model predicts no next token; nil where it does, or is not known yet.
    var predictionObstacle: String? {
        guard let model = sources.model.value else { return nil }
        if kinds == [.decoder], model.hasHead { return nil }
        if !model.hasWeights {
            return say(
                "\(model.name) is a recording without the model's weights, which say what is expected: give --model DIR."
            )
        }
        return say("\(model.name) expects no next token, as only a decoder alone with a language head does.")
    }

    /// Why no losses are known: a recording has those of its run without the weights.
    var lossObstacle: String? {
        sources.model.value?.hasWeights == false && kinds == [.decoder] ? nil : predictionObstacle
    }

    /// Why no token can be gone to from the page on the screen; nil where one can.
    fileprivate var askedTokenObstacle: String? {
        if ask.page.isAboutPredictions, let why = predictionObstacle { return why }
        return ask.page == .layers ? say("the lines of this page are layers, no places of the text") : nil
    }

    fileprivate var askedOrderObstacle: String? {
        if ask.page.isAboutPredictions, let why = predictionObstacle { return why }
        return ask.order.after(on: ask.page) == ask.order ? say("this page has one order") : nil
    }

    mutating func perform(_ action: AskAction) -> [Effect] {
        switch action {
        case .page(let page): turn(to: page)
        case .turn(let steps): turn(to: ask.page.after(steps))
        case .sort:
            if let askedOrderObstacle { refuse(askedOrderObstacle) } else { ask.order = ask.order.after(on: ask.page) }
        case .line(let steps): return [.find(.asked(.select(steps)))]
        case .go, .pick:
            if let askedTokenObstacle { refuse(askedTokenObstacle) } else { return [.find(.asked(.go(action.line)))] }
        case .surprise(let steps):
            if let obstacle = predictionObstacle { refuse(obstacle) } else { return [.find(.asked(.surprise(steps)))] }
        }
        return []
    }

    private mutating func turn(to page: AskPage) {
        ask.page = page
        if page != .keys, ask.order == .value { ask.order = .weight }
        reveal(.answers)
        panels.focus(.answers)
        revealCursor()
    }

    /// Does what waited for a line of the answer or a surprise.
    mutating func take(_ found: AskFound) -> [Effect] {
        switch found {
        case .line(let line, .say):
            guard let id = line?.candidate else {
                refuse(say("it is not known yet what the model expects here"))
                return []
            }
            return continueText(saying: id)
        case .line(nil, .surprise(let steps)):
            refuse(steps > 0 ? say("no surprise follows in what is read") : say("no surprise comes before"))
        case .line(nil, .select), .line(nil, .go): break
        case .line(let line?, .select):
            selectAskedLine(line.index)
            // The key that is pointed at is looked at everywhere else too.
            if ask.page == .keys, let token = line.token { focus.anchor = .token(token) }
        case .line(let line?, .go):
            selectAskedLine(line.index)
            if let token = line.token { go(toAsked: token) }
        case .line(let line?, .surprise):
            if let token = line.token { goBefore(surprise: token, nats: line.nats) }
        }
        return []
    }

    private mutating func go(toAsked token: Int) {
        switch ask.page {
        case .keys:
            focus.anchor = .strongest(rank: 0)
            moveCursor(to: queryPlace(ofKey: token))
        case .readers:
            focus.anchor = .token(keyPlace(ofQuery: focus.cursor))
            moveCursor(to: token)
        case .next, .layers, .sentences, .paragraphs: moveCursor(to: token)
        case .received: moveCursor(to: queryPlace(ofKey: token))
        case .surprises: goBefore(surprise: token, nats: nil)
        }
    }

    /// To where it was expected: there the predictions are, and the row of attention that led to them.
    private mutating func goBefore(surprise token: Int, nats: Float?) {
        let chosen = ask.selection
        moveCursor(to: token - 1)
        ask.selection = chosen
        let cost = nats.map { say(" cost \(Figures.fixed(Double($0), 2)) nats") } ?? ""
        let name = queryDocument?.wholeName(ofToken: token) ?? ""
        notice = Notice(
            .information, say("token \(token.grouped) “\(name)”\(cost): the cursor is where it was expected"))
    }
}

/// What a line of the answer is needed for.
package enum AskUse: Equatable, Sendable {
    /// So many lines on, or to the token of a line: nil, of the selected one.
    case select(Int), go(Int?)
    /// The candidate of the selected line.
    case say
    case surprise(Int)
}

/// What was found of it.
package enum AskFound: Sendable {
    package struct Line: Sendable {
        let index: Int
        /// Nil where the line is about no token of the text.
        let token: Int?
        let nats: Float?
        /// The token of the vocabulary that it is about.
        var candidate: Int32?
    }

    /// Nil where there is none.
    case line(Line?, AskUse)
}

extension Answers {
    mutating func line(_ use: AskUse, in state: AppState) -> AskFound {
        switch use {
        case .say:
            let table = AskTables(state).table(&self)
            guard table.candidates.indices.contains(state.askedLine) else { return .line(nil, use) }
            let id = Int32(clamping: table.candidates[state.askedLine])
            return .line(AskFound.Line(index: state.askedLine, token: nil, nats: nil, candidate: id), use)
        case .select, .go:
            let table = AskTables(state).table(&self)
            let tokens = table.tokens
            guard !tokens.isEmpty else { return .line(nil, use) }
            var wanted = table.matrix?.selected ?? state.askedLine
            if case .select(let steps) = use { wanted += steps }
            if case .go(let line?) = use { wanted = line }
            let index = min(max(0, wanted), tokens.count - 1)
            return .line(AskFound.Line(index: index, token: tokens[index], nats: nil), use)
        case .surprise(let steps): return .line(surprise(steps, in: state), use)
        }
    }

    /// The cursor stands before the token that it is about.
    private mutating func surprise(_ steps: Int, in state: AppState) -> AskFound.Line? {
        guard let lens = state.lens,
            let surprises = answer(
                to: SurprisesQuestion(basis: Basis(lens), stage: RecordingStage(lens.recording)))
        else { return nil }
        var token = state.focus.cursor + 1
        for _ in 0..<min(abs(steps), 1_000) {
            guard let next = surprises.surprise(from: token, forwards: steps > 0) else { return nil }
            token = next
        }
        return AskFound.Line(index: 0, token: token, nats: surprises.loss(of: token))
    }
}

extension AskPage {
    func after(_ steps: Int) -> AskPage {
        let pages = AskPage.allCases
        let index = (pages.firstIndex(of: self) ?? 0) + steps % pages.count
        return pages[(index + pages.count) % pages.count]
    }
}

extension AskOrder {
    /// The next order that a page has.
    func after(on page: AskPage) -> AskOrder {
        switch page {
        case .keys: next
        case .readers, .surprises, .received: self == .place ? .weight : .place
        case .next, .layers, .sentences, .paragraphs: self
        }
    }
}
