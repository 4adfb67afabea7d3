extension ColourMap {
    /// Colours of the published map at even distances, 0xRRGGBB, darkest first; between them it is nearly straight.
    private var published: [UInt32] {
        switch self {
        case .viridis:
            [
                0x440154, 0x482878, 0x3E4989, 0x31688E, 0x26828E, 0x1F9E89, 0x35B779, 0x6ECE58, 0xB5DE2B, 0xFDE725,
            ]
        case .magma:
            [
                0x000004, 0x180F3D, 0x440F76, 0x721F81, 0x9E2F7F, 0xCD4071, 0xF1605D, 0xFD9668, 0xFECA8D, 0xFCFDBF,
            ]
        case .cividis:
            [
                0x00224E, 0x123570, 0x3B496C, 0x575D6D, 0x707173, 0x8A8678, 0xA59C74, 0xC3B369, 0xE1CC55, 0xFEE838,
            ]
        case .grey: [0x121212, 0xF4F4F4]
        }
    }

    /// What it begins with where the page is: a shade that is seen there, and is faint.
    private func faintest(_ ground: Ground) -> UInt32? {
        switch (self, ground) {
        case (.viridis, .dark): 0x1C0026
        case (.viridis, .light): 0xFFFCD6
        case (.magma, .dark): nil
        case (.magma, .light): nil
        case (.cividis, .dark): 0x00112B
        case (.cividis, .light): 0xFFFBD6
        case (.grey, _): nil
        }
    }

    /// `count` colours from the page to what is furthest from it.
    func directRamp(count: Int, ground: Ground) -> [Colour] {
        let path = (faintest(ground).map { [$0] } ?? []) + (ground == .dark ? published : published.reversed())
        let kept = max(2, count)
        return (0..<kept).map { level in
            let place = Double(level) * Double(path.count - 1) / Double(kept - 1)
            let index = min(path.count - 2, Int(place))
            return Self.between(path[index], path[index + 1], share: place - Double(index))
        }
    }

    private static func between(_ first: UInt32, _ second: UInt32, share: Double) -> Colour {
        func component(_ shift: UInt32) -> UInt8 {
            let (from, to) = (Double(first >> shift & 0xFF), Double(second >> shift & 0xFF))
            return UInt8((from + (to - from) * share).rounded())
        }
        return .rgb(component(16), component(8), component(0))
    }
}
