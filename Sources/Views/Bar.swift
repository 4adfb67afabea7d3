/// Shares as bars.
enum Bar {
    static let eighths = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]

    /// One cell filled to a share of 0 to 1; what is not quite nothing shows as an eighth.
    static func cell(_ share: Float) -> String {
        guard share >= 0.005 else { return eighths[0] }
        return eighths[max(1, min(8, Int((share * 8).rounded())))]
    }

    /// A bar of `width` cells, filled to a share of 0 to 1 in halves of a cell; a line, so that rows of them stay apart.
    static func line(_ share: Double, width: Int, glyph: Character = "━") -> String {
        guard width > 0, share > 0 else { return String(repeating: " ", count: max(0, width)) }
        let halves = max(1, min(2 * width, Int((share * Double(2 * width)).rounded())))
        let line = String(repeating: glyph, count: halves / 2) + (halves % 2 == 1 ? "╸" : "")
        return line + String(repeating: " ", count: width - (halves + 1) / 2)
    }
}
