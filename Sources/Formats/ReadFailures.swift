import Foundation
import Synchronization

/// Files of which a part could not be read when it was asked for, long after they had been opened: what was made of them
/// is wrong. Whoever has read from files asks before it believes what it has got.
package enum ReadFailures {
    private static let files = Mutex<[String: FormatError]>([:])

    /// Notes what `errno` says of a file; 0: that it has become shorter.
    package static func note(_ path: String, error: Int32) {
        let failure: FormatError =
            error == 0 ? .cutShort(file: path) : .unreadable(file: path, reason: String(cString: strerror(error)))
        files.withLock { $0[path] = failure }
    }

    /// Notes what is wrong with what was read.
    package static func note(_ path: String, _ failure: FormatError) { files.withLock { $0[path] = failure } }

    /// A file that is opened anew may be whole again.
    package static func forget(_ path: String) { files.withLock { $0[path] = nil } }

    /// What has happened to a file; nil where all was read.
    package static func failure(of path: String) -> FormatError? { files.withLock { $0[path] } }

    /// What has happened to a file of a folder; nil where all was read.
    package static func failure(in folder: String) -> FormatError? {
        files.withLock { files in
            files.isEmpty ? nil : files.filter { $0.key.hasPrefix(folder + "/") }.min { $0.key < $1.key }?.value
        }
    }

    /// What has happened to any file.
    package static var first: FormatError? { files.withLock { $0.min { $0.key < $1.key }?.value } }
}
