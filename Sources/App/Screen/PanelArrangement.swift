/// Which panels are wanted, and where the keys go.
package struct PanelArrangement: Equatable, Sendable {
    package var shown = Preset.explore.panels
    /// The panel that has the keys.
    package var focused = Preset.explore.focused
    /// The panel that had them before the text.
    package var beside = Panel.map
    package var isZoomed = false
    package var preset = Preset.explore
    /// Panels that earlier pages of the preset have shown, on a screen without room for all.
    private(set) var passed: Set<Panel> = []

    /// What is laid out: the rest of the preset, where earlier pages have shown some of it.
    var present: Set<Panel> {
        let rest = shown.subtracting(passed)
        return rest.contains(focused) ? rest : shown
    }

    /// Shows what the page before had no room for.
    mutating func turn(from seen: Set<Panel>, to panel: Panel) {
        passed.formUnion(seen)
        focus(panel)
    }

    /// Shows the preset from its beginning.
    mutating func turnBack() { passed = [] }

    mutating func focus(_ panel: Panel) {
        if panel != .text { beside = panel }
        focused = panel
    }

    mutating func take(_ preset: Preset) {
        self.preset = preset
        shown = preset.panels
        passed = []
        focus(preset.focused)
        isZoomed = false
    }
}
