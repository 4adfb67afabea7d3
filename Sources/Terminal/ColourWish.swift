import Foundation

/// What the environment says of the terminal and of its colours, beside terminfo.
struct ColourWish {
    /// TERM.
    let terminal: String?
    /// NO_COLOR is set and not empty (no-color.org).
    let hasNone: Bool
    /// COLORTERM says that the terminal has colours of 24 bits.
    let isDirect: Bool

    init(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
        terminal = environment["TERM"]
        hasNone = environment["NO_COLOR"]?.isEmpty == false
        // GNU screen hands the variable on from the terminal that it runs in, and does not know what it promises.
        let isScreen = terminal?.hasPrefix("screen") == true && environment["TMUX"] == nil
        isDirect = ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "") && !isScreen
    }
}
