/// The colours of letters on the terminal's own background: each has a contrast of at least 4.5:1 there.
///
/// With 256 colours and more these are shades that no user's palette changes. The 16 named ones are chosen so that the
/// shades of xterm and those of VGA both are readable, which leaves few of them; where 8 are all there are, bold letters
/// are brighter on some terminals, and are used only where that does no harm.
struct Inks {
    let focus: Style
    let key: Style
    let warning: Style
    let error: Style
    let good: Style
    let dim: Style
    let dropped: Style
    let series: [Style]

    private static func ink(_ index: UInt8, _ attributes: Style.Attributes = []) -> Style {
        Style(foreground: .ansi(index), attributes: attributes)
    }

    private static func series(_ indices: [UInt8]) -> [Style] { [.plain] + indices.map { ink($0) } }

    static func inks(depth: ColourDepth, ground: Ground) -> Inks {
        switch (depth, ground) {
        case (.none, _): none
        case (.ansi8, .dark): dark8
        case (.ansi8, .light): light8
        case (.ansi16, .dark): dark16
        case (.ansi16, .light): light16
        case (.indexed256, .dark), (.direct, .dark): dark
        case (.indexed256, .light), (.direct, .light): light
        }
    }

    private static let dark = Inks(
        focus: ink(77, .bold), key: ink(80, .bold), warning: ink(221, .bold), error: ink(203, .bold), good: ink(77),
        dim: ink(248), dropped: ink(138), series: series([221, 80, 213, 77, 111, 203, 246]))

    private static let light = Inks(
        focus: ink(22, .bold), key: ink(24, .bold), warning: ink(94, .bold), error: ink(124, .bold), good: ink(22),
        dim: ink(241), dropped: ink(95), series: series([94, 24, 127, 22, 20, 124, 241]))

    private static let dark16 = Inks(
        focus: ink(2, .bold), key: ink(6, .bold), warning: ink(11, .bold), error: ink(9, .bold), good: ink(2),
        dim: ink(7), dropped: ink(9), series: series([11, 14, 13, 10, 9, 6, 2]))

    private static let light16 = Inks(
        focus: ink(4, .bold), key: ink(4, .bold), warning: ink(5, .bold), error: ink(1, .bold), good: ink(4),
        dim: .plain, dropped: ink(1), series: series([4, 1, 5, 12]))

    private static let dark8 = Inks(
        focus: ink(2, .bold), key: ink(6, .bold), warning: ink(3, .bold), error: ink(3, [.bold, .underline]),
        good: ink(2), dim: .plain, dropped: ink(6), series: series([6, 2]))

    private static let light8 = Inks(
        focus: ink(4, .bold), key: ink(4, .bold), warning: ink(1), error: ink(1, .underline), good: ink(4),
        dim: .plain, dropped: ink(1), series: series([4, 1, 5]))

    /// What a mask hides may recede: the strokes in its blanks tell it too.
    private static let none = Inks(
        focus: Style(attributes: .bold), key: Style(attributes: .bold), warning: Style(attributes: .bold),
        error: Style(attributes: .bold), good: .plain, dim: .plain, dropped: Style(attributes: .dim), series: [.plain])
}
