import RopewalkPhrases

/// The actions of one concern.
protocol ActionConcern: Hashable, Sendable {
    /// How they are written; every case has a form.
    static var forms: [ActionForm] { get }
    /// The name with its parameters.
    var text: String { get }
    /// Why it can do nothing now; nil where it can.
    func obstacle(in state: AppState) -> String?
    /// How things stand that it changes, as its parameter would be written where it has one; nil where it changes none of
    /// that kind.
    func standing(in state: AppState) -> String?
}

extension ActionConcern {
    func standing(in state: AppState) -> String? { nil }
}

extension AppState {
    /// Why nothing can be moved to yet; nil where there are tokens.
    var tokenObstacle: String? {
        if let failure = sources.text.failure ?? sources.model.failure ?? sources.document.failure { return failure }
        guard sources.document.value != nil else { return say("the text has no tokens yet") }
        return tokenCount > 0 ? nil : say("the text has no tokens")
    }

    /// Why nothing is known of heads yet; nil where there is a model.
    var modelObstacle: String? {
        sources.model.failure ?? (sources.model.value == nil ? say("the model is being loaded") : nil)
    }

    /// Why nothing is known of the cursor yet; nil where a run has read it.
    var readingObstacle: String? {
        if let obstacle = tokenObstacle { return obstacle }
        guard let recorded = lens?.recording.tokens, focus.cursor < recorded else {
            return say("token \(focus.cursor.grouped) is not read yet")
        }
        return nil
    }

    /// Says why something cannot be done.
    mutating func refuse(_ obstacle: String) { notice = Notice(.information, obstacle, isRefusal: true) }
}
