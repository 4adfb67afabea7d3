/// A scale of colours whose lightness rises with the value, so that it reads the same for colour-blind readers.
package enum ColourMap: String, CaseIterable, Equatable, Hashable, Sendable {
    case viridis, magma, cividis, grey

    /// More levels than any map has: every one of its colours is used.
    package static let usualCount = 24

    /// Colours from the lowest to the highest value, distinct on that terminal and each lighter than the one before.
    ///
    /// At most `count`, at least 2; fewer where the terminal has no more in that map's hues, none where it has no colours.
    package func colours(count: Int = usualCount, depth: ColourDepth) -> [Colour] {
        switch depth {
        case .none: return []
        case .ansi8, .ansi16:
            let ramp = namedRamp(depth)
            let kept = max(2, min(count, ramp.count))
            return (0..<kept).map { .ansi(ramp[$0 * (ramp.count - 1) / (kept - 1)]) }
        case .indexed256: return indexedRamp(count: count)
        }
    }

    /// Named colours, each lighter than the one before in xterm's shades.
    private func namedRamp(_ depth: ColourDepth) -> [UInt8] {
        switch (self, depth) {
        case (.viridis, .ansi16): return [0, 4, 12, 6, 10, 11, 15]
        case (.viridis, _): return [0, 4, 2, 6, 3, 7]
        case (.magma, .ansi16): return [0, 4, 5, 13, 3, 11, 15]
        case (.magma, _): return [0, 4, 1, 5, 3, 7]
        case (.cividis, .ansi16): return [0, 4, 8, 3, 7, 11]
        case (.cividis, _): return [0, 4, 3, 7]
        case (.grey, .ansi16): return [0, 8, 7, 15]
        case (.grey, _): return [0, 7]
        }
    }
}
