/// The colours that a terminal has, and the nearest of them to a colour that was asked for.
package enum Palette {
    /// Red, green and blue, 0 to 255 each.
    package typealias Components = (red: UInt8, green: UInt8, blue: UInt8)

    /// The 16 named colours as xterm shows them; the user's own may differ.
    private static let named: [Components] = [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
        (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
        (255, 255, 255),
    ]

    /// The colour behind an index of the xterm palette: 16 names, a cube of 6 x 6 x 6, 24 greys.
    package static func components(of index: UInt8) -> Components {
        switch index {
        case 0..<16: return named[Int(index)]
        case 16..<232:
            let place = Int(index) - 16
            return (cubeLevel(place / 36), cubeLevel(place / 6 % 6), cubeLevel(place % 6))
        default:
            let grey = 8 + 10 * (index - 232)
            return (grey, grey, grey)
        }
    }

    /// The components of a colour; nil for the terminal's own, which nobody knows.
    package static func components(of colour: Colour) -> Components? {
        switch colour {
        case .standard: return nil
        case .ansi(let index): return components(of: index)
        case .rgb(let red, let green, let blue): return (red, green, blue)
        }
    }

    /// The index to send to a terminal of that depth, with 24 bits one of the 16 named ones alone; nil for its own colour or
    /// where it has none.
    package static func index(of colour: Colour, depth: ColourDepth) -> Int? {
        switch (colour, depth) {
        case (.standard, _), (_, .none), (.rgb, .direct): return nil
        case (.ansi(let index), .direct): return index < 16 ? Int(index) : nil
        case (.ansi(let index), .indexed256): return Int(index)
        case (.ansi(let index), .ansi16) where index < 16: return Int(index)
        case (.ansi(let index), .ansi8) where index < 16: return Int(index % 8)
        case (.ansi(let index), .ansi16): return nearestNamed(components(of: index), among: 16)
        case (.ansi(let index), .ansi8): return nearestNamed(components(of: index), among: 8)
        case (.rgb(let red, let green, let blue), .indexed256): return nearestIndexed((red, green, blue))
        case (.rgb(let red, let green, let blue), .ansi16): return nearestNamed((red, green, blue), among: 16)
        case (.rgb(let red, let green, let blue), .ansi8): return nearestNamed((red, green, blue), among: 8)
        }
    }

    /// The components to send to a terminal with 24 bits a colour; nil where it is sent as an index, or is its own.
    package static func direct(_ colour: Colour) -> Components? {
        if case .ansi(let index) = colour, index < 16 { return nil }
        return components(of: colour)
    }

    private static func cubeLevel(_ step: Int) -> UInt8 { step == 0 ? 0 : UInt8(55 + 40 * step) }

    /// The step of the cube (0, 95, 135, 175, 215, 255) nearest to a component.
    private static func cubeStep(_ value: UInt8) -> Int {
        value < 48 ? 0 : value < 115 ? 1 : (Int(value) - 35) / 40
    }

    private static func nearestIndexed(_ colour: Components) -> Int {
        let steps = (cubeStep(colour.red), cubeStep(colour.green), cubeStep(colour.blue))
        let cube = (cubeLevel(steps.0), cubeLevel(steps.1), cubeLevel(steps.2))
        // The mean with the weights of `distance` is the grey that minimises it.
        let sum = 3 * Int(colour.red) + 6 * Int(colour.green) + Int(colour.blue)
        let step = max(0, min(23, (sum - 30) / 100))
        let level = UInt8(8 + 10 * step)
        if distance(colour, (level, level, level)) < distance(colour, cube) { return 232 + step }
        return 16 + 36 * steps.0 + 6 * steps.1 + steps.2
    }

    private static func nearestNamed(_ colour: Components, among count: Int) -> Int {
        var best = 0
        for index in 1..<count where distance(colour, named[index]) < distance(colour, named[best]) { best = index }
        return best
    }

    private static func distance(_ a: Components, _ b: Components) -> Int {
        let red = Int(a.red) - Int(b.red)
        let green = Int(a.green) - Int(b.green)
        let blue = Int(a.blue) - Int(b.blue)
        // The eye weighs green most; integer weights close to those of luma keep this exact.
        return 3 * red * red + 6 * green * green + blue * blue
    }
}
