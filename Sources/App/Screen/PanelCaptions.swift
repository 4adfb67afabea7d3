import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkViews

/// What stands in a panel that has nothing to show yet, and what the border of the text adds to the view's own words.
struct PanelCaptions {
    let state: AppState
    let scene: Scene

    /// The head that is shown.
    var head: String { "L\(state.focus.layer) H\(state.focus.head)" }

    /// For the border of the text: what the model lost on the token after the cursor, or what an encoder reads at it.
    ///
    /// The longest wording first.
    var prediction: [String] {
        if state.focus.kind == .encoder, state.kinds.count == 1, let model = state.sources.model.value,
            state.lens != nil
        {
            guard model.hasHead else { return ["no language head: nothing is predicted", "no language head"] }
            guard let best = scene.reading?.candidates.first else { return [] }
            let name = "“\(CellWidth.truncated(state.name(ofTokenID: best.id), to: 16))”"
            let probability = Figures.weight(best.probability)
            return ["language head reads \(name) here: \(probability)", "head reads \(name) \(probability)"]
        }
        guard let loss = scene.loss, loss.isFinite else { return [] }
        return ["next token cost \(Figures.fixed(Double(loss), 2)) nats"]
    }

    /// For the lower edge of the text, where the cursor is not read yet, or where the model is beyond what it learned and
    /// nothing has been done about it.
    var hint: String? {
        if state.tokenCount > 0, let recorded = state.lens?.recording.tokens, state.focus.cursor >= recorded {
            return waiting(state.sources.model.value?.name ?? "the model")
        }
        if let why = state.unpreviewed { return why }
        if let experts = state.expertMarks(in: 0..<0) { return experts.legend(width: state.textRect.width) }
        guard let window = state.windowEnd, state.rotaryLayer != nil, state.focus.cursor >= window,
            state.scenario.position is RoPE,
            state.scenario.windows.isEmpty
        else { return nil }
        return "past the trained window (\(window.grouped)): m offers PI, NTK ..."
    }

    /// What a panel says in place of its view; nil where it has something to show.
    func empty(_ panel: Panel) -> String? {
        if panel == .text { return emptyText }
        if let why = state.sources.model.failure { return "No model: \(why)" }
        if let why = state.sources.document.failure { return "No tokens: \(why)" }
        guard let model = state.sources.model.value else { return "The model is being loaded." }
        if panel == .rotation { return nil }
        guard state.sources.document.value != nil else { return "The text is being cut into tokens." }
        if state.tokenCount == 0 { return "The text has no tokens; open one that is not empty." }
        guard let recorded = state.lens?.recording.tokens else {
            let isEncoderFirst = state.focus.kind != .encoder && state.kinds.contains(.encoder)
            return isEncoderFirst ? "\(waiting(model.name)) The encoder comes first." : waiting(model.name)
        }
        return panel == .mask && state.focus.cursor >= recorded ? waiting(model.name) : nil
    }

    private var emptyText: String? {
        switch state.sources.text {
        case .loading: "The text is being opened."
        case .failed(let why): why
        case .loaded: nil
        }
    }

    /// When there will be something to see.
    private func waiting(_ model: String) -> String {
        let place = "token \(state.focus.cursor.grouped)"
        if state.runs.isPaused { return "Reading was stopped before \(place): e goes on." }
        guard let seconds = state.runs.running?.seconds(until: state.focus.cursor) else {
            return "\(model) begins to read."
        }
        let rounded = max(1, Int(min(seconds, 1e6).rounded(.up)))
        // Later tokens attend to more keys, so that it takes longer rather than shorter.
        return "\(place) is reached in \(rounded.grouped) s or later."
    }
}
