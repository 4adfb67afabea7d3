import Foundation
import RopewalkFormats
import RopewalkPhrases

/// An open file. It is read and not mapped: who writes a mask anew cuts the file short first, which would be the end of
/// a program that has it mapped.
final class FileSource: ByteSource {
    private let descriptor: Int32
    let count: Int
    let path: String

    init(_ path: String) throws(ExportError) {
        self.path = path
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw .lastError(path, "cannot read") }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let error = ExportError.lastError(path, "cannot read")
            close(descriptor)
            throw error
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .mask(file: path, problem: say("it is not a regular file"))
        }
        self.descriptor = descriptor
        count = Int(status.st_size)
        ReadFailures.forget(path)
    }

    deinit { close(descriptor) }

    func bytes(at offset: Int, count: Int) -> [UInt8] {
        let wanted = max(0, min(count, self.count - offset))
        guard offset >= 0, wanted > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            while filled < wanted {
                let got = pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, wanted - filled, off_t(offset + filled))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else {
                    ReadFailures.note(path, error: got < 0 ? errno : 0)
                    break
                }
                filled += got
            }
        }
    }
}
