extension ColourMap {
    /// Indices of the xterm palette, lowest value first, on a dark ground.
    ///
    /// Quantising a published map level by level zigzags: the palette's cube has a gap between 0 and 95, in which only
    /// blues are dark, and its greys lie next to everything faint. A shortest path over CIE L*a*b* distances to the
    /// published maps does the same, so these paths were chosen by hand and by eye among the neighbours in the cube: one
    /// or two components change at a time, lightness (CIE L*) goes one way, and the first colours are close to the
    /// page. The hues follow the published map: viridis from blue by green to yellow, magma from violet by red to cream,
    /// cividis from blue by grey to yellow.
    private var darkPath: [UInt8] {
        switch self {
        case .viridis: [17, 18, 24, 30, 36, 72, 78, 113, 149, 185, 191, 227]
        case .magma: [17, 53, 89, 125, 161, 167, 203, 209, 215, 222, 229, 230]
        case .cividis: [17, 18, 24, 60, 66, 102, 144, 179, 185, 221, 227]
        case .grey:
            [233, 234, 235, 236, 237, 238, 239, 240, 241, 242, 243, 244, 245, 246, 247, 248, 249, 251, 253, 255]
        }
    }

    /// The same hues the other way, with pale ones where they meet the page.
    private var lightPath: [UInt8] {
        switch self {
        case .viridis: [230, 229, 228, 192, 156, 114, 78, 72, 36, 30, 24, 18, 17]
        case .magma: [230, 229, 222, 215, 209, 203, 167, 161, 125, 89, 53, 17]
        case .cividis: [230, 229, 228, 221, 185, 179, 144, 102, 66, 60, 24, 18, 17]
        case .grey: darkPath.reversed()
        }
    }

    /// At most `count` colours of the path, evenly chosen, ends included; at least 2.
    func indexedRamp(count: Int, ground: Ground) -> [Colour] {
        let path = ground == .dark ? darkPath : lightPath
        let kept = max(2, min(count, path.count))
        return (0..<kept).map { level in
            let components = Palette.components(of: path[level * (path.count - 1) / (kept - 1)])
            return .rgb(components.red, components.green, components.blue)
        }
    }
}
