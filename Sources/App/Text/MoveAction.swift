/// What moves the cursor through the text.
package enum MoveAction: Hashable, Sendable {
    case token(Int), line(Int), page(Int), sentence(Int)
    case start, end
    case toToken(Int)
    /// In percent of the text.
    case toShare(Double)
    case promptForPlace
    /// Scrolls the text without the cursor.
    case scroll(Int)
}

extension MoveAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm("move.token", .steps, "tokens forwards or backwards") { .move(.token($0)) },
        ActionForm("move.line", .steps, "lines down or up") { .move(.line($0)) },
        ActionForm("move.page", .steps, "pages down or up") { .move(.page($0)) },
        ActionForm("move.sentence", .steps, "sentences forwards or backwards") { .move(.sentence($0)) },
        ActionForm("move.start", "to the start of the text", .move(.start)),
        ActionForm("move.end", "to the end of what is read", .move(.end)),
        ActionForm("goto token", .index("TOKEN"), "to a token, counted from 0") { .move(.toToken($0)) },
        ActionForm("goto share", .percent, "to a share of the text") { .move(.toShare($0)) },
        ActionForm("goto.prompt", "asks for a place", .move(.promptForPlace)),
        ActionForm("text.scroll", .steps, "lines of text without the cursor") { .move(.scroll($0)) },
    ]

    var text: String {
        let steps = ActionParameter<Int>.steps
        return switch self {
        case .token(let count): "move.token " + steps.write(count)
        case .line(let count): "move.line " + steps.write(count)
        case .page(let count): "move.page " + steps.write(count)
        case .sentence(let count): "move.sentence " + steps.write(count)
        case .start: "move.start"
        case .end: "move.end"
        case .toToken(let token): "goto token \(token)"
        case .toShare(let percent): "goto share " + ActionParameter.percent.write(percent)
        case .promptForPlace: "goto.prompt"
        case .scroll(let lines): "text.scroll " + steps.write(lines)
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .token, .sentence: state.tokenObstacle
        case .toToken(let token): state.tokenObstacle ?? state.placeObstacle("\(token)", token: token)
        // A text without tokens is read by lines.
        case .line, .page, .start, .end, .toShare, .promptForPlace, .scroll: state.sources.text.failure
        }
    }
}

extension AppState {
    mutating func perform(_ action: MoveAction) -> [Effect] {
        switch action {
        case .token(let steps): moveCursor(to: focus.cursor + steps)
        case .line(let lines): moveLines(lines)
        case .page(let pages): movePages(pages)
        case .sentence(let steps): moveSentences(steps)
        case .start: goTo(share: 0)
        case .end: goTo(share: 1)
        case .toToken(let token): goTo("\(token)")
        case .toShare(let percent): goTo(share: percent / 100)
        case .promptForPlace: overlay = .prompt(Prompt(purpose: .place))
        case .scroll(let lines): scrollText(lines)
        }
        return []
    }

    /// Why there is no such token to go to; nil where there is.
    func placeObstacle(_ typed: String, token: Int?) -> String? {
        if let token, (0..<tokenCount).contains(token) { return nil }
        let last = max(0, tokenCount - 1).grouped
        let limit = firstUnreadByte == nil ? "" : " (the last that is read)"
        return "no place '\(typed.prefix(40))': give a token from 0 to \(last)\(limit), or 0% to 100%"
    }

    /// Why what is typed is no place; nil where it is one, or the beginning of a share.
    func placeProblem(_ typed: String) -> String? {
        let text = typed.filter { !$0.isWhitespace && $0 != "," }
        if ActionParameter.percent.read(text) != nil, text.hasSuffix("%") || Int(text) ?? 101 <= 100 { return nil }
        return placeObstacle(typed, token: Int(text))
    }

    /// `1204` or `1,204` is a token, `50%` a share of the text.
    mutating func goTo(_ typed: String) {
        let text = typed.filter { !$0.isWhitespace && $0 != "," }
        guard !text.isEmpty else { return }
        if text.hasSuffix("%"), let percent = ActionParameter.percent.read(text) {
            goTo(share: percent / 100)
        } else if let obstacle = placeObstacle(typed, token: Int(text)) {
            notice = Notice(.warning, obstacle)
        } else if let token = Int(text) {
            moveCursor(to: token)
        }
    }
}
