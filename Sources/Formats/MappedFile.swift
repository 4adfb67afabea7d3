import CRopewalkFiles
import Foundation
import RopewalkPhrases
import Synchronization

/// Files whose bytes lie in memory without having been read.
///
/// Another program may cut such a file short at any time. What is gone then reads as zeros, and `problem` says so: whoever
/// has read from files asks it before it believes what it has got.
package enum MappedFile {
    /// Paths by where their mappings begin.
    private static let open = Mutex<[UInt: String]>([:])

    /// The bytes of an open file of that size.
    static func data(_ descriptor: Int32, size: Int, path: String) throws(FormatError) -> Data {
        guard size > 0 else { return Data() }
        guard let start = mapped_file_open(descriptor, size) else {
            let reason =
                errno == ENOMEM
                ? say(
                    """
                    it takes \(size / 1_000_000 + 1) MB of addresses, and the process may not have as many \
                    (ulimit -v): raise the limit
                    """)
                : String(cString: strerror(errno))
            throw .unreadable(file: path, reason: reason)
        }
        let place = UInt(bitPattern: start)
        open.withLock { $0[place] = path }
        return Data(
            bytesNoCopy: UnsafeMutableRawPointer(mutating: start), count: size,
            deallocator: .custom { start, size in
                open.withLock { $0[UInt(bitPattern: start)] = nil }
                mapped_file_close(start, size)
            })
    }

    /// Lets go of the memory that reading a mapped file has taken; it stays open, and is read anew where it is looked at.
    package static func release(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        // Bytes that are no mapping of ours, or a part of one, are left as they are.
        let isMapped = open.withLock { $0[UInt(bitPattern: start)] != nil }
        if isMapped { mapped_file_release(start, bytes.count) }
    }

    /// What has happened to a file that is in use; nil where all is well.
    package static var problem: FormatError? { problem { _ in true } }

    /// What has happened to a file of a folder that is in use; nil where all is well.
    package static func problem(in folder: String) -> FormatError? { problem { $0.hasPrefix(folder + "/") } }

    /// What has happened to one file.
    package static func problem(of path: String) -> FormatError? { problem { $0 == path } }

    private static func problem(where isMeant: (String) -> Bool) -> FormatError? {
        let cut = open.withLock { files in
            files.first { mapped_file_is_cut(UnsafeRawPointer(bitPattern: $0.key)) && isMeant($0.value) }
        }
        return cut.map { .cutShort(file: $0.value) }
    }
}
