/// A scale of colours whose lightness goes one way, so that it reads the same for colour-blind readers: the higher a value,
/// the further from the ground.
package enum ColourMap: String, CaseIterable, Equatable, Hashable, Sendable {
    case viridis, magma, cividis, grey

    /// More levels than any map of indexed colours has: every one of them is used.
    package static let usualCount = 24

    /// Colours from the lowest to the highest value, distinct on that terminal and each further from the ground than the one
    /// before.
    ///
    /// At most `count`, at least 2; fewer where the terminal has no more in that map's hues, none where it has no colours.
    package func colours(
        count: Int = usualCount, depth: ColourDepth, ground: Ground = .dark
    ) -> [Colour] {
        switch depth {
        case .none: return []
        case .ansi8, .ansi16:
            let ramp = ground == .dark ? namedRamp(depth) : namedRamp(depth).reversed()
            let kept = max(2, min(count, ramp.count))
            return (0..<kept).map { .ansi(ramp[$0 * (ramp.count - 1) / (kept - 1)]) }
        case .indexed256: return indexedRamp(count: count, ground: ground)
        case .direct: return directRamp(count: count, ground: ground)
        }
    }

    /// Named colours, each lighter than the one before in the shades of xterm and of VGA, and all with black or white
    /// letters that are readable in both. Brown, and the grey that is called bright black, are not: they differ too much.
    private func namedRamp(_ depth: ColourDepth) -> [UInt8] {
        switch (self, depth) {
        case (.viridis, .ansi16): return [0, 4, 12, 6, 10, 11, 15]
        case (.viridis, _): return [0, 4, 2, 6, 7]
        case (.magma, .ansi16): return [0, 4, 5, 9, 13, 11, 15]
        case (.magma, _): return [0, 4, 6, 7]
        case (.cividis, .ansi16): return [0, 4, 12, 7, 11]
        case (.cividis, _): return [0, 4, 7]
        case (.grey, .ansi16): return [0, 7, 15]
        case (.grey, _): return [0, 7]
        }
    }
}
