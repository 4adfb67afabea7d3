import Foundation
import RopewalkPhrases

/// Opens files that are what they should be: a pipe or a device would block, or never end.
package enum RegularFile {
    /// The file's bytes, mapped and not read.
    /// - Parameter takesPipes: whether a pipe is read to its end, as `<(…)` of a shell is one
    package static func map(
        _ path: String, sizeLimit: Int = .max, takesPipes: Bool = false
    ) throws(FormatError) -> Data {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .unreadable(file: path, reason: String(cString: strerror(errno))) }
        if takesPipes, status.st_mode & S_IFMT == S_IFIFO { return try readPipe(path, sizeLimit: sizeLimit) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw .unreadable(file: path, reason: say("it is a folder; name a file in it"))
        default: throw .unreadable(file: path, reason: say("it is not a regular file"))
        }
        let descriptor = try opened(path)
        defer { close(descriptor) }
        // Of what is open now: the name may have passed to another file.
        guard fstat(descriptor, &status) == 0 else { throw lastError(path) }
        if status.st_size > sizeLimit { throw .tooLarge(file: path, bytes: Int(status.st_size), limit: sizeLimit) }
        let data = try MappedFile.data(descriptor, size: Int(status.st_size), path: path)
        if let size = LFSPointer.size(in: data) { throw .pointer(file: path, size: size) }
        return data
    }

    private static func opened(_ path: String) throws(FormatError) -> Int32 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw lastError(path) }
        return descriptor
    }

    private static func lastError(_ path: String) -> FormatError {
        .unreadable(file: path, reason: String(cString: strerror(errno)))
    }

    private static func readPipe(_ path: String, sizeLimit: Int) throws(FormatError) -> Data {
        let descriptor = try opened(path)
        defer { close(descriptor) }
        var data = Data()
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw lastError(path) }
            if count == 0 { return data }
            data.append(contentsOf: bytes[..<count])
            if data.count > sizeLimit { throw .tooLarge(file: path, bytes: data.count, limit: sizeLimit) }
        }
    }
}
