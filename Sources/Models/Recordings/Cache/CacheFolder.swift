import Foundation
import RopewalkFormats

/// A folder within the cache: which of its files are the cache's own, and how it is taken away without touching anything else.
struct CacheFolder {
    let path: String

    /// More files than any recording has parts.
    private static let fileLimit = FolderContents.limit

    /// Whether a name is that of an entry: 64 digits, base 16.
    static func isID(_ name: some StringProtocol) -> Bool {
        name.utf8.count == 64 && name.utf8.allSatisfy { isDigit($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// Whether a name is that of an entry on its way into the cache, or out of it.
    static func isPassing(_ name: String) -> Bool {
        guard let start = [beginning, ending].first(where: name.hasPrefix) else { return false }
        let rest = name.utf8.dropFirst(start.utf8.count)
        return rest.count == 16 && rest.allSatisfy { isDigit($0) }
    }

    private static let beginning = ".new-"
    private static let ending = ".old-"

    static func newName() -> String { beginning + randomDigits() }
    static func oldName() -> String { ending + randomDigits() }

    private static func randomDigits() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Whether there is a folder, which no link leads to.
    var isThere: Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Its files by their names; nil where something lies in it that the cache has not written.
    func ownFiles() -> [(name: String, stamp: FileStamp)]? {
        guard isThere, let names = (try? FolderContents(path))?.names, names.count < Self.fileLimit else { return nil }
        var files: [(String, FileStamp)] = []
        for name in names {
            guard Self.isOwn(name), let stamp = FileStamp(path + "/" + name, followsLinks: false) else { return nil }
            files.append((name, stamp))
        }
        return files
    }

    private static func isOwn(_ name: String) -> Bool {
        if name == CacheIndex.fileName || name == RecordingIndex.fileName { return true }
        return RecordingWriter.isOwn(name) || name.hasSuffix(".part")
            || name.hasPrefix("part-") && name.hasSuffix(".safetensors")
    }

    /// Whether it is an entry: it bears an index of the cache or of a recording, and nothing that is not the cache's lies in it.
    var isOwn: Bool {
        ownFiles()?.contains { $0.name == CacheIndex.fileName || $0.name == RecordingIndex.fileName } ?? false
    }

    /// Takes away its files and then itself; what lies in it beside them stays, and so does the folder.
    ///
    /// No link is followed: the folder is opened as one, and names are looked up in it.
    /// - Returns: whether it is gone.
    @discardableResult
    func remove() -> Bool {
        guard let files = ownFiles() else { return false }
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { return errno == ENOENT }
        defer { close(folder) }
        // The index goes last: what is left when the program ends meanwhile can be told for the cache's own.
        let names = files.map(\.name).filter { $0 != CacheIndex.fileName } + [CacheIndex.fileName]
        for name in names {
            var status = stat()
            guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFREG else {
                continue
            }
            unlinkat(folder, name, 0)
        }
        return rmdir(path) == 0 || errno == ENOENT
    }

    /// Sees to it that what was written outlives the end of the machine.
    func sync() throws(FormatError) {
        for file in ownFiles() ?? [] { try Self.sync(path + "/" + file.name, O_RDONLY) }
        try Self.sync(path, O_RDONLY | O_DIRECTORY)
    }

    static func sync(_ path: String, _ flags: Int32) throws(FormatError) {
        let descriptor = open(path, flags | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .unwritable(file: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        // Some file systems cannot, which is no error of what was written.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
            throw .unwritable(file: path, reason: String(cString: strerror(errno)))
        }
    }
}

/// A lock on a folder, which ends with the process that holds it.
struct FolderLock: ~Copyable {
    private let descriptor: Int32

    /// - Parameter seconds: how long it is waited for
    /// - Returns: nil where another process holds it, or there is no such folder.
    init?(_ path: String, waiting seconds: Double = 0) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        let end = ContinuousClock.now + .seconds(seconds)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR, ContinuousClock.now < end else {
                close(descriptor)
                return nil
            }
            usleep(5000)
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
