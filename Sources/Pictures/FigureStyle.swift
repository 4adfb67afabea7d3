import RopewalkCellGrid
import RopewalkViews

/// The colours of a figure: on paper, or on a dark slide.
///
/// Lines have at least 3:1 against the page, text 4.5:1. The hues are those of Okabe and Ito, which colour-blind readers
/// tell apart, darker or lighter as the page needs it; every line has dashes and a sign of its own too.
struct FigureStyle {
    let ground: Ground
    let paper: String
    let ink: String
    let dim: String
    let grid: String
    /// What a mask hides, and the strokes on it.
    let hidden: String
    let hiddenStroke: String

    static let textSize = 12.0
    static let smallSize = 11.0
    static let titleSize = 14.0

    init(_ ground: Ground) {
        self.ground = ground
        let isLight = ground == .light
        paper = isLight ? "#ffffff" : "#101218"
        ink = isLight ? "#1c1c1c" : "#e4e4e4"
        dim = isLight ? "#555555" : "#b0b0b0"
        grid = isLight ? "#e3e3e3" : "#2c313c"
        hidden = isLight ? "#f6d5d5" : "#4a1d1d"
        hiddenStroke = isLight ? "#b05a5a" : "#d78787"
    }

    private static let lightLines = [
        "#1c1c1c", "#0072b2", "#c24a00", "#007a5a", "#a64d84", "#946a00", "#2a86b8", "#6b3fa0",
    ]
    private static let darkLines = [
        "#f0f0f0", "#56b4e9", "#f0843c", "#2fc79b", "#e09ac3", "#e6b83c", "#8fd0f5", "#b79ae6",
    ]

    func colour(_ ink: FigureInk) -> String {
        let isLight = ground == .light
        return switch ink {
        case .text: self.ink
        case .dim: dim
        case .band: isLight ? "#cfe3da" : "#24453a"
        case .good: isLight ? "#007a5a" : "#2fc79b"
        case .bad: isLight ? "#b3261e" : "#ff7a70"
        case .warning: isLight ? "#946a00" : "#e6b83c"
        case .series(let index): (isLight ? Self.lightLines : Self.darkLines)[index % Self.lightLines.count]
        }
    }

    /// Of lines, as SVG writes dashes; empty: unbroken.
    static func dashes(_ series: Int) -> String {
        ["", "7 3", "2 2.5", "9 3 2 3", "5 2", "12 3", "1.5 4", "7 2 1.5 2 1.5 2"][series % 8]
    }

    /// The sign of a line around a point.
    func sign(_ series: Int, x: Double, y: Double) -> String {
        let r = 3.4
        func place(_ dx: Double, _ dy: Double) -> String { SVG.number(x + dx) + " " + SVG.number(y + dy) }
        let colour = colour(.series(series))
        let closed = "fill=\"\(paper)\" stroke=\"\(colour)\" stroke-width=\"1.4\""
        func polygon(_ points: [(Double, Double)]) -> String {
            SVG.path("M" + points.map { place($0, $1) }.joined(separator: "L") + "Z", closed)
        }
        func strokes(_ ends: [(Double, Double)]) -> String {
            SVG.path(
                ends.map { "M" + place($0, $1) + "L" + place(-$0, -$1) }.joined(),
                "fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.6\"")
        }
        switch series % 8 {
        case 0: return "<circle \(SVG.attributes([("cx", x), ("cy", y), ("r", r - 0.4)])) \(closed)/>\n"
        case 1: return polygon([(-r, -r), (r, -r), (r, r), (-r, r)].map { ($0 * 0.85, $1 * 0.85) })
        case 2: return polygon([(0, -r * 1.15), (r * 1.1, r * 0.85), (-r * 1.1, r * 0.85)])
        case 3: return polygon([(0, -r * 1.25), (r * 1.1, 0), (0, r * 1.25), (-r * 1.1, 0)])
        case 4: return strokes([(r, r), (r, -r)])
        case 5: return strokes([(r, 0), (0, r)])
        case 6: return polygon([(0, r * 1.15), (r * 1.1, -r * 0.85), (-r * 1.1, -r * 0.85)])
        default: return strokes([(r, 0), (0, r), (r * 0.7, r * 0.7), (r * 0.7, -r * 0.7)])
        }
    }
}
