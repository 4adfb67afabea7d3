/// Shares as bars.
enum Bar {
    static let eighths = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]

    /// One cell filled to a share of 0 to 1; what is not quite nothing shows as an eighth.
    static func cell(_ share: Float) -> String {
        guard share >= 0.005 else { return eighths[0] }
        return eighths[max(1, min(8, Int((share * 8).rounded())))]
    }

    /// A bar from the middle of `width` cells, an odd number: to the right above 0, to the left below, -1 to 1.
    static func signed(_ share: Double, width: Int) -> String {
        let side = width / 2
        guard side > 0, share.isFinite else { return String(repeating: " ", count: max(0, width)) }
        let halves = share == 0 ? 0 : max(1, min(2 * side, Int((abs(share) * Double(2 * side)).rounded())))
        let solid = String(repeating: "━", count: halves / 2)
        let half = halves % 2 == 1
        let blank = String(repeating: " ", count: side - (halves + 1) / 2)
        let empty = String(repeating: " ", count: side)
        return share < 0
            ? blank + (half ? "╺" : "") + solid + "┃" + empty : empty + "┃" + solid + (half ? "╸" : "") + blank
    }

    /// A bar of `width` cells, filled to a share of 0 to 1 in halves of a cell; a line, so that rows of them stay apart.
    static func line(_ share: Double, width: Int, glyph: Character = "━") -> String {
        guard width > 0, share > 0 else { return String(repeating: " ", count: max(0, width)) }
        let halves = max(1, min(2 * width, Int((share * Double(2 * width)).rounded())))
        let line = String(repeating: glyph, count: halves / 2) + (halves % 2 == 1 ? "╸" : "")
        return line + String(repeating: " ", count: width - (halves + 1) / 2)
    }
}
