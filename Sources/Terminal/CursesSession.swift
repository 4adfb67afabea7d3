import CRopewalkNCurses
import Glibc
import RopewalkCellGrid

/// ncurses, started on a terminal and then writing to memory.
@MainActor
struct CursesSession {
    let frames: FrameFile
    let keyboard: UnsafeMutablePointer<FILE>
    let screen: OpaquePointer
    let window: CursesWindow

    /// Throws where terminfo does not know `name`, or knows it as a terminal that only scrolls.
    init(device: TerminalDevice, name: String?) throws(TerminalError) {
        guard let name, !name.isEmpty else { throw .unknownTerminal(name: nil) }
        let frames = try FrameFile(duplicateOf: device.output)
        let descriptor = fcntl(device.input, F_DUPFD_CLOEXEC, 3)
        guard descriptor >= 0, let keyboard = fdopen(descriptor, "r") else {
            frames.close()
            throw .systemCall(name: "fcntl", errno: errno)
        }
        let known = TerminalName.candidates(for: name).lazy.compactMap { newterm($0, frames.stream, keyboard) }
        guard let screen = known.first else {
            frames.close()
            fclose(keyboard)
            throw .unknownTerminal(name: name)
        }
        Self.configure()
        guard curses_capability("cup") != nil, let window = newwin(0, 0, 0, 0) else {
            Self.end(screen, frames, keyboard)
            throw .dumbTerminal(name: name)
        }
        do { try frames.divert() } catch {
            Self.end(screen, frames, keyboard)
            throw error
        }
        (self.frames, self.keyboard, self.screen, self.window) = (frames, keyboard, screen, window)
    }

    private static func configure() {
        raw()
        noecho()
        nonl()
        curs_set(0)
        if getenv("ESCDELAY") == nil { set_escdelay(25) }
        // A refresh that stops because a key waits would leave half a frame.
        typeahead(-1)
        if has_colors() {
            start_color()
            use_default_colors()
        }
    }

    /// Frees everything, windows excepted.
    static func end(_ screen: OpaquePointer, _ frames: FrameFile, _ keyboard: UnsafeMutablePointer<FILE>) {
        endwin()
        delscreen(screen)
        frames.close()
        fclose(keyboard)
    }
}
