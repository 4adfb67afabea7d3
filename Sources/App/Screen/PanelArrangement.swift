/// Which panels are wanted, and where the keys go.
package struct PanelArrangement: Equatable, Sendable {
    package var shown = Preset.explore.panels
    /// The panel that has the keys.
    package var focused = Preset.explore.focused
    /// The panel that had them before the text.
    package var beside = Panel.map
    package var isZoomed = false
    package var preset = Preset.explore

    mutating func focus(_ panel: Panel) {
        if panel != .text { beside = panel }
        focused = panel
    }

    mutating func take(_ preset: Preset) {
        self.preset = preset
        shown = preset.panels
        focus(preset.focused)
        isZoomed = false
    }
}
