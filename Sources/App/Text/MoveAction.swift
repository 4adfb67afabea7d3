import RopewalkPhrases

/// What moves the cursor through the text.
package enum MoveAction: Hashable, Sendable {
    case token(Int), line(Int), page(Int), sentence(Int), paragraph(Int)
    /// To the next heading or definition of the outline.
    case section(Int)
    case start, end
    case toToken(Int)
    /// In percent of the text.
    case toShare(Double)
    /// As it is typed: `+100`, `L120`, `ch 3`.
    case toPlace(String)
    case promptForPlace
    /// Scrolls the text without the cursor.
    case scroll(Int)
}

extension MoveAction: ActionConcern {
    private static let place = ActionParameter.text("PLACE", example: "L120")

    static let forms: [ActionForm] = [
        ActionForm("move.token", .steps, "tokens forwards or backwards") { .move(.token($0)) },
        ActionForm("move.line", .steps, "lines down or up") { .move(.line($0)) },
        ActionForm("move.page", .steps, "pages down or up") { .move(.page($0)) },
        ActionForm("move.sentence", .steps, "sentences forwards or backwards") { .move(.sentence($0)) },
        ActionForm("move.paragraph", .steps, "paragraphs forwards or backwards") { .move(.paragraph($0)) },
        ActionForm("move.section", .steps, "headings or definitions forwards or backwards") { .move(.section($0)) },
        ActionForm("move.start", "to the start of the text", .move(.start)),
        ActionForm("move.end", "to the end of what is read", .move(.end)),
        ActionForm("goto token", .index("TOKEN"), "to a token, counted from 0") { .move(.toToken($0)) },
        ActionForm("goto share", .percent, "to a share of the text") { .move(.toShare($0)) },
        ActionForm("goto place", place, "to a place as it is typed: token, +100, 50%, L120, ch 3") {
            .move(.toPlace($0))
        },
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
        case .paragraph(let count): "move.paragraph " + steps.write(count)
        case .section(let count): "move.section " + steps.write(count)
        case .toPlace(let place): "goto place " + Self.place.write(place)
        case .start: "move.start"
        case .end: "move.end"
        case .toToken(let token): "goto token \(token)"
        case .toShare(let percent): "goto share " + ActionParameter.percent.write(percent)
        case .promptForPlace: "goto.prompt"
        case .scroll(let lines): "text.scroll " + steps.write(lines)
        }
    }

    /// Whether it goes along step by step: no place that back would lead to.
    var isStep: Bool {
        switch self {
        case .token, .line, .page, .sentence, .paragraph, .scroll, .promptForPlace: true
        case .section, .start, .end, .toToken, .toShare, .toPlace: false
        }
    }

    func times(_ count: Int) -> [MoveAction] {
        switch self {
        case .token(let steps): [.token(steps * count)]
        case .line(let steps): [.line(steps * count)]
        case .page(let steps): [.page(steps * count)]
        case .sentence(let steps): [.sentence(steps * count)]
        case .paragraph(let steps): [.paragraph(steps * count)]
        case .section(let steps): [.section(steps * count)]
        case .scroll(let lines): [.scroll(lines * count)]
        // As in less and vi: a number before it is a line.
        case .start, .end: [.toPlace("L\(count)")]
        case .toToken, .toShare, .toPlace, .promptForPlace: [self]
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .token, .sentence: state.tokenObstacle
        case .toToken(let token): state.tokenObstacle ?? state.placeObstacle("\(token)", token: token)
        case .toPlace(let place): state.tokenObstacle ?? state.placeObstacle(place)
        case .section:
            state.sources.text.failure
                ?? (state.outline.entries.isEmpty ? say("no headings were found in the text") : nil)
        // A text without tokens is read by lines.
        case .line, .page, .paragraph, .start, .end, .toShare, .promptForPlace, .scroll: state.sources.text.failure
        }
    }
}

extension AppState {
    mutating func perform(_ action: MoveAction) -> [Effect] {
        if action.isStep { places.isStep = true }
        switch action {
        case .token(let steps): moveCursor(bySteps: steps)
        case .line(let lines): moveLines(lines)
        case .page(let pages): movePages(pages)
        case .sentence(let steps): moveSentences(steps)
        case .paragraph(let steps): moveParagraphs(steps)
        case .section(let steps): moveSections(steps)
        case .toPlace(let place): return goTo(place)
        case .start: goTo(share: 0)
        case .end: goTo(share: 1)
        case .toToken(let token): return goTo("\(token)")
        case .toShare(let percent): goTo(share: percent / 100)
        case .promptForPlace: overlay = .prompt(Prompt(purpose: .place))
        case .scroll(let lines): scrollText(lines)
        }
        return []
    }
}
