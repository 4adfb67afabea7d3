/// What to take a terminal for that this machine's terminfo does not know.
enum TerminalName {
    /// Terminals that understand what xterm does, by a part of their names.
    private static let likeXterm = [
        "xterm", "kitty", "ghostty", "alacritty", "wezterm", "foot", "iterm", "contour", "konsole", "gnome", "vte",
        "mintty", "putty", "rio", "warp", "st", "vscode", "256color", "direct",
    ]
    private static let families: [(prefix: String, names: [String])] = [
        ("tmux", ["tmux-256color", "tmux", "screen-256color", "screen"]),
        ("screen", ["screen-256color", "screen"]), ("rxvt", ["rxvt-256color", "rxvt"]), ("linux", ["linux"]),
        ("vt", ["vt220", "vt100"]),
    ]

    /// The name itself, then the nearest ones, best first: the multiplexer or console that it begins with, else xterm for
    /// those that are like it, with 256 colours where the name does not say fewer. Other names have no second.
    static func candidates(for name: String) -> [String] {
        if let family = families.first(where: { name.hasPrefix($0.prefix) }) { return [name] + family.names }
        let parts = name.lowercased().split { $0 == "-" || $0 == "." || $0 == "+" || $0 == "_" }
        let isLike = parts.contains { part in likeXterm.contains { part == $0 || ($0.count > 3 && part.hasPrefix($0)) }
        }
        if parts.contains("mono") || parts.contains("m") { return [name] + (isLike ? ["xterm-mono", "vt100"] : []) }
        // Of terminals with 16 or 88 colours the first eight are certain.
        if parts.contains("16color") || parts.contains("88color") || parts.contains("color") { return [name, "xterm"] }
        return [name] + (isLike ? ["xterm-256color", "xterm"] : [])
    }
}
