import CRopewalkTerminal
import Glibc

/// Where ncurses writes a frame before it goes to the terminal in one piece, counted.
///
/// ncurses sets the terminal's modes through the descriptor that it writes to. So it starts on a duplicate of the terminal,
/// which `divert` then replaces by a file in memory.
struct FrameFile {
    let stream: UnsafeMutablePointer<FILE>
    private let descriptor: Int32

    init(duplicateOf terminal: Int32) throws(TerminalError) {
        let copy = fcntl(terminal, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0, let stream = fdopen(copy, "w") else {
            throw .systemCall(name: "fcntl", errno: errno)
        }
        (self.stream, descriptor) = (stream, copy)
    }

    func divert() throws(TerminalError) {
        guard terminal_divert_to_memory(descriptor) else { throw .systemCall(name: "memfd_create", errno: errno) }
    }

    /// The bytes that ncurses wrote since the last call.
    func take() -> [UInt8] {
        let end = lseek(descriptor, 0, SEEK_CUR)
        guard end > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: Int(end))
        let count = pread(descriptor, &bytes, bytes.count, 0)
        ftruncate(descriptor, 0)
        lseek(descriptor, 0, SEEK_SET)
        return Array(bytes.prefix(max(0, count)))
    }

    func close() { fclose(stream) }
}
