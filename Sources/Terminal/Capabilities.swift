import CRopewalkNCurses
import Glibc
import RopewalkCellGrid

/// What terminfo says about the terminal; ncurses must have been started.
struct Capabilities {
    /// Written to take the terminal over again after a stop.
    let enter: [UInt8]
    /// Written to give the terminal back.
    let reset: [UInt8]
    let depth: ColourDepth

    /// - Parameter noColour: The variable NO_COLOR is set and not empty (no-color.org).
    init(noColour: Bool) {
        let hasMouse = Self.text("kmous") != nil
        let mouseOn = hasMouse ? "\u{1B}[?1000h\u{1B}[?1006h" : ""
        let mouseOff = hasMouse ? "\u{1B}[?1006l\u{1B}[?1000l" : ""
        func join(_ names: [String]) -> String { names.compactMap(Self.text).joined() }
        // Pasted text comes between marks: it is no keys. Terminals that do not know that ignore it.
        enter = Array((join(["smcup", "smkx", "civis"]) + mouseOn + "\u{1B}[?2004h").utf8)
        reset = Array(("\u{1B}[?2004l" + join(["sgr0", "op"]) + mouseOff + join(["rmkx", "cnorm", "rmcup"])).utf8)
        depth = noColour ? .none : Self.depth(colours: Int(tigetnum("colors")))
    }

    static func depth(colours: Int) -> ColourDepth {
        switch colours {
        case 256...: return .indexed256
        case 16...: return .ansi16
        case 8...: return .ansi8
        default: return .none
        }
    }

    /// A capability without its padding marks ("$<5/>"), which only real glass terminals needed.
    private static func text(_ name: String) -> String? {
        guard let pointer = curses_capability(name) else { return nil }
        return String(cString: pointer).replacing(/\$<[0-9.]+[*\/]*>/, with: "")
    }
}
