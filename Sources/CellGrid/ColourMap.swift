/// A scale of colours whose lightness rises with the value, so that it reads the same for colour-blind readers.
public enum ColourMap: String, CaseIterable, Equatable, Hashable, Sendable {
    case viridis, magma, cividis, grey

    /// Levels that 256 colours show as distinct, and that readers can still tell apart.
    public static let usualCount = 24

    /// Colours from the lowest to the highest value, distinct on that terminal and each lighter than the one before.
    ///
    /// At most `count` (2 to 32); fewer where the terminal has fewer, none where it has no colours.
    public func colours(count: Int = usualCount, depth: ColourDepth) -> [Colour] {
        switch depth {
        case .none: return []
        case .ansi8, .ansi16:
            let ramp = namedRamp(depth)
            let kept = max(2, min(count, ramp.count))
            return (0..<kept).map { .ansi(ramp[$0 * (ramp.count - 1) / (kept - 1)]) }
        case .indexed256: return indexedRamp(count: max(2, min(32, count)))
        }
    }

    /// The ideal colour at `position` 0 to 1, as red, green and blue of 0 to 255.
    func ideal(at position: Double) -> (red: Double, green: Double, blue: Double) {
        let points = controlPoints
        let place = max(0, min(1, position)) * Double(points.count - 1)
        let index = min(Int(place), points.count - 2)
        let part = place - Double(index)
        func mixed(_ shift: UInt32) -> Double {
            let low = Double((points[index] >> shift) & 0xFF)
            return low + part * (Double((points[index + 1] >> shift) & 0xFF) - low)
        }
        return (mixed(16), mixed(8), mixed(0))
    }

    /// Evenly spaced colours; straight lines between them stay within 2 % of the published maps.
    private var controlPoints: [UInt32] {
        switch self {
        case .viridis:
            return [0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725]
        case .magma:
            return [0x000004, 0x1D1147, 0x51127C, 0x822681, 0xB63679, 0xE65164, 0xFB8861, 0xFEC287, 0xFCFDBF]
        case .cividis:
            return [0x00224E, 0x123570, 0x3B496C, 0x575D6D, 0x707173, 0x8A8678, 0xA59C74, 0xC3B369, 0xE1CC55, 0xFEE838]
        case .grey: return [0x080808, 0xFFFFFF]
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
