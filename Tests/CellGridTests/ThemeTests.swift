import Testing

@testable import RopewalkCellGrid

/// Everything that a theme writes is readable: at least 4.5:1 (WCAG) on the grounds that terminals have.
@Suite struct ThemeTests {
    struct Terminal: Sendable, CustomStringConvertible {
        let name: String
        let depth: ColourDepth
        let ground: Ground
        let paper: (UInt8, UInt8, UInt8)
        let ink: (UInt8, UInt8, UInt8)
        var isVGA = false

        var description: String { "\(depth) \(name)" }
    }

    private static let papers: [(String, Ground, (UInt8, UInt8, UInt8), (UInt8, UInt8, UInt8))] = [
        ("black", .dark, (0, 0, 0), (229, 229, 229)), ("grey", .dark, (30, 30, 30), (212, 212, 212)),
        ("solarized dark", .dark, (0, 43, 54), (147, 161, 161)), ("dracula", .dark, (40, 42, 54), (248, 248, 242)),
        ("white", .light, (255, 255, 255), (0, 0, 0)), ("solarized light", .light, (253, 246, 227), (88, 110, 117)),
        ("latte", .light, (239, 241, 245), (76, 79, 105)), ("paper", .light, (238, 238, 238), (40, 40, 40)),
    ]

    /// Of 16 and 8 colours the shades of xterm and of VGA count, each on its own black and white.
    static let terminals: [Terminal] = ColourDepth.allCases.flatMap { depth -> [Terminal] in
        guard depth.isRich || depth == .none else {
            return Ground.allCases.flatMap { ground in
                [false, true].map { isVGA in
                    Terminal(
                        name: isVGA ? "VGA \(ground)" : "xterm \(ground)", depth: depth, ground: ground,
                        paper: ground == .dark ? (0, 0, 0) : (255, 255, 255),
                        ink: ground == .dark ? (170, 170, 170) : (0, 0, 0), isVGA: isVGA)
                }
            }
        }
        return papers.map { Terminal(name: $0.0, depth: depth, ground: $0.1, paper: $0.2, ink: $0.3) }
    }

    private static let vga: [Palette.Components] = [
        (0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170),
        (85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85), (85, 85, 255), (255, 85, 255), (85, 255, 255),
        (255, 255, 255),
    ]

    /// The console's bold letters are brighter where it has eight colours.
    private func components(_ colour: Colour, isBold: Bool, _ terminal: Terminal) -> Palette.Components? {
        if let direct = Palette.direct(colour), terminal.depth == .direct { return direct }
        guard let index = Palette.index(of: colour, depth: terminal.depth) else { return nil }
        guard terminal.isVGA, index < 16 else { return Palette.components(of: UInt8(index)) }
        return Self.vga[isBold && terminal.depth == .ansi8 && index < 8 ? index + 8 : index]
    }

    private func contrast(_ style: Style, _ terminal: Terminal) -> Double {
        let isBold = style.attributes.contains(.bold)
        let ink = components(style.foreground, isBold: isBold, terminal) ?? terminal.ink
        let paper = components(style.background, isBold: false, terminal) ?? terminal.paper
        return Lightness.contrast(ink, paper)
    }

    /// All styles that a theme has, by their names, also those that are added later.
    private func styles(_ theme: Theme) -> [(String, Style)] {
        Mirror(reflecting: theme).children.flatMap { child -> [(String, Style)] in
            let name = child.label ?? ""
            if let style = child.value as? Style { return [(name, style)] }
            return (child.value as? [Style] ?? []).map { (name, $0) }
        }
    }

    @Test(arguments: terminals) func everyStyleIsReadable(_ terminal: Terminal) {
        let styles = styles(Theme(depth: terminal.depth, ground: terminal.ground))
        #expect(styles.count > 15)
        for (name, style) in styles {
            // What is plain is the user's own choice, however faint it is.
            if style.foreground == .standard, style.background == .standard { continue }
            #expect(contrast(style, terminal) >= 4.5, "\(name) on \(terminal)")
        }
    }

    @Test(arguments: ColourDepth.allCases, Ground.allCases)
    func nothingIsDimBesideWhatAMaskHides(_ depth: ColourDepth, _ ground: Ground) {
        for (name, style) in styles(Theme(depth: depth, ground: ground)) where name != "dropped" {
            #expect(!style.attributes.contains(.dim), "\(name)")
        }
    }

    /// What stands on the cells of a map, whatever its weight.
    @Test(arguments: terminals) func lettersOnEveryLevelAreReadable(_ terminal: Terminal) {
        for map in ColourMap.allCases where terminal.depth != .none {
            let ramp = Ramp(map, depth: terminal.depth, ground: terminal.ground)
            for level in 0..<ramp.count {
                #expect(contrast(ramp.style(level: level), terminal) >= 4.5, "\(map) \(level) on \(terminal)")
            }
        }
    }

    /// The strongest cells are what is furthest from the ground: no holes in it.
    @Test(arguments: terminals) func theStrongestCellIsFurthestFromTheGround(_ terminal: Terminal) throws {
        for map in ColourMap.allCases where terminal.depth != .none {
            let colours = map.colours(depth: terminal.depth, ground: terminal.ground)
            let contrasts = colours.map { contrast(Style(foreground: $0), terminal) }
            #expect(contrasts.last == contrasts.max(), "\(map) on \(terminal)")
            #expect(try #require(contrasts.last) > 6, "\(map) on \(terminal)")
            let shown = colours.map { contrast(Style(foreground: $0, background: .standard), terminal) }
            #expect(try #require(shown.first) < 2.4, "\(map) on \(terminal)")
        }
    }

    @Test(arguments: ColourDepth.allCases, Ground.allCases)
    func linesOfAChartDiffer(_ depth: ColourDepth, _ ground: Ground) {
        let series = Theme(depth: depth, ground: ground).series
        #expect(Set(series).count == series.count)
        #expect(series.count >= (depth.isRich ? 8 : depth == .none ? 1 : 3))
        #expect(series[0] == .plain)
    }

    @Test func whatIsHiddenIsNoColourOfAMap() {
        for ground in Ground.allCases {
            for depth in [ColourDepth.indexed256, .direct] {
                let hidden = Palette.components(of: Theme(depth: depth, ground: ground).hidden) ?? (0, 0, 0)
                for map in ColourMap.allCases {
                    for colour in map.colours(depth: depth, ground: ground) {
                        let other = Palette.components(of: colour) ?? (0, 0, 0)
                        let (r, g, b) = (
                            Int(hidden.red) - Int(other.red), Int(hidden.green) - Int(other.green),
                            Int(hidden.blue) - Int(other.blue)
                        )
                        #expect(r * r + g * g + b * b > 900, "\(map) \(ground)")
                    }
                }
            }
        }
    }
}

@Suite struct GroundTests {
    @Test(arguments: [
        ("15;0", Ground.dark), ("0;15", .light), ("0;default;15", .light), ("0;7", .light), ("7;8", .dark),
        ("12;9", .light), ("15;6", .dark),
    ])
    func theVariableSaysIt(_ text: String, _ ground: Ground) { #expect(Ground(colorFGBG: text) == ground) }

    @Test(arguments: ["", ";", "15;default", "0;16", "0;-1", "x;y"])
    func itMaySayNothing(_ text: String) { #expect(Ground(colorFGBG: text) == nil) }

    @Test func backgroundsAreDarkOrLight() {
        for dark: Palette.Components in [(0, 0, 0), (30, 30, 30), (0, 43, 54), (88, 28, 90), (0, 0, 238)] {
            #expect(Ground(background: dark) == .dark)
        }
        for light: Palette.Components in [(255, 255, 255), (253, 246, 227), (200, 200, 120), (255, 255, 0)] {
            #expect(Ground(background: light) == .light)
        }
    }
}
