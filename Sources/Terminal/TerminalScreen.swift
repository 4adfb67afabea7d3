import CRopewalkNCurses
import CRopewalkTerminal
import Glibc
import RopewalkCellGrid

/// The terminal while the program has it: grids go out, keys, mouse and sizes come in.
///
/// Whatever ends or stops the process, the terminal gets its former contents and modes back (CTerminal). ncurses keeps
/// its state in globals, so there is one screen at a time, on the main actor.
@MainActor
package final class TerminalScreen {
    /// What the terminal can show.
    package let depth: ColourDepth
    /// Wakes `nextEvent` from any thread.
    package let wakeHandle: WakeHandle
    /// The window's size; a change is also reported as an event.
    package private(set) var size: Size
    /// False once the terminal has gone away (the window was closed); the main loop should end.
    package internal(set) var isConnected = true
    /// Bytes that the last `show` sent.
    package internal(set) var bytesOfLastFrame = 0

    let device: TerminalDevice
    let keys: KeyReader
    var writer: CellWriter
    /// What the terminal shows; nil where that is not known.
    var shown: Grid?
    private(set) var window: CursesWindow
    let capabilities: Capabilities
    /// Until when it may still say what its background is; nil where it was not asked, or has said it.
    var groundDeadline: ContinuousClock.Instant?
    private let frames: FrameFile
    private let keyboard: UnsafeMutablePointer<FILE>
    private let screen: OpaquePointer
    private var isOpen = true

    /// Takes over the process's terminal.
    ///
    /// - Throws: `TerminalError` where there is none, or none that a full screen can be drawn on. Nothing has been changed then.
    package convenience init() throws(TerminalError) {
        let wish = ColourWish()
        try self.init(device: TerminalDevice.standard(), name: wish.terminal, wish: wish)
    }

    /// Takes over a given terminal of a given type.
    init(device: TerminalDevice, name: String?, wish: ColourWish = ColourWish([:])) throws(TerminalError) {
        TextLocale.adopt()
        let wakeHandle = try WakeHandle()
        var modes = device.savedModes
        guard terminal_guard_install(device.input, device.output, &modes, wakeHandle.writeEnd) else {
            throw .alreadyOpen
        }
        // Until the terminal's own reset text is known, nothing may end the process: ncurses speaks to the terminal.
        terminal_guard_hold()
        defer { terminal_guard_release() }
        _ = terminal_guard_arm("", 0)
        let started: CursesSession
        do { started = try CursesSession(device: device, name: name) } catch {
            terminal_guard_remove()
            device.close()
            throw error
        }
        self.device = device
        self.wakeHandle = wakeHandle
        (frames, keyboard) = (started.frames, started.keyboard)
        (screen, window) = (started.screen, started.window)
        capabilities = Capabilities(wish)
        depth = capabilities.depth
        keys = KeyReader(input: device.input)
        writer = CellWriter(depth: depth, pairCapacity: Int(curses_color_pairs()))
        size = device.size ?? Size(width: Int(getmaxx(window)), height: Int(getmaxy(window)))
        capabilities.reset.withUnsafeBytes {
            _ = terminal_guard_arm($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
        }
        device.enterRawMode()
        adopt(size)
        // What ncurses itself wants to say at the start is part of the first frame.
        enter()
    }

    isolated deinit { close() }

    /// Gives the terminal back; further calls do nothing.
    package func close() {
        guard isOpen else { return }
        isOpen = false
        awaitGround()
        terminal_guard_remove()
        delwin(window)
        CursesSession.end(screen, frames, keyboard)
        device.close()
    }

    /// Stops the program as Ctrl-Z does in a shell; returns when it is continued.
    ///
    /// The next event is a resize, so that
    /// everything is drawn again.
    package func suspend() { terminal_guard_suspend() }

    /// Wakes `nextEvent`; from other threads use `wakeHandle`.
    package func wake() { wakeHandle.wake() }

    /// Sends what ncurses has drawn; the number of bytes.
    func flush() -> Int {
        let bytes = writer.direct.rewritten(frames.take())
        if !bytes.isEmpty, !device.write(bytes) { isConnected = false }
        return bytes.count
    }

    /// Takes the terminal again after a stop; everything must be drawn again.
    func resume() {
        terminal_guard_hold()
        defer { terminal_guard_release() }
        capabilities.reset.withUnsafeBytes {
            _ = terminal_guard_arm($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
        }
        device.enterRawMode()
        enter()
        adopt(device.size ?? size)
    }

    /// Draws from now on in a window of that size, which starts empty.
    func adopt(_ newSize: Size) {
        size = newSize
        resize_term(Int32(newSize.height), Int32(newSize.width))
        if let fresh = newwin(0, 0, 0, 0) {
            delwin(window)
            window = fresh
        }
        clearok(window, true)
        shown = nil
    }
}
