import CellGrid
import Methods

/// The first row: the text, the model, the scenario, and what its numbers are.
struct HeaderLine {
    let state: AppState

    func draw(in rect: Rect, on grid: inout Grid, theme: Theme) {
        let badge = self.badge
        var end = grid.writeRight(
            badge.text, endX: rect.maxX - 1, y: rect.y, width: rect.width / 2, style: badge.style(theme), in: rect)
        let scenario = ScenarioTitle.text(state.scenario)
        let room = max(0, min(CellWidth.of(scenario), end - rect.x - rect.width * 2 / 5))
        end = grid.writeRight(scenario, endX: end - 2, y: rect.y, width: room, style: theme.title, in: rect)
        var x = grid.writeTruncated(
            "ropewalk", x: rect.x + 1, y: rect.y, width: rect.width, style: theme.key, in: rect)
        x = grid.writeTruncated(
            textFacts, x: x + 2, y: rect.y, width: max(0, end - x - 4), style: theme.title, in: rect)
        let model = modelFacts
        if x + 3 + CellWidth.of(model) + 2 <= end {
            grid.write(model, x: x + 3, y: rect.y, style: theme.dim, in: rect)
        }
    }

    private var textFacts: String {
        switch state.text {
        case .loading: return "opening the text"
        case .failed: return "no text"
        case .loaded(let text):
            let name = text.name.split(separator: "/").last.map(String.init) ?? text.name
            guard state.document.value != nil else { return name }
            let all = state.textTokenCount.grouped
            let isLimited = state.tokenCount < state.textTokenCount
            return "\(name) · " + (isLimited ? "\(state.tokenCount.grouped) of " : "") + "\(all) tokens"
        }
    }

    private var modelFacts: String {
        switch state.model {
        case .loading: return "loading the model"
        case .failed: return "no model"
        case .loaded(let loaded):
            let shape = loaded.shape
            return "\(loaded.name) · \(shape.layers) layers × \(shape.heads) heads · window "
                + shape.trainedWindow.grouped
        }
    }

    private struct Badge {
        enum Kind { case exact, preview, waiting, failed }
        let text: String
        let kind: Kind

        func style(_ theme: Theme) -> Style {
            switch kind {
            case .exact: theme.good
            case .preview, .waiting: theme.warning
            case .failed: theme.error
            }
        }
    }

    /// Tokens a second and the time that is left at least: " · 4,100 tokens/s · 9 s left".
    private static func pace(of run: RunProgress) -> String {
        guard let speed = run.tokensPerSecond, let left = run.seconds(until: run.total - 1) else { return "" }
        return " · \(speed.grouped) tokens/s · \(Int(min(left, 1e6).rounded(.up)).grouped) s left"
    }

    /// What the numbers on the screen are, and what is being done about it.
    private var badge: Badge {
        if state.model.failure != nil { return Badge(text: "no model", kind: .failed) }
        let isPreview = state.lens?.basis == .preview
        if let run = state.run {
            let verb = run.scenario == state.ownScenario ? "reading" : "exact run"
            let pace = state.size.width >= 100 ? Self.pace(of: run) : ""
            return Badge(text: "\(isPreview ? "preview · " : "")\(verb) \(run.percent) %\(pace)", kind: .waiting)
        }
        if state.isRunPaused, let recording = state.lens?.recording, !recording.isComplete {
            return Badge(text: "stopped at token \(recording.tokens.grouped)", kind: .waiting)
        }
        if isPreview { return Badge(text: "preview", kind: .preview) }
        if state.lens != nil { return Badge(text: "exact", kind: .exact) }
        if case .loaded = state.document { return Badge(text: "not read yet", kind: .waiting) }
        return Badge(text: "", kind: .waiting)
    }
}

/// A scenario in a few words.
enum ScenarioTitle {
    static func text(_ scenario: Scenario) -> String {
        scenario.isPlain ? "RoPE + full causal" : scenario.specs.joined(separator: " + ")
    }

    /// The position method: "RoPE", "NTK-aware base adjusting · factor 4".
    static func position(_ scenario: Scenario) -> String {
        let description = type(of: scenario.position).description
        let numbers = zip(description.parameters, scenario.position.values)
            .map { " · \($0.name) \(MethodSpec.format($1))" }
        return description.title + numbers.joined()
    }
}
