import RopewalkPhrases

/// Whose attention the text shows.
package enum TextReader: String, CaseIterable, Hashable, Sendable {
    case first, second
}

/// What is done with the model beside the first one.
package enum SecondAction: Hashable, Sendable {
    /// The text shows the attention of one of the two models.
    case text(Choice<TextReader>)
    /// What the text shows stays in a second one beside it; again: one text.
    case keep
}

extension SecondAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm(
            "text.model", ActionParameter<TextReader>.choice, "whose attention the text shows, of two models"
        ) { .second(.text($0)) },
        ActionForm(
            "text.keep", "keeps what the text shows in a second text beside it; again: one text", .second(.keep)),
    ]

    var text: String {
        switch self {
        case .text(let reader): "text.model " + ActionParameter.choice.write(reader)
        case .keep: "text.keep"
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .text: state.secondObstacle
        case .keep: state.tokenObstacle
        }
    }
}

extension AppState {
    mutating func perform(_ action: SecondAction) -> [Effect] {
        switch action {
        case .text(let reader): show(reader)
        case .keep: if let tokenObstacle { refuse(tokenObstacle) } else { keepText() }
        }
        return []
    }

    private mutating func show(_ reader: Choice<TextReader>) {
        if let secondObstacle { return refuse(secondObstacle) }
        guard let second else { return }
        self.second?.reader = reader.after(second.reader)
    }

    /// Why a second model has no attention to show; nil where it has, or will have.
    fileprivate var secondObstacle: String? {
        guard let second else {
            return say(
                "there is no model beside the first one: \(keyName(of: .models(.list))) lists models, b sets one beside"
            )
        }
        switch second.model {
        case .loading: return say("the second model is not there yet")
        case .failed(let why): return why
        case .loaded(let model):
            return second.ownTokens == nil
                ? nil : say("\(model.name) cuts the text into other tokens: its attention is not that of these")
        }
    }
}
