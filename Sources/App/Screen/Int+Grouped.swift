import RopewalkViews

extension Int {
    /// With thousands separators: 40,655.
    var grouped: String { Figures.grouped(self) }
}
