import CRopewalkNCurses
import Glibc
import RopewalkCellGrid

/// Reads keys and the mouse through ncurses, which knows the terminal's sequences.
@MainActor
final class KeyReader {
    private var lastPress: (mouse: Mouse, time: ContinuousClock.Instant)?
    /// Keys that ncurses numbers by terminfo name.
    private let named: [Int32: Key]

    init() {
        var named: [Int32: Key] = [
            KEY_UP: .up, KEY_DOWN: .down, KEY_LEFT: .left, KEY_RIGHT: .right, KEY_HOME: .home, KEY_END: .end,
            KEY_PPAGE: .pageUp, KEY_NPAGE: .pageDown, KEY_ENTER: .enter, KEY_BTAB: .backTab,
            KEY_BACKSPACE: .backspace, KEY_DC: .delete, KEY_IC: .insert,
        ]
        for number in 1...12 { named[curses_function_key(Int32(number))] = .function(number) }
        self.named = named
    }

    /// Lets a window report function keys and the mouse without waiting.
    func prepare(_ window: CursesWindow) {
        keypad(window, true)
        nodelay(window, true)
        mousemask(
            curses_left_press() | curses_left_click() | curses_left_double_click() | curses_right_press()
                | curses_wheel_up() | curses_wheel_down(), nil)
        // Else ncurses holds each press back to see whether it becomes a click.
        mouseinterval(0)
    }

    /// The next event that is there already.
    func next(from window: CursesWindow) -> InputEvent? {
        // Unknown sequences give no event; a burst of them ends with the input.
        while true {
            var code: wint_t = 0
            switch wget_wch(window, &code) {
            case KEY_CODE_YES:
                if Int32(code) == KEY_MOUSE {
                    if let mouse = mouse() { return .mouse(mouse) }
                } else if let key = named[Int32(code)] {
                    return .key(key)
                }
            case OK:
                if let key = key(code, window) { return .key(key) }
            default: return nil
            }
        }
    }

    private func key(_ code: wint_t, _ window: CursesWindow) -> Key? {
        switch code {
        case 0x1B: return afterEscape(window)
        case 0x09: return .tab
        case 0x0A, 0x0D: return .enter
        case 0x08, 0x7F: return .backspace
        case 0: return .control(" ")
        case 1..<0x20:
            // Ctrl clears the upper bits of "a" to "z" and of "\\", "]", "^", "_".
            return Unicode.Scalar(code + (code < 27 ? 0x60 : 0x40)).map { .control(Character($0)) }
        default: return Unicode.Scalar(code).map { .character(Character($0)) }
        }
    }

    /// Escape alone, or the beginning of a sequence that terminfo does not list, which is skipped: its letters are no keys.
    private func afterEscape(_ window: CursesWindow) -> Key? {
        var code: wint_t = 0
        guard wget_wch(window, &code) == OK else { return .escape }
        guard code == 0x5B || code == 0x4F else {
            unget_wch(wchar_t(code))
            return .escape
        }
        // At most as long as sequences get; a parameter or intermediate byte is below 0x40.
        for _ in 0..<32 {
            guard wget_wch(window, &code) == OK, code < 0x40 || code > 0x7E else { break }
        }
        return nil
    }

    private func mouse() -> Mouse? {
        var event = MEVENT()
        guard getmouse(&event) == OK else { return nil }
        let (x, y) = (Int(event.x), Int(event.y))
        if event.bstate & curses_wheel_up() != 0 { return Mouse(action: .wheelUp, x: x, y: y) }
        if event.bstate & curses_wheel_down() != 0 { return Mouse(action: .wheelDown, x: x, y: y) }
        if event.bstate & curses_right_press() != 0 { return Mouse(action: .secondaryPress, x: x, y: y) }
        // Presses and releases that arrive in one piece, as over a slow line, ncurses joins to clicks.
        if event.bstate & curses_left_double_click() != 0 { return Mouse(action: .doublePress, x: x, y: y) }
        guard event.bstate & (curses_left_press() | curses_left_click()) != 0 else { return nil }
        return press(Mouse(action: .press, x: x, y: y))
    }

    /// A second press on the same cell within 0.4 s is a double press.
    private func press(_ mouse: Mouse) -> Mouse {
        let now = ContinuousClock.now
        if let last = lastPress, last.mouse == mouse, now - last.time < .milliseconds(400) {
            lastPress = nil
            return Mouse(action: .doublePress, x: mouse.x, y: mouse.y)
        }
        lastPress = (mouse, now)
        return mouse
    }
}
