import Foundation

/// Shares as a row of bars that stand.
enum Spark {
    private static let glyphs = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// A cell a share of 0 to 1; a blank for NaN and nothing.
    static func line(_ shares: [Float]) -> String {
        shares.map { $0 > 0 ? glyphs[min(7, Int($0 * 8))] : " " }.joined()
    }
}
