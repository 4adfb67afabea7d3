import Foundation

/// Opens files that are what they should be: a pipe or a device would block, or never end.
package enum RegularFile {
    /// The file's bytes, mapped and not read.
    package static func map(_ path: String, sizeLimit: Int = .max) throws(FormatError) -> Data {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .unreadable(file: path, reason: String(cString: strerror(errno))) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw .unreadable(file: path, reason: "it is a folder; name a file in it")
        default: throw .unreadable(file: path, reason: "it is not a regular file")
        }
        if status.st_size > sizeLimit { throw .tooLarge(file: path, bytes: Int(status.st_size), limit: sizeLimit) }
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch {
            throw .unreadable(file: path, reason: String(cString: strerror(errno)))
        }
    }
}
