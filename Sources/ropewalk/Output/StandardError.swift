import Foundation
import RopewalkCellGrid

/// What the program says beside its data.
enum StandardError {
    /// One line, without control characters: parts of it may come from a file or from whoever typed it.
    static func write(_ message: String) { write(text: "ropewalk: \(message.onOneLine)\n") }

    /// Text as it stands. Where it cannot be written (a full disk, a descriptor for reading), nobody is left to be told
    /// that; `FileHandle` would end the program with a trap.
    static func write(text: String) {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            guard count > 0 || count < 0 && errno == EINTR else { return }
            done += max(0, count)
        }
    }
}

extension String {
    /// Without control characters, which become single spaces as space does.
    var onOneLine: String {
        let scalars = unicodeScalars.map { scalar -> Character in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? " " : Character(scalar)
        }
        return Printable.lines(scalars.split(separator: " ").map { String($0) }.joined(separator: " "))
    }
}
