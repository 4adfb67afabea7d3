/// Bars in eighths of a cell.
enum Bar {
    static let eighths = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]

    /// One cell filled to a share of 0 to 1; what is not quite nothing shows as an eighth.
    static func cell(_ share: Float) -> String {
        guard share >= 0.005 else { return eighths[0] }
        return eighths[max(1, min(8, Int((share * 8).rounded())))]
    }

    /// A bar of `width` cells, filled to a share of 0 to 1 from the left.
    static func text(_ share: Double, width: Int) -> String {
        guard width > 0, share > 0 else { return String(repeating: " ", count: max(0, width)) }
        let units = max(1, Int((min(1, share) * Double(width) * 8).rounded()))
        let full = units / 8
        let rest = full < width ? eighths[units % 8] : ""
        return String(repeating: "█", count: full) + rest
            + String(repeating: " ", count: max(0, width - full - 1))
    }
}
