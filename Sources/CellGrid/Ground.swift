/// Whether letters are light on a dark screen, or dark on a light one.
package enum Ground: String, CaseIterable, Equatable, Hashable, Sendable {
    case dark, light

    /// That of a background: it is light where black reads better on it than white.
    package init(background: Palette.Components) {
        let onWhite = Lightness.contrast(background, (255, 255, 255))
        self = Lightness.contrast(background, (0, 0, 0)) > onWhite ? .light : .dark
    }

    /// As the variable COLORFGBG says it, foreground and background as named colours: `15;0`; nil where it says nothing.
    package init?(colorFGBG text: String) {
        guard let last = text.split(separator: ";").last, let index = Int(last), (0..<16).contains(index) else {
            return nil
        }
        // Grey and the bright colours are light, but for what is called bright black.
        self = index == 7 || index > 8 ? .light : .dark
    }
}
