import CRopewalkNCurses
import Glibc
import RopewalkCellGrid

/// Reads keys, the mouse and pasted texts from the keyboard's descriptor.
///
/// Not through ncurses, which knows no paste, swallows no unknown sequences, reads a byte at a time, and one form of mouse
/// reports only.
@MainActor
final class KeyReader {
    private let input: Int32
    private var parser: InputParser
    private var lastPress: (mouse: Mouse, time: ContinuousClock.Instant)?
    /// Whether the keyboard has come to its end.
    private(set) var hasEnded = false

    /// ncurses must have been started: it says which sequences the terminal has.
    init(input: Int32) {
        self.input = input
        parser = InputParser(named: Self.named)
    }

    /// The sequences that terminfo lists.
    private static var named: [[UInt8]: Key] {
        var keys: [(String, Key)] = [
            ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home), ("kend", .end),
            ("kpp", .pageUp), ("knp", .pageDown), ("kent", .enter), ("kcbt", .backTab), ("kdch1", .delete),
            ("kich1", .insert),
        ]
        keys += (1...12).map { ("kf\($0)", .function($0)) }
        var named: [[UInt8]: Key] = [:]
        for (name, key) in keys {
            if let text = curses_capability(name) { named[Array(String(cString: text).utf8)] = key }
        }
        return named
    }

    /// Whether the terminal was asked something that it has not answered.
    var awaitsAnswer: Bool {
        get { parser.awaitsAnswer }
        set { parser.awaitsAnswer = newValue }
    }

    /// How long to wait for the rest of what has come, in seconds; nil where nothing is unfinished.
    var patience: Double? { parser.patience }

    /// The next event that is there already.
    /// - Parameter isPatient: whether a sequence that is not complete may still go on
    func next(isPatient: Bool = true) -> InputEvent? {
        if let event = parser.next() { return settled(event) }
        while fill() {
            if let event = parser.next() { return settled(event) }
        }
        return isPatient ? nil : parser.next(isPatient: false).map(settled)
    }

    /// Takes what the keyboard has sent; false where there was nothing.
    private func fill() -> Bool {
        var source = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
        guard poll(&source, 1, 0) > 0, Int32(source.revents) & POLLIN != 0 else { return false }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = read(input, &bytes, bytes.count)
        if count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) { hasEnded = true }
        guard count > 0 else { return false }
        parser.feed(bytes[..<count])
        return true
    }

    /// A second press on the same cell within 0.4 s is a double press.
    private func settled(_ event: InputEvent) -> InputEvent {
        guard case .mouse(let mouse) = event, mouse.action == .press else { return event }
        let now = ContinuousClock.now
        if let last = lastPress, last.mouse == mouse, now - last.time < .milliseconds(400) {
            lastPress = nil
            return .mouse(Mouse(action: .doublePress, x: mouse.x, y: mouse.y))
        }
        lastPress = (mouse, now)
        return event
    }
}
