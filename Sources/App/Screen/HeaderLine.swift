import RopewalkCellGrid
import RopewalkMethods
import RopewalkModels
import RopewalkViews

/// The first row: the text, the model, the scenario, and what its numbers are.
struct HeaderLine {
    let state: AppState

    /// The name of a kind of attention and its cells.
    typealias KindPlace = (kind: AttentionKind, text: String, cells: Range<Int>)

    /// - Returns: where the kinds of attention stand that a click chooses; empty where the model has one.
    @discardableResult
    func draw(in rect: Rect, on grid: inout Grid, theme: Theme) -> [KindPlace] {
        let badge = self.badge
        var end = grid.writeRight(
            badge.text, endX: rect.maxX - 1, y: rect.y, width: rect.width / 2, style: badge.style(theme), in: rect)
        let scenario = ScenarioTitle.text(state)
        let room = max(0, min(CellWidth.of(scenario), end - rect.x - rect.width * 2 / 5))
        end = grid.writeRight(scenario, endX: end - 2, y: rect.y, width: room, style: theme.title, in: rect)
        var x = grid.writeTruncated(
            "ropewalk", x: rect.x + 1, y: rect.y, width: rect.width, style: theme.key, in: rect)
        x = grid.writeTruncated(
            textFacts, x: x + 2, y: rect.y, width: max(0, end - x - 4 - kindWidth), style: theme.title, in: rect)
        let kinds = kindPlaces(after: x, before: end)
        for kind in kinds {
            let style = kind.kind == state.focus.kind ? theme.selection : theme.dim
            x = grid.write(kind.text, x: kind.cells.lowerBound, y: rect.y, style: style, in: rect)
        }
        let model = modelFacts
        if x + 3 + CellWidth.of(model) + 2 <= end {
            grid.write(model, x: x + 3, y: rect.y, style: theme.dim, in: rect)
        }
        return kinds
    }

    /// Cells that the name of the kind that is shown needs; 0 where the model has one.
    private var kindWidth: Int { state.kinds.count > 1 ? state.focus.kind.name.count + 4 : 0 }

    /// Where the names of the kinds stand; where there is no room for all, the one that is shown.
    private func kindPlaces(after x: Int, before end: Int) -> [KindPlace] {
        guard state.kinds.count > 1 else { return [] }
        func places(_ kinds: [AttentionKind]) -> [KindPlace] {
            var x = x + 2
            return kinds.map { kind in
                let text = " \(kind.name) "
                defer { x += text.count }
                return (kind: kind, text: text, cells: x..<x + text.count)
            }
        }
        let all = places(state.kinds)
        return (all.last?.cells.upperBound ?? 0) < end ? all : places([state.focus.kind])
    }

    /// The kind of attention whose name stands at a place of the screen.
    func kind(atX x: Int, y: Int) -> AttentionKind? {
        guard y == state.layout.header.y, state.kinds.count > 1 else { return nil }
        var grid = Grid(size: state.size)
        let places = draw(in: state.layout.header, on: &grid, theme: Theme(depth: state.depth))
        return places.first { $0.cells.contains(x) }?.kind
    }

    private var textFacts: String {
        switch state.sources.text {
        case .loading: return "opening the text"
        case .failed: return "no text"
        case .loaded(let text):
            let name = text.name.split(separator: "/").last.map(String.init) ?? text.name
            guard state.sources.document.value != nil else { return name }
            let all = state.textTokenCount.grouped
            let isLimited = state.tokenCount < state.textTokenCount
            return "\(name) · " + (isLimited ? "\(state.tokenCount.grouped) of " : "") + "\(all) tokens"
        }
    }

    private var modelFacts: String {
        switch state.sources.model {
        case .loading: return "loading the model"
        case .failed: return "no model"
        case .loaded(let loaded):
            let shape = state.shape ?? loaded.shape
            let window = loaded.traits.limit == nil ? "window" : "positions"
            return "\(loaded.name) · \(shape.layers) layers × \(shape.heads) heads · \(window) "
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
        if state.sources.model.failure != nil { return Badge(text: "no model", kind: .failed) }
        let isPreview = state.lens?.basis == .preview
        if let run = state.runs.running {
            let verb = run.scenario == state.ownScenario ? "reading" : "exact run"
            let pace = state.size.width >= 100 ? Self.pace(of: run) : ""
            return Badge(text: "\(isPreview ? "preview · " : "")\(verb) \(run.percent) %\(pace)", kind: .waiting)
        }
        if state.runs.isPaused, let recording = state.lens?.recording, !recording.isComplete {
            return Badge(text: "stopped at token \(recording.tokens.grouped)", kind: .waiting)
        }
        if isPreview { return Badge(text: "preview", kind: .preview) }
        if state.lens != nil { return Badge(text: "exact", kind: .exact) }
        if case .loaded = state.sources.document { return Badge(text: "not read yet", kind: .waiting) }
        return Badge(text: "", kind: .waiting)
    }
}

/// A scenario in a few words.
enum ScenarioTitle {
    /// What tells positions, and what is seen: the model's own and what the scenario makes of it.
    static func text(_ state: AppState) -> String {
        let own = state.ownWindows.map(Self.short)
        let isRotary = state.sources.model.value.map { $0.traits.isRotary } ?? true
        if isRotary, own.isEmpty, state.focus.kind == .decoder, !state.scenario.isPlain {
            return state.scenario.specs.joined(separator: " + ")
        }
        let position =
            state.scenario.position is RoPE ? state.positionName : state.scenario.position.spec
        let chosen = state.scenario.methods.dropFirst().map(\.spec)
        let layer = own.isEmpty ? [] : ["\(own.joined(separator: " + ")) (layer \(state.focus.layer))"]
        let seen = layer + chosen
        return ([position] + (seen.isEmpty ? [state.direction.shortName] : seen)).joined(separator: " + ")
    }

    /// A scenario whatever model it is for.
    static func text(_ scenario: Scenario) -> String {
        let methods = scenario.methods.dropFirst().map(short)
        return ([position(scenario)] + methods).joined(separator: " + ")
    }

    /// A method with its first parameter: "bigbird:block=64".
    static func short(_ method: any Method) -> String {
        let description = type(of: method).description
        guard let name = description.parameters.first?.name, let value = method.values.first else {
            return description.name
        }
        return "\(description.name):\(name)=\(MethodSpec.format(value))"
    }

    /// The position method: "RoPE", "ntk:factor=4"; short, because it stands in a border beside other facts.
    static func position(_ scenario: Scenario) -> String {
        scenario.position is RoPE ? RoPE.description.title : scenario.position.shortSpec
    }
}
