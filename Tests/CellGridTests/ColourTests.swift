import Testing

@testable import RopewalkCellGrid

@Suite struct ColourTests {
    static let scales = [ColourDepth.ansi8, .ansi16, .indexed256, .direct].flatMap { depth in
        Ground.allCases.map { (depth, $0) }
    }

    /// As a terminal of that depth shows it.
    private func shown(_ colour: Colour, _ depth: ColourDepth) -> Palette.Components? {
        depth == .direct
            ? Palette.direct(colour) : Palette.index(of: colour, depth: depth).map { Palette.components(of: UInt8($0)) }
    }

    @Test(arguments: ColourMap.allCases, scales)
    func rampsAreDistinctAndGoAwayFromTheGround(_ map: ColourMap, _ scale: (ColourDepth, Ground)) throws {
        let (depth, ground) = scale
        let colours = map.colours(count: 24, depth: depth, ground: ground)
        let lightness = colours.compactMap { shown($0, depth).map(Lightness.of) }
        #expect(lightness.count == colours.count && Set(colours).count == colours.count)
        #expect(colours.count >= 11 || !depth.isRich)
        #expect(colours.count == 24 || depth != .direct)
        let rising = ground == .dark ? lightness : lightness.reversed()
        for (lower, higher) in zip(rising, rising.dropFirst()) { #expect(lower < higher) }
        let range = try #require(rising.last) - rising[0]
        #expect(range > 60)
        if depth.isRich { for (lower, higher) in zip(rising, rising.dropFirst()) { #expect(higher - lower < 25) } }
    }

    /// A reader follows hues: from one level to the next no component jumps, but for the cube's own gap up to 95.
    @Test(arguments: ColourMap.allCases, Ground.allCases)
    func indexedColoursChangeInSmallSteps(_ map: ColourMap, _ ground: Ground) {
        let shown = map.colours(depth: .indexed256, ground: ground).compactMap { Palette.components(of: $0) }
        for (lower, higher) in zip(shown, shown.dropFirst()) {
            let steps = [
                Int(higher.red) - Int(lower.red), Int(higher.green) - Int(lower.green),
                Int(higher.blue) - Int(lower.blue),
            ]
            #expect(steps.allSatisfy { abs($0) <= 95 }, "\(lower) to \(higher)")
        }
    }

    @Test(arguments: [ColourMap.viridis, .magma])
    func mapsOfHuesHoldNoGreys(_ map: ColourMap) {
        for colour in map.colours(depth: .indexed256) {
            let shown = Palette.components(of: colour) ?? (0, 0, 0)
            #expect(shown.red != shown.green || shown.green != shown.blue)
        }
    }

    @Test(arguments: ColourMap.allCases)
    func theLowestLevelIsCloseToADarkPage(_ map: ColourMap) throws {
        let lowest = try #require(map.colours(depth: .indexed256).first.flatMap { Palette.components(of: $0) })
        #expect(Lightness.of(lowest) < 10)
    }

    @Test func fewerLevelsSpanTheWholeMap() {
        let all = ColourMap.magma.colours(depth: .indexed256)
        let few = ColourMap.magma.colours(count: 3, depth: .indexed256)
        #expect(few.count == 3 && few.first == all.first && few.last == all.last)
    }

    @Test func everyXtermColourIsItsOwnNearest() {
        for index in UInt8(16)...255 {
            let (red, green, blue) = Palette.components(of: index)
            let found = Palette.index(of: .rgb(red, green, blue), depth: .indexed256) ?? -1
            #expect(UInt8(found) == index || Palette.components(of: UInt8(found)) == (red, green, blue))
        }
    }

    @Test func quantisationIsTheNearestOfAll() {
        func distance(_ a: Palette.Components, _ b: Palette.Components) -> Int {
            let (r, g, bl) = (Int(a.red) - Int(b.red), Int(a.green) - Int(b.green), Int(a.blue) - Int(b.blue))
            return 3 * r * r + 6 * g * g + bl * bl
        }
        var worse = 0
        for value in stride(from: 0, to: 1 << 24, by: 6151) {
            let colour = (red: UInt8(value >> 16), green: UInt8(value >> 8 & 255), blue: UInt8(value & 255))
            let found = Palette.index(of: .rgb(colour.red, colour.green, colour.blue), depth: .indexed256) ?? 0
            let nearest = (UInt8(16)...255).map { distance(colour, Palette.components(of: $0)) }.min() ?? 0
            if distance(colour, Palette.components(of: UInt8(found))) > nearest { worse += 1 }
        }
        #expect(worse == 0)
    }

    @Test func coloursThatATerminalDoesNotHaveAreNotSent() {
        for colour in [Colour.standard, .ansi(3), .rgb(1, 2, 3)] {
            #expect(Palette.index(of: colour, depth: .none) == nil)
        }
        #expect(Palette.index(of: .ansi(9), depth: .ansi8) == 1)
        #expect(Palette.index(of: .ansi(244), depth: .ansi16) == 8)
        #expect(Palette.index(of: .rgb(250, 250, 250), depth: .ansi8) == 7)
    }

    @Test func withoutColoursLevelsAreShadesAndAttributes() {
        let ramp = Ramp(.viridis, depth: .none)
        #expect(ramp.rowsPerCell == 1)
        #expect((0..<ramp.count).map { ramp.glyph(level: $0) } == [" ", "░", "▒", "█"])
        #expect(Set((0..<ramp.count).map { ramp.style(level: $0) }).count == ramp.count)
        #expect(ramp.cell(upper: 1, lower: 3) == Cell(text: "█", style: .plain))
        // What is in reverse is the cursor, the anchor or a hit, and never a weight.
        #expect((0..<ramp.count).allSatisfy { !ramp.style(level: $0).attributes.contains(.reverse) })
    }

    @Test func levelsClampAndNaNIsLowest() {
        let ramp = Ramp(.grey, depth: .indexed256)
        #expect([-1, 0, 0.5, 1, 7, .nan, .infinity].map { ramp.level(of: $0) } == [0, 0, 10, 19, 19, 0, 19])
        #expect(ramp.style(level: 99) == ramp.style(level: 19))
        #expect(ramp.cell(upper: 3, lower: 3).text == " ")
        #expect(ramp.cell(upper: 3, lower: 4).text == "▀")
    }

    @Test func themesMarkTheCursorAndAnchorAtEveryDepth() {
        for depth in ColourDepth.allCases {
            let theme = Theme(depth: depth)
            #expect(Set([theme.cursor, theme.anchor, theme.text, theme.dropped, theme.match]).count == 5)
            #expect(Set([theme.error, theme.text, theme.good]).count == (depth == .none ? 2 : 3))
            #expect(theme.focusedBorder != theme.border && theme.selection != theme.text)
            if depth == .none { #expect(theme.cursor.background == .standard && theme.key.foreground == .standard) }
        }
    }
}
