import Foundation
import RopewalkFormats

/// A file that is either there whole or not changed at all.
package enum ExportFile {
    /// Writes beside `path` and renames at the end; a failure on the way leaves no half file and keeps an older one.
    ///
    /// A link keeps pointing where it did; a device or a pipe is written to as it is.
    package static func write(
        to path: String, _ body: (ByteSink) throws(ExportError) -> Void
    ) throws(ExportError) {
        var status = stat()
        let exists = stat(path, &status) == 0
        if exists, status.st_mode & S_IFMT != S_IFREG {
            return try fill(try descriptor(path, O_WRONLY | O_CLOEXEC, for: path), path, body)
        }
        // A file that its owner has protected is not replaced either.
        if exists, access(path, W_OK) != 0 { throw .lastError(path, "cannot write") }
        let target = LinkTarget.of(path)
        let temporary = "\(target).\(getpid()).part"
        let file = try descriptor(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, for: path)
        if exists { fchmod(file, status.st_mode & 0o7777) }
        do throws(ExportError) {
            try fill(file, path, body)
            guard rename(temporary, target) == 0 else {
                throw .lastError(path, "cannot rename the finished file to this name")
            }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    private static func descriptor(_ path: String, _ flags: Int32, for name: String) throws(ExportError) -> Int32 {
        let descriptor = open(path, flags, 0o644)
        guard descriptor >= 0 else { throw .lastError(name, "cannot create") }
        return descriptor
    }

    private static func fill(
        _ descriptor: Int32, _ path: String, _ body: (ByteSink) throws(ExportError) -> Void
    ) throws(ExportError) {
        let sink = ByteSink(descriptor: descriptor, name: path)
        do throws(ExportError) {
            try body(sink)
            try sink.flush()
        } catch {
            close(descriptor)
            throw error
        }
        // Some file systems report a full disk only here.
        guard close(descriptor) == 0 else { throw .lastError(path, "cannot close") }
    }
}
