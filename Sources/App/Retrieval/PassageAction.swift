import RopewalkPhrases
import RopewalkViews

/// What is asked of retrieval in the open text.
package enum PassageAction: Hashable, Sendable {
    /// The last chunk that is read asks for earlier ones.
    case last
    /// The chunk at the cursor does.
    case cursor
    /// From chunk to chunk of the page.
    case move(Steps)
    /// Goes to the selected chunk.
    case open
}

extension PassageAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm(
            "retrieval.cursor",
            "lights what the chunk at the cursor is about among the chunks before it, as /about: does",
            .passages(.cursor)),
        ActionForm(
            "retrieval.last", "lights what the last chunk that is read is about among the chunks before it",
            .passages(.last)),
        ActionForm(
            "retrieval.move", ActionParameter<Steps>.steps,
            "Loss, retrieval: chunks that read down, that are read right"
        ) { .passages(.move($0)) },
        ActionForm(
            "retrieval.open", "Loss, retrieval: goes to the selected chunk, the one that it reads as anchor",
            .passages(.open)),
    ]

    var text: String {
        switch self {
        case .last: "retrieval.last"
        case .cursor: "retrieval.cursor"
        case .move(let steps): "retrieval.move " + ActionParameter<Steps>.steps.write(steps)
        case .open: "retrieval.open"
        }
    }

    func times(_ count: Int) -> PassageAction {
        switch self {
        case .move(let steps): .move(steps.times(count))
        case .last, .cursor, .open: self
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .last, .cursor:
            state.sources.text.failure ?? (state.sources.text.value == nil ? say("the text is being loaded") : nil)
        case .move, .open: state.chunkMapObstacle
        }
    }
}

extension AppState {
    mutating func perform(_ action: PassageAction) -> [Effect] {
        if let obstacle = action.obstacle(in: self) {
            refuse(obstacle)
            return []
        }
        switch action {
        case .last: return lookUp(.last, pattern: TextRetrieval.prefix, forwards: false)
        case .cursor: return find(TextRetrieval.prefix, forwards: false)
        case .move(let steps):
            showChunks()
            moveChunk(steps)
        case .open:
            showChunks()
            openChunk()
        }
        return []
    }

    private mutating func showChunks() {
        losses.page = .retrieval
        reveal(.loss)
    }
}
