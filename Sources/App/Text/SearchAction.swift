import RopewalkPhrases

/// What finds places of the text by their letters.
package enum SearchAction: Hashable, Sendable {
    case prompt(forwards: Bool)
    case find(String, forwards: Bool)
    /// Once more, the way that the search went or the other way.
    case again(sameDirection: Bool)
}

extension SearchAction: ActionConcern {
    private static let pattern = ActionParameter.text("PATTERN", example: "White Rabbit")

    static let forms: [ActionForm] = [
        ActionForm("search.forwards", pattern, "the next place with these letters") {
            .search(.find($0, forwards: true))
        },
        ActionForm("search.backwards", pattern, "the last place before") { .search(.find($0, forwards: false)) },
        ActionForm("search.prompt", "asks what to search for", .search(.prompt(forwards: true))),
        ActionForm("search.prompt.backwards", "asks, and searches backwards", .search(.prompt(forwards: false))),
        ActionForm("search.next", "the next hit", .search(.again(sameDirection: true))),
        ActionForm("search.previous", "the hit before", .search(.again(sameDirection: false))),
    ]

    var text: String {
        switch self {
        case .prompt(let forwards): forwards ? "search.prompt" : "search.prompt.backwards"
        case .find(let pattern, true): "search.forwards " + Self.pattern.write(pattern)
        case .find(let pattern, false): "search.backwards " + Self.pattern.write(pattern)
        case .again(let sameDirection): sameDirection ? "search.next" : "search.previous"
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .prompt, .find: state.sources.text.failure
        case .again: state.searchObstacle
        }
    }
}

extension AppState {
    mutating func perform(_ action: SearchAction) -> [Effect] {
        switch action {
        case .prompt(let forwards): overlay = .prompt(Prompt(purpose: .search(forwards: forwards)))
        case .find(let pattern, let forwards): return find(pattern, forwards: forwards)
        case .again(let sameDirection): searchAgain(sameDirection: sameDirection)
        }
        return []
    }

    /// Why there is no next hit; nil where there may be one.
    var searchObstacle: String? {
        window.search == nil
            ? say("nothing was searched for yet: \(keyName(of: .search(.prompt(forwards: true)))) asks what")
            : sources.text.failure
    }

    /// As in less, an empty pattern searches for the last one. What a question is about is lit by its terms at once, and by
    /// both rankings when these are known.
    @discardableResult
    mutating func find(_ pattern: String, forwards: Bool) -> [Effect] {
        let pattern = pattern.isEmpty ? window.search?.pattern ?? "" : pattern
        guard !pattern.isEmpty else { return [] }
        forgetPassages()
        let question = TextRetrieval.question(pattern)
        // Whatever is found lies before the chunk that asks.
        if question == "" { return lookUp(.chunk(byte: cursorByte), pattern: pattern, forwards: false) }
        guard let search = search(pattern, forwards: forwards) else { return [] }
        window.search = search
        searchAgain(sameDirection: true)
        return question.map { lookUp(.words($0), pattern: pattern, forwards: forwards) } ?? []
    }
}
