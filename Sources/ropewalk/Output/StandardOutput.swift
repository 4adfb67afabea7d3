import Foundation
import RopewalkCellGrid
import RopewalkExport

/// Where data goes.
enum StandardOutput {
    static let name = "standard output"

    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Writes text for people or programs; parts of it may come from a file or from whoever named one, so that nothing in it
    /// may speak to the terminal.
    static func write(_ text: String) throws(ExportError) { try write(Array(Printable.lines(text).utf8)) }

    /// Writes text that is meant to speak to the terminal.
    static func write(escapes text: String) throws(ExportError) { try write(Array(text.utf8)) }

    /// Writes all of `bytes`; ends the program quietly where the reader of a pipe has seen enough.
    static func write(_ bytes: [UInt8]) throws(ExportError) {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count >= 0 {
                done += count
            } else if errno == EPIPE {
                exit(0)
            } else if errno != EINTR {
                throw .system(path: name, operation: "cannot write", reason: String(cString: strerror(errno)))
            }
        }
    }

    /// Collects bytes for standard output.
    static var sink: ByteSink { ByteSink { bytes throws(ExportError) in try write(bytes) } }
}
