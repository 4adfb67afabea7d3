import Foundation
import RopewalkCellGrid

/// What the program says beside its data.
enum StandardError {
    /// One line, without control characters: parts of it may come from a file or from whoever typed it.
    static func write(_ message: String) {
        FileHandle.standardError.write(Data("ropewalk: \(message.onOneLine)\n".utf8))
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
