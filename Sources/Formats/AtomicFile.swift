import Foundation

/// A file that appears under its name only when it is complete; what was there before stays until then.
///
/// A destination that is no regular file, such as `/dev/stdout`, is written directly.
package struct AtomicFile: ~Copyable {
    private let path: String
    private let temporary: String?
    private let descriptor: Int32
    private var isCommitted = false

    package init(path: String) throws(FormatError) {
        self.path = path
        var status = stat()
        let exists = stat(path, &status) == 0
        if exists, status.st_mode & S_IFMT != S_IFREG {
            temporary = nil
            descriptor = open(path, O_WRONLY | O_CLOEXEC)
        } else {
            let name = LinkTarget.of(path) + ".\(UInt32.random(in: .min ... .max)).part"
            temporary = name
            // A file that its owner has protected is not replaced either.
            let isProtected = exists && access(path, W_OK) != 0
            descriptor = isProtected ? -1 : open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, exists ? 0o600 : 0o666)
        }
        if descriptor < 0 { throw .unwritable(file: path, reason: String(cString: strerror(errno))) }
        if exists, temporary != nil { fchmod(descriptor, status.st_mode & 0o7777) }
    }

    deinit {
        guard !isCommitted, descriptor >= 0 else { return }
        close(descriptor)
        if let temporary { unlink(temporary) }
    }

    /// Appends all of `bytes`.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(FormatError) {
        guard let start = bytes.baseAddress else { return }
        var done = 0
        while done < bytes.count {
            let count = Foundation.write(descriptor, start + done, bytes.count - done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .unwritable(file: path, reason: String(cString: strerror(errno))) }
            done += count
        }
    }

    package func write(_ bytes: [UInt8]) throws(FormatError) {
        var failure: FormatError?
        bytes.withUnsafeBytes { buffer in
            do throws(FormatError) { try write(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Gives the complete file its name.
    package consuming func commit() throws(FormatError) {
        // Some file systems report a full disk only now.
        let closed = close(descriptor) == 0
        let named = closed && (temporary.map { rename($0, LinkTarget.of(path)) == 0 } ?? true)
        let reason = String(cString: strerror(errno))
        isCommitted = true
        guard named else {
            if let temporary { unlink(temporary) }
            throw .unwritable(file: path, reason: reason)
        }
    }
}
