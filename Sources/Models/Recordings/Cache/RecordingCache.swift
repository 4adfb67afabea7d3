import Foundation
import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// Recordings that are kept so that the same text and model open at once the next time: docs/RECORDING.md.
///
/// Each is a folder of its own, named after all that its numbers depend on. It gets its name in one step when it is complete,
/// and loses it in one step before it is taken away, so that processes that share a cache see whole entries or none.
package struct RecordingCache: Sendable {
    /// The folder.
    package let folder: String
    /// Bytes of all entries together.
    package let limit: Int
    /// Name and version of the program: "ropewalk 0.1.0".
    private let program: String

    package init(folder: String, limit: Int, program: String) {
        self.folder = folder
        self.limit = limit
        self.program = program
    }

    /// `$XDG_CACHE_HOME/ropewalk/recordings`, or the same in `~/.cache`; nil without a home.
    package static func folder(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
        // A folder that is not written from the root is none (XDG Base Directory Specification).
        if let caches = environment["XDG_CACHE_HOME"], caches.hasPrefix("/") { return caches + "/ropewalk/recordings" }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return home + "/.cache/ropewalk/recordings"
    }

    /// As recordings name who wrote them.
    var writer: String { "\(program), \(InstructionSet.name)" }

    private func path(_ key: CacheKey) -> String { folder + "/" + key.id }

    /// What tells a run from every other; nil for one that is not kept: its model's files have just been written or have changed
    /// since it was loaded, or files hold less than what it leaves behind.
    package func key(of run: CacheableRun) -> CacheKey? { CacheKey(run, program: ProgramMark.text(program)) }

    // MARK: Looking up

    /// What was recorded of such a run; nil where there is none.
    ///
    /// An entry that is damaged in any way is taken away: what is asked for is run again then.
    package func find(_ key: CacheKey, of run: CacheableRun) -> Recordings? {
        let path = path(key)
        guard CacheFolder(path: path).isThere else { return nil }
        guard let index = index(of: path), index.key == key.text else { return discard(key) }
        let stored: StoredRecording
        do throws(ModelError) {
            stored = try StoredRecording(
                RecordingFolder(path), traits: run.model.traits, name: run.model.name,
                position: run.model.outline.position)
        } catch {
            // Without addresses or descriptors left nothing is wrong with the entry.
            if case .format(.unreadable) = error { return nil }
            return discard(key)
        }
        let recordings = stored.recordings
        guard stored.index.isComplete, recordings.isComplete, stored.index.precision == .single,
            stored.index.attention.allSatisfy({ $0.recorded == nil }), stored.scenario == run.scenario,
            stored.isOf(run.inputs), stored.index.textHash == key.textHash,
            recordings.kinds.count == run.model.kinds.count
        else { return discard(key) }
        // When it was used last.
        utimensat(AT_FDCWD, path + "/" + CacheIndex.fileName, nil, AT_SYMLINK_NOFOLLOW)
        return recordings.recorded(at: index.recorded)
    }

    /// What an entry says of itself; nil where it or one of its files is not what was written.
    private func index(of path: String) -> CacheIndex? {
        guard let index = try? CacheIndex(in: path), let files = CacheFolder(path: path).ownFiles() else { return nil }
        let found = files.filter { $0.name != CacheIndex.fileName }.map {
            CacheIndex.File(name: $0.name, stamp: $0.stamp.textInCache)
        }
        return found == index.files ? index : nil
    }

    private func discard(_ key: CacheKey) -> Recordings? {
        remove(id: key.id)
        return nil
    }

    // MARK: Taking away

    /// Takes an entry away: under another name first, so that nobody finds half of it.
    /// - Returns: whether it is gone; what is no entry stays, and one in which more lies than the files of the cache.
    @discardableResult
    func remove(id: String) -> Bool {
        guard CacheFolder.isID(id) else { return false }
        let path = folder + "/" + id
        var status = stat()
        if lstat(path, &status) != 0 { return errno == ENOENT }
        guard CacheFolder(path: path).isOwn else { return false }
        let old = folder + "/" + CacheFolder.oldName()
        guard rename(path, old) == 0 else { return errno == ENOENT }
        if CacheFolder(path: old).remove() { return true }
        rename(old, path)
        return false
    }

    /// All entries, the one that was used last first.
    package func entries() -> [CacheEntry] {
        sizes().map { CacheEntry($0, in: folder) }
    }

    /// What all entries take, the one that was used last first.
    private func sizes() -> [CacheEntry.Size] {
        let names = (try? FolderContents(folder))?.names ?? []
        return names.filter { CacheFolder.isID($0) }.compactMap { CacheEntry.Size(id: $0, in: folder) }
            .sorted { ($1.used, $0.id) < ($0.used, $1.id) }
    }

    /// Takes an entry away.
    /// - Throws: where something lies in it that the cache has not written, or where it cannot be taken away.
    package func remove(_ entry: CacheEntry) throws(ModelError) {
        let path = folder + "/" + entry.id
        guard !remove(id: entry.id) else { return }
        throw .recording(
            file: path,
            CacheFolder(path: path).isOwn
                ? say("cannot be taken away: \(String(cString: strerror(errno)))")
                : say("something lies in it that the cache has not written: it stays"))
    }

    /// Takes away what was used least recently until the entries have at most so many bytes together.
    func evict(to bytes: Int) {
        // Two processes that do so at once would take away more than there is need of.
        let lock = FolderLock(folder, waiting: 2)
        var entries = sizes()
        var total = entries.reduce(0) { $0 + $1.bytes }
        while total > bytes, let last = entries.popLast() {
            if remove(id: last.id) { total -= last.bytes }
        }
        _ = consume lock
    }

    /// Takes away what processes have left that ended while they were writing.
    package func removeRemains() {
        for name in (try? FolderContents(folder))?.names ?? [] where CacheFolder.isPassing(name) {
            let path = folder + "/" + name
            var status = stat()
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
                FileStamp.now - FileStamp.nanoseconds(status.st_mtim) > Self.age, let lock = FolderLock(path)
            else { continue }
            CacheFolder(path: path).remove()
            _ = consume lock
        }
    }

    /// A folder that was just made may have no lock yet, nanoseconds.
    private static let age: Int64 = 10_000_000_000
}

extension FileStamp {
    /// Without the number of the device, which another start of the machine may change.
    var textInCache: String { "\(inode) \(bytes) \(written) \(changed)" }
}

extension Recordings {
    /// The same, said to be of that time.
    /// - Parameter seconds: since 1970
    func recorded(at seconds: Int) -> Recordings {
        func dated(_ recording: Recording?) -> Recording? {
            var recording = recording
            recording?.recorded = CacheEntry.date(seconds)
            return recording
        }
        return Recordings(decoder: dated(decoder), encoder: dated(encoder), cross: dated(cross))
    }
}
