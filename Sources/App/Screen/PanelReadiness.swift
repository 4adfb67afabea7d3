import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// What a panel needs before it has something to show.
enum PanelNeed: Sendable {
    case text, model, recording
    /// A recording that has reached the cursor.
    case cursor
    /// A recording with attention in some layer.
    case attention
    /// A recording with attention in the layer on the screen.
    case weights
    /// The same, and it has reached the cursor.
    case query
    /// The same, but for the page of what a layer has in place of attention.
    case mask
}

/// What is there to be shown, and when there will be more.
struct PanelReadiness: Sendable {
    /// Why the text cannot be read, or that it is on the way; nil where it is there.
    private let missingText: String?
    private let model: Loading<String>
    private let tokens: Loading<Int>
    /// Tokens of the recording under the scenario; nil before there is one.
    private let recorded: Int?
    private let cursor: Int
    /// Whether an encoder reads before the attention that is looked at.
    private let isEncoderFirst: Bool
    private let isPaused: Bool
    /// Why the last run failed; nil where it did not.
    private let failure: String?
    private let running: RunProgress?
    /// What reads on.
    private let runKey: String
    /// Why no layer has attention, and why the layer on the screen has none; nil where it has.
    private let attentionObstacle: String?
    private let weightsObstacle: String?
    private let maskObstacle: String?
    /// Why nothing is known of queries, keys and values; nil where it is.
    private let statesObstacle: String?

    init(_ state: AppState) {
        missingText =
            switch state.sources.text {
            case .loading: say("The text is being opened.")
            case .failed(let why): why
            case .loaded(let text):
                // Tokens that the model has not may spell nothing: then there is no text to be called empty.
                text.isEmpty ? state.sources.document.failure.map { say("No tokens: \($0)") } : nil
            }
        model = state.sources.model.map(\.name)
        tokens = state.sources.document.map(\.tokenCount)
        recorded = state.lens?.recording.tokens
        cursor = state.focus.cursor
        isEncoderFirst = state.focus.kind != .encoder && state.kinds.contains(.encoder)
        isPaused = state.runs.isPaused
        failure = state.runs.failure
        running = state.runs.running
        runKey = state.keyName(of: .methods(.run))
        weightsObstacle = state.masks.own == nil ? state.attentionObstacle : nil
        maskObstacle =
            state.masks.page == .mixer
            ? nil
            : weightsObstacle.map {
                state.unrecorded == nil ? say("\($0); the page Mixer has what it reads: t") : $0
            }
        statesObstacle = state.statesObstacle
        attentionObstacle = state.sources.model.value?.traits.hasAttention == false ? weightsObstacle : nil
    }

    /// What a panel says in place of its view; nil where it has something to show.
    func missing(for need: PanelNeed) -> String? {
        if need == .text { return missingText }
        if let why = model.failure { return say("No model: \(why)") }
        if let why = tokens.failure { return say("No tokens: \(why)") }
        guard let model = model.value else { return say("The model is being loaded.") }
        if need == .model { return nil }
        guard let tokens = tokens.value else { return say("The text is being cut into tokens.") }
        if tokens == 0 { return say("The text has no tokens; open one that is not empty.") }
        if need == .attention, let attentionObstacle { return attentionObstacle }
        if need == .weights || need == .query, let weightsObstacle { return weightsObstacle }
        if need == .query, let statesObstacle { return statesObstacle }
        if need == .mask, let maskObstacle { return maskObstacle }
        guard let recorded else {
            return isEncoderFirst ? say("\(waiting(model)) The encoder comes first.") : waiting(model)
        }
        return [.cursor, .query, .mask].contains(need) ? (cursor >= recorded ? waiting(model) : nil) : nil
    }

    /// When the cursor will be read, where there is a recording that has not reached it; nil elsewhere.
    var wait: String? {
        guard let tokens = tokens.value, tokens > 0, let recorded, cursor >= recorded else { return nil }
        return waiting(model.value ?? say("the model"))
    }

    /// When there will be something to see.
    private func waiting(_ model: String) -> String {
        if let failure { return say("Reading failed: \(failure).") }
        let place = say("token \(cursor.grouped)")
        if isPaused { return say("Reading was stopped before \(place): \(runKey) goes on.") }
        guard let seconds = running?.seconds(until: cursor) else {
            let begun = running?.begun ?? 0
            // How many tokens the first chunk has is known when it has ended.
            return begun > 0
                ? say("\(place) is not read yet: \(begun) \(begun, one: "token is", many: "tokens are").")
                : say("\(model) begins to read.")
        }
        let rounded = max(1, Int(min(seconds, 1e6).rounded(.up)))
        // Later tokens attend to more keys, so that it takes longer rather than shorter.
        return say("\(place) is reached in \(rounded.grouped) s or later.")
    }
}
