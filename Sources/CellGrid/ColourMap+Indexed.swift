extension ColourMap {
    /// The choice of `count` xterm colours of strictly rising lightness that lies nearest to the ideal map.
    ///
    /// Quantising each level by itself would give equal neighbours and steps back in lightness: the cube is coarse.
    /// With the palette sorted by lightness this is a shortest path over (level, colour): count x 240 steps.
    func indexedRamp(count: Int) -> [Colour] {
        let palette = Self.paletteByLightness
        var cost = [Double](repeating: 0, count: palette.count)
        var choices: [[Int]] = []
        for level in 0..<count {
            let wanted = ideal(at: Double(level) / Double(count - 1))
            var best = level == 0 ? 0 : Double.infinity
            var bestColour = -1
            var chosen = [Int](repeating: -1, count: palette.count)
            for colour in palette.indices {
                let before = cost[colour]
                cost[colour] = best + Self.distance(wanted, palette[colour])
                chosen[colour] = bestColour
                if level > 0, before < best { (best, bestColour) = (before, colour) }
            }
            choices.append(chosen)
        }
        return Self.path(cost: cost, choices: choices).map {
            let components = palette[$0]
            return .rgb(components.red, components.green, components.blue)
        }
    }

    /// Colours 16 to 255 without repeats of one lightness, darkest first.
    private static let paletteByLightness: [Palette.Components] = {
        let all = (UInt8(16)...255).map { Palette.components(of: $0) }
        let sorted = all.map { ($0, Lightness.of($0)) }.sorted { $0.1 < $1.1 }
        var kept: [(Palette.Components, Double)] = []
        for entry in sorted where entry.1 > (kept.last?.1 ?? -1) { kept.append(entry) }
        return kept.map(\.0)
    }()

    private static func path(cost: [Double], choices: [[Int]]) -> [Int] {
        guard var colour = cost.indices.min(by: { cost[$0] < cost[$1] }) else { return [] }
        var path: [Int] = []
        for chosen in choices.reversed() {
            path.append(colour)
            colour = max(0, chosen[colour])
        }
        return path.reversed()
    }

    /// Squared difference in lightness (weighted, so that steps stay even) and in two opponent colours.
    private static func distance(
        _ ideal: (red: Double, green: Double, blue: Double), _ colour: Palette.Components
    ) -> Double {
        let red = ideal.red - Double(colour.red)
        let green = ideal.green - Double(colour.green)
        let blue = ideal.blue - Double(colour.blue)
        let light = 0.3 * red + 0.6 * green + 0.1 * blue
        let warm = red - green
        let cold = blue - (red + green) / 2
        // Greys are many and thus near everything dark; between purple and blue they look like a hole in the scale.
        let spread =
            max(ideal.red, ideal.green, ideal.blue) - min(ideal.red, ideal.green, ideal.blue)
        let isGrey = colour.red == colour.green && colour.green == colour.blue
        let penalty = isGrey && spread > 64 ? 4_000.0 : 0
        return 12 * light * light + warm * warm + cold * cold + penalty
    }
}
