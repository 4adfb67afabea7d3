import Foundation
import RopewalkFormats

/// What changes whenever a file is written, replaced or renamed: which file it is, its length, and when it last changed.
///
/// No program sets the time of the last change (`ctime`) but the system, also where it sets that of the last writing.
struct FileStamp: Sendable, Equatable {
    let device: UInt64
    let inode: UInt64
    let bytes: Int
    /// Nanoseconds since 1970.
    let written: Int64
    let changed: Int64

    /// Of a regular file.
    /// - Parameter followsLinks: whether a link stands for what it leads to; else it is no file
    init?(_ path: String, followsLinks: Bool) {
        var status = stat()
        let found = followsLinks ? stat(path, &status) : lstat(path, &status)
        guard found == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.init(status)
    }

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        bytes = Int(status.st_size)
        written = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
    }

    static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000).partialValue &+ Int64(time.tv_nsec)
    }

    /// Nanoseconds since 1970.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return nanoseconds(time)
    }

    var text: String { "\(device) \(inode) \(bytes) \(written) \(changed)" }
}
