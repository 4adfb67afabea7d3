import RopewalkCellGrid
import RopewalkMethods

/// A circle laid out as a line from 0 to a full turn: the arc that training showed, and a hand.
struct AngleDial {
    let trained: TrainedRange
    let look: Look

    /// Narrower than this it shows nothing.
    static let narrowest = 5

    /// Draws the dial of a subspace with its hand at `angle` (radians, not wrapped; nil: no hand).
    func draw(_ subspace: Int, angle: Double?, x: Int, y: Int, width: Int, in clip: Rect, on grid: inout Grid) {
        guard width > 0, trained.inverseFrequencies.indices.contains(subspace) else { return }
        let arc = trained.isCritical(subspace) ? trained.maximumAngle(subspace) / (2 * .pi) : 1
        let seen = max(1, min(width, Int((arc * Double(width)).rounded(.up))))
        let theme = look.theme
        grid.write(String(repeating: "━", count: seen), x: x, y: y, style: theme.good, in: clip)
        grid.write(String(repeating: "╌", count: width - seen), x: x + seen, y: y, style: theme.dim, in: clip)
        guard let angle, angle.isFinite else { return }
        let turned = abs(angle).truncatingRemainder(dividingBy: 2 * .pi) / (2 * .pi)
        let isUnseen = Familiarity(trained, subspace: subspace, angle: angle) == .unseen
        let cell = min(width - 1, Int(turned * Double(width)))
        grid.write("◆", x: x + cell, y: y, style: isUnseen ? theme.error : theme.title, in: clip)
    }

    /// The direction that a hand points to: to the right at the start, then anticlockwise.
    static func arrow(_ angle: Double?) -> String {
        guard let angle, angle.isFinite else { return "·" }
        let eighths = Int((angle.truncatingRemainder(dividingBy: 2 * .pi) / (.pi / 4)).rounded())
        return ["→", "↗", "↑", "↖", "←", "↙", "↓", "↘"][(eighths % 8 + 8) % 8]
    }
}
