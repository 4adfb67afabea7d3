import RopewalkViews

/// What the Word panel is asked for.
package enum WordAction: Hashable, Sendable {
    case step(WordStep)
    /// Steps on or back.
    case turn(Int)
    /// Lines down or up.
    case line(Int)
    /// A line by its number.
    case pick(Int)
    /// By weight or by place.
    case sort
}

extension WordAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm("word", ActionParameter<WordStep>.name, "Word: a step from the scores of a word to what it expects")
        {
            .word(.step($0))
        },
        ActionForm("word.turn", .steps, "Word: steps on or back") { .word(.turn($0)) },
        ActionForm("word.line", .steps, "Word: lines down or up; the key becomes the anchor") { .word(.line($0)) },
        ActionForm("word.pick", .index("LINE"), "Word: a line, counted from 0") { .word(.pick($0)) },
        ActionForm("word.sort", "Word: keys by weight or by place", .word(.sort)),
    ]

    var text: String {
        let steps = ActionParameter<Int>.steps
        return switch self {
        case .step(let step): "word " + ActionParameter.name.write(step)
        case .turn(let count): "word.turn " + steps.write(count)
        case .line(let count): "word.line " + steps.write(count)
        case .pick(let line): "word.pick \(line)"
        case .sort: "word.sort"
        }
    }

    func times(_ count: Int) -> WordAction {
        switch self {
        case .turn(let steps): .turn(steps * count)
        case .line(let steps): .line(steps * count)
        case .step, .pick, .sort: self
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .step, .turn, .sort: state.modelObstacle
        case .line, .pick: state.readingObstacle ?? state.unpreviewed
        }
    }
}

extension AppState {
    mutating func perform(_ action: WordAction) -> [Effect] {
        switch action {
        case .step(let step): show(step)
        case .turn(let steps): show(word.step.after(steps))
        case .sort: word.order = word.order.next
        case .line(let steps): return [.find(.worded(.line(steps)))]
        case .pick(let line): return [.find(.worded(.pick(line)))]
        }
        return []
    }

    private mutating func show(_ step: WordStep) {
        word.step = step
        reveal(.word)
        panels.focus(.word)
        revealCursor()
    }

    /// The key that is pointed at is looked at everywhere else too.
    mutating func take(_ found: WordFound) {
        if let token = found.token { focus.anchor = .token(token) }
        word.selection = WordChoices.Selection(subject: wordSubject, line: found.line)
    }
}

/// What a line of the word is needed for.
package enum WordUse: Equatable, Sendable {
    /// So many lines on, or one by its number.
    case line(Int), pick(Int)
}

/// A line, and the key that it is about; nil for a learned sink.
package struct WordFound: Equatable, Sendable {
    let line: Int
    let token: Int?
}

extension Answers {
    mutating func line(_ use: WordUse, in state: AppState) -> WordFound? {
        let sources = WordSources(state)
        guard let reading = sources.reading(&self) else { return nil }
        let lines = WordView.lines(of: reading, by: state.word.order)
        guard !lines.isEmpty else { return nil }
        let wanted: Int =
            switch use {
            case .line(let steps): sources.selected(reading, &self) + steps
            case .pick(let line): line
            }
        let line = min(max(0, wanted), lines.count - 1)
        guard case .key(let index) = lines[line] else { return WordFound(line: line, token: nil) }
        return WordFound(line: line, token: reading.keys[index].token)
    }
}
