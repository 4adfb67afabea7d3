import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

/// What the reader has chosen to see.
struct ChosenView: Equatable, Sendable {
    let scenario: Scenario
    let focus: Focus
    let spans: Spans
    let map: MapWindow
    let panels: PanelArrangement
    let appearance: Appearance
    let headOrder: HeadOrder
    let positions: PositionChoices
    let maskPage: MaskPage
    let mapLayer: MaskTools.MapLayer
    let isLogarithmic: Bool

    init(_ state: AppState) {
        (scenario, focus, spans, map) = (state.scenario, state.focus, state.spans, state.map)
        (panels, appearance, positions) = (state.panels, state.appearance, state.positions)
        (headOrder, maskPage, mapLayer) = (state.heads.order, state.masks.page, state.masks.mapLayer)
        isLogarithmic = state.losses.isLogarithmic
    }

    /// What is another one there.
    func differences(from other: ChosenView) -> [String] {
        let parts: [(String, Bool)] = [
            ("methods", scenario != other.scenario), ("place", focus.cursor != other.focus.cursor),
            ("anchor", focus.anchor != other.focus.anchor || spans != other.spans),
            (
                "head",
                (focus.layer, focus.head) != (other.focus.layer, other.focus.head) || focus.kind != other.focus.kind
            ),
            ("panels", panels != other.panels), ("colours", appearance != other.appearance), ("map", map != other.map),
            (
                "pages",
                (headOrder, maskPage, mapLayer) != (other.headOrder, other.maskPage, other.mapLayer)
                    || positions != other.positions || isLogarithmic != other.isLogarithmic
            ),
        ]
        return parts.filter(\.1).map(\.0)
    }
}

/// What was seen before, to go back to.
struct ViewHistory: Equatable, Sendable {
    /// What one step of undo takes together.
    private enum Kind: Equatable, Sendable {
        /// The cursor going along, or what is typed or chosen in a list that is open.
        case cursor, overlay
        case other
    }

    private(set) var past: [ChosenView] = []
    private(set) var future: [ChosenView] = []
    private var last: Kind?

    private static let limit = 200

    /// Something was done that changed what is seen.
    mutating func leave(_ before: ChosenView, for after: ChosenView, isInOverlay: Bool) {
        let isCursor = before.differences(from: after).allSatisfy { $0 == "place" || $0 == "anchor" }
        let kind: Kind = isInOverlay ? .overlay : isCursor ? .cursor : .other
        future = []
        defer { last = kind }
        if kind != .other, kind == last { return }
        past.append(before)
        if past.count > Self.limit { past.removeFirst() }
    }

    /// What is open was closed: the next one is another step.
    mutating func endOverlay() { if last == .overlay { last = nil } }

    /// What was seen before, or after what was undone; nil where there is none.
    mutating func step(back isBack: Bool, from present: ChosenView) -> ChosenView? {
        guard let view = isBack ? past.popLast() : future.popLast() else { return nil }
        if isBack { future.append(present) } else { past.append(present) }
        last = nil
        return view
    }
}

extension AppState {
    /// Does something, and remembers what was seen before where that is another view now.
    mutating func remembering(_ body: (inout AppState) -> [Effect]) -> [Effect] {
        let before = ChosenView(self)
        let (had, steps) = (history, overlay != nil)
        let effects = body(&self)
        // Undo itself is no step.
        guard history == had else { return effects }
        if overlay == nil { history.endOverlay() }
        let after = ChosenView(self)
        if after != before { history.leave(before, for: after, isInOverlay: steps) }
        return effects
    }

    /// Why nothing can be undone, or redone; nil where something can.
    func historyObstacle(back isBack: Bool) -> String? {
        (isBack ? history.past : history.future).isEmpty
            ? say("nothing that changed the view can be \(isBack ? say("undone") : say("done again"))") : nil
    }

    /// Brings back what was seen before, or after what was undone.
    mutating func goThroughHistory(back isBack: Bool) {
        let present = ChosenView(self)
        guard let view = history.step(back: isBack, from: present) else {
            historyObstacle(back: isBack).map { refuse($0) }
            return
        }
        take(view)
        let parts = present.differences(from: view).map(\.said).joined(separator: say(", "))
        let left = (isBack ? history.past : history.future).count
        notice = Notice(
            .information, say("\(isBack ? say("undone") : say("done again")): \(parts) · \(left) more"))
    }

    private mutating func take(_ view: ChosenView) {
        if focus.kind != view.focus.kind { _ = perform(FocusAction.kind(.one(view.focus.kind))) }
        change(to: view.scenario)
        let cursor = focus.cursor
        focus = view.focus
        focus.cursor = cursor
        (spans, map, panels, appearance) = (view.spans, view.map, view.panels, view.appearance)
        (heads.order, positions) = (view.headOrder, view.positions)
        (masks.page, masks.mapLayer, losses.isLogarithmic) = (view.maskPage, view.mapLayer, view.isLogarithmic)
        go(to: Place(cursor: view.focus.cursor, anchor: view.focus.anchor))
    }
}
