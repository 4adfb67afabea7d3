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
    /// Whether it is asked for the colour of its background, whenever it is taken over.
    let tellsGround: Bool

    init(_ wish: ColourWish) {
        // The console of Linux has one where gpm runs, and says nothing of it.
        let hasMouse = Self.text("kmous") != nil || wish.terminal?.hasPrefix("linux") == true
        tellsGround = Self.text("kmous") != nil
        let mouseOn = hasMouse ? "\u{1B}[?1000h\u{1B}[?1006h" : ""
        let mouseOff = hasMouse ? "\u{1B}[?1006l\u{1B}[?1000l" : ""
        func join(_ names: [String]) -> String { names.compactMap(Self.text).joined() }
        // Pasted text comes between marks: it is no keys. Terminals that do not know that ignore it.
        let question = tellsGround ? GroundReport.question : ""
        enter = Array((join(["smcup", "smkx", "civis"]) + mouseOn + "\u{1B}[?2004h" + question).utf8)
        reset = Array(("\u{1B}[?2004l" + join(["sgr0", "op"]) + mouseOff + join(["rmkx", "cnorm", "rmcup"])).utf8)
        let depth = Self.depth(colours: Int(tigetnum("colors")))
        let canBeDirect = DirectColours.understands(Self.text("setaf")) && DirectColours.understands(Self.text("setab"))
        self.depth =
            wish.hasNone ? .none : depth == .indexed256 && wish.isDirect && canBeDirect ? .direct : depth
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
