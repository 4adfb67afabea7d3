import Foundation

/// A file that is either there whole or not changed at all.
package enum ExportFile {
    /// Writes beside `path` and renames at the end; a failure on the way leaves no half file and keeps an older one.
    ///
    /// A link keeps pointing where it did; a device or a pipe is written to as it is.
    package static func write(
        to path: String, _ body: (ByteSink) throws(ExportError) -> Void
    ) throws(ExportError) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            return try fill(try descriptor(path, O_WRONLY | O_CLOEXEC, for: path), path, body)
        }
        let target = resolved(path)
        let temporary = "\(target).\(getpid()).part"
        let file = try descriptor(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, for: path)
        do throws(ExportError) {
            try fill(file, path, body)
            guard rename(temporary, target) == 0 else {
                throw .lastError(path, "rename the finished file to this name")
            }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    private static func descriptor(_ path: String, _ flags: Int32, for name: String) throws(ExportError) -> Int32 {
        let descriptor = open(path, flags, 0o644)
        guard descriptor >= 0 else { throw .lastError(name, "create") }
        return descriptor
    }

    /// The file that a link leads to, so that renaming does not replace the link.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
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
        guard close(descriptor) == 0 else { throw .lastError(path, "close") }
    }
}
