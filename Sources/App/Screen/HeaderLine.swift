import RopewalkCellGrid
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// The first row: the text, the model, the scenario, and what its numbers are.
struct HeaderLine {
    private let size: Size
    private let depth: ColourDepth
    private let kinds: [AttentionKind]
    private let kind: AttentionKind
    /// From the longest wording to the shortest.
    private let texts: [String]
    private let models: [String]
    private let scenarios: [String]
    private let badge: HeaderBadge

    /// The name of a kind of attention and its cells.
    typealias KindPlace = (kind: AttentionKind, text: String, cells: Range<Int>)

    init(_ state: AppState) {
        size = state.size
        depth = state.depth
        kinds = state.kinds
        kind = state.focus.kind
        texts = state.textFacts
        models = state.modelFacts
        scenarios = state.scenarioTitles
        badge = state.badge
    }

    /// - Returns: where the kinds of attention stand that a click chooses; empty where the model has one.
    @discardableResult
    func draw(in rect: Rect, on grid: inout Grid, theme: Theme) -> [KindPlace] {
        var end = grid.writeRight(
            badge.text, endX: rect.maxX - 1, y: rect.y, width: rect.width / 2, style: badge.style(theme), in: rect)
        let room = max(0, end - rect.x - rect.width * 2 / 5)
        let scenario = Self.first(of: scenarios, within: room)
        end = grid.writeRight(
            scenario, endX: end - 2, y: rect.y, width: min(CellWidth.of(scenario), room), style: theme.title, in: rect)
        var x = grid.writeTruncated(
            "ropewalk", x: rect.x + 1, y: rect.y, width: rect.width, style: theme.key, in: rect)
        let textRoom = max(0, end - x - 4 - kindWidth)
        x = grid.writeTruncated(
            Self.first(of: texts, within: textRoom), x: x + 2, y: rect.y, width: textRoom, style: theme.title, in: rect)
        let places = kindPlaces(after: x, before: end)
        for place in places {
            let style = place.kind == kind ? theme.selection : theme.dim
            x = grid.write(place.text, x: place.cells.lowerBound, y: rect.y, style: style, in: rect)
        }
        if let model = models.first(where: { x + 3 + CellWidth.of($0) + 2 <= end }) {
            grid.write(model, x: x + 3, y: rect.y, style: theme.dim, in: rect)
        }
        return places
    }

    /// The first wording that has room, else the shortest.
    private static func first(of wordings: [String], within room: Int) -> String {
        wordings.first { CellWidth.of($0) <= room } ?? wordings.last ?? ""
    }

    /// Cells that the name of the kind that is shown needs; 0 where the model has one.
    private var kindWidth: Int { kinds.count > 1 ? CellWidth.of(kind.name.said) + 4 : 0 }

    /// Where the names of the kinds stand; where there is no room for all, the one that is shown.
    private func kindPlaces(after x: Int, before end: Int) -> [KindPlace] {
        guard kinds.count > 1 else { return [] }
        func places(_ kinds: [AttentionKind]) -> [KindPlace] {
            var x = x + 2
            return kinds.map { kind in
                let text = " \(kind.name.said) "
                let cells = CellWidth.of(text)
                defer { x += cells }
                return (kind: kind, text: text, cells: x..<x + cells)
            }
        }
        let all = places(kinds)
        return (all.last?.cells.upperBound ?? 0) < end ? all : places([kind])
    }

    /// The kind of attention whose name stands at a place of the screen.
    func kind(atX x: Int, y: Int) -> AttentionKind? {
        let row = Rect(x: 0, y: 0, width: size.width, height: min(1, size.height))
        guard y == row.y, kinds.count > 1 else { return nil }
        var grid = Grid(size: size)
        let places = draw(in: row, on: &grid, theme: Theme(depth: depth))
        return places.first { $0.cells.contains(x) }?.kind
    }
}

/// What the numbers on the screen are, and what is being done about it.
struct HeaderBadge {
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

extension AppState {
    fileprivate var textFacts: [String] {
        switch sources.text {
        case .loading: return [say("opening the text")]
        case .failed: return [say("no text")]
        case .loaded(let text):
            let state = sources.isStale ? say(" (old)") : original?.session == nil ? "" : say(" (changed)")
            let name = (text.name.split(separator: "/").last.map(String.init) ?? text.name) + state
            guard sources.document.value != nil else { return [name] }
            let isLimited = tokenCount < textTokenCount
            let count = (isLimited ? say("\(tokenCount.grouped) of ") : "") + textTokenCount.grouped
            let from = sources.from > 0 ? say(" from \(sources.from.grouped)") : ""
            return [
                say("\(name) · \(count) \(textTokenCount, one: "token", many: "tokens")\(from)"),
                "\(name) · \(count)\(from)",
                "\(name) · \(tokenCount.grouped)\(from)",
            ]
        }
    }

    fileprivate var modelFacts: [String] {
        switch sources.model {
        case .loading: return [say("loading the model")]
        case .failed: return [say("no model")]
        case .loaded(let loaded):
            let shape = shape ?? loaded.shape
            let window = loaded.traits.limit == nil ? say("window") : say("positions")
            let (layers, heads) = (shape.layers, shape.heads)
            let sizes = say(
                """
                \(loaded.name) · \(layers.grouped) \(layers, one: "layer", many: "layers") × \
                \(heads.grouped) \(heads, one: "head", many: "heads")
                """)
            return ["\(sizes) · \(window) \(shape.trainedWindow.grouped)", sizes, loaded.name]
        }
    }

    fileprivate var badge: HeaderBadge {
        if sources.model.failure != nil { return HeaderBadge(text: say("no model"), kind: .failed) }
        // Numbers that could not be read are taken for 0: nothing on the screen is exact then.
        if runs.damage != nil { return HeaderBadge(text: say("damaged recording"), kind: .failed) }
        let isPreview = lens?.basis == .preview
        let isRounded = sources.model.value?.traits.isRounded ?? false
        let rounded = isRounded ? "f16 · " : ""
        let words = provenance
        if let run = runs.running {
            let verb = run.scenario == ownScenario ? say("reading") : say("exact run")
            let pace = size.width >= 100 ? run.pace : ""
            return HeaderBadge(
                text: "\(rounded)\(isPreview ? say("preview · ") : "")\(verb) \(run.percent) %\(pace)", kind: .waiting)
        }
        if runs.isPaused, let recording = lens?.recording, !recording.isComplete {
            let place = say("stopped at token \(recording.tokens.grouped)")
            return HeaderBadge(text: "\(rounded)\(isPreview ? say("preview · ") : "")\(place)", kind: .waiting)
        }
        if let run = second?.running {
            let own = lens == nil ? say("not read yet") : words
            return HeaderBadge(text: say("\(own) · reading beside \(run.percent) %"), kind: .waiting)
        }
        if hasSecondMap, !isPreview, secondLens?.basis == .preview {
            return HeaderBadge(text: say("\(words) · preview beside"), kind: .preview)
        }
        // What is rounded has the colour of a preview: it is near the exact value.
        if isPreview || isRounded { return HeaderBadge(text: words, kind: .preview) }
        if lens != nil { return HeaderBadge(text: words, kind: .exact) }
        if case .loaded = sources.document { return HeaderBadge(text: say("not read yet"), kind: .waiting) }
        return HeaderBadge(text: "", kind: .waiting)
    }

    /// How what is shown came about: of what the cache had also when.
    private var provenance: String {
        let words = lens?.provenance.words ?? ""
        return lens?.recording.recorded.map { say("\(words) · recorded \($0)") } ?? words
    }

    /// What tells positions, and what is seen: the model's own and what the scenario makes of it; from the longest wording to
    /// one that names at least the layer it is about.
    /// With a sign before them where all that is shown is an approximation of the model's own attention.
    fileprivate var scenarioTitles: [String] {
        scenario.kernel == nil ? methodTitles : methodTitles.map { "≈ " + $0 }
    }

    private var methodTitles: [String] {
        let own = ownWindows.map(ScenarioTitle.short)
        let model = sources.model.value?.traits
        let differs = model?.differs(focus.kind) ?? false
        if model?.isRotary ?? true, own.isEmpty, !differs, focus.kind == .decoder, !scenario.isPlain {
            let methods = scenario.methods.dropFirst(scenario.position is RoPE ? 1 : 0)
            return [methods.map(\.wordSpec), methods.map(\.shortSpec)].map { $0.joined(separator: " + ") }
                + [methods.map(\.shortSpec).joined(separator: "+")]
        }
        let methods = scenario.methods.dropFirst()
        func title(_ seen: [String]) -> String {
            ([positionTitle] + (seen.isEmpty ? [direction.shortName] : seen)).joined(separator: " + ")
        }
        let whole = title(own + methods.map(\.spec))
        let short = (ownWindows + methods).map(ScenarioTitle.shortest)
        guard differs || !own.isEmpty else { return [whole, title(short)] }
        let layer = "L\(focus.layer): "
        return [say("\(whole) (layer \(focus.layer))"), layer + whole, layer + title(short)]
    }

    /// What tells positions in the layer on the screen, and the scenario's method where that is for other layers.
    private var positionTitle: String {
        guard let model = sources.model.value?.traits, model.isRotary, focus.kind != .cross else {
            return scenario.position is RoPE ? positionName : scenario.position.spec
        }
        let chosen = scenario.position.spec == ownScenario.position.spec ? nil : scenario.position.spec
        guard let rotaryLayer else { return say("no positions") + (chosen.map { say(", not \($0)") } ?? "") }
        let method = rotaryLayer.position is RoPE ? positionName : rotaryLayer.position.spec
        guard model.ropes.count > 1 else { return method }
        let name = say("\(method) base \(model.ropes[rotaryLayer.setting].baseText)")
        return rotaryLayer.followsScenario ? name : name + (chosen.map { say(", not \($0)") } ?? "")
    }
}

extension RunProgress {
    /// Tokens a second and the time that is left: " · 4,100 tokens/s · 9 s left".
    fileprivate var pace: String {
        guard let speed = tokensPerSecond, let left = seconds(until: total - 1) else { return "" }
        return say(" · \(speed.grouped) tokens/s · \(Int(min(left, 1e6).rounded(.up)).grouped) s left")
    }
}
