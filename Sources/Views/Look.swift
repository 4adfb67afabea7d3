import CellGrid

/// The colours of one terminal: what every view draws with.
public struct Look: Equatable, Sendable {
    public let depth: ColourDepth
    public let map: ColourMap
    public let theme: Theme
    /// The levels of weights, made once because choosing colours costs more than drawing with them.
    public let ramp: Ramp

    public init(depth: ColourDepth, map: ColourMap = .viridis, theme: Theme? = nil) {
        self.depth = depth
        self.map = map
        self.theme = theme ?? Theme(depth: depth)
        ramp = Ramp(map, depth: depth)
    }
}
