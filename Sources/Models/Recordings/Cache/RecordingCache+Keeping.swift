import Foundation
import RopewalkFormats
import RopewalkPhrases

extension RecordingCache {
    /// Keeps what a run has left behind, and takes away what was used least recently until all have room.
    ///
    /// Whatever stops it, nothing that is found later is incomplete: the entry gets its name at the end.
    /// - Parameter isCancelled: asked before every file
    /// - Throws: what cannot be written; `ModelError.cancelled` where it was cancelled, or where the model's files have changed.
    package func keep(
        _ recordings: Recordings, of run: CacheableRun, as key: CacheKey,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws(ModelError) {
        let path = folder + "/" + key.id
        guard recordings.isComplete, recordings.kinds.count == run.model.kinds.count,
            (recordings.encoder ?? recordings.decoder)?.ids == run.encoding.ids,
            recordings.main?.scenario == run.scenario, recordings.main?.isRounded == false
        else { throw .cancelled }
        guard !CacheFolder(path: path).isThere else { return }
        try checkSize(recordings)
        try create()
        removeRemains()
        let new = folder + "/" + CacheFolder.newName()
        guard mkdir(new, 0o700) == 0 else { throw Self.unwritable(new) }
        do throws(ModelError) {
            let lock = FolderLock(new)
            try write(recordings, of: run, as: key, in: new, isCancelled)
            _ = consume lock
        } catch {
            CacheFolder(path: new).remove()
            throw error
        }
        // Where another process was faster, its entry stays: it has the same numbers.
        guard rename(new, path) == 0 else {
            let isTaken = errno == ENOTEMPTY || errno == EEXIST
            let problem = Self.unwritable(path)
            CacheFolder(path: new).remove()
            if isTaken { return }
            throw problem
        }
        try? CacheFolder.sync(folder, O_RDONLY | O_DIRECTORY)
        evict(to: limit)
    }

    /// Longer than a step of the system's clock, microseconds.
    private static let step: UInt32 = 20_000

    private static func unwritable(_ path: String) -> ModelError {
        .format(.unwritable(file: path, reason: String(cString: strerror(errno))))
    }

    private func create() throws(ModelError) {
        do {
            // What people read is theirs alone.
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw Self.unwritable(folder) }
    }

    private func write(
        _ recordings: Recordings, of run: CacheableRun, as key: CacheKey, in new: String,
        _ isCancelled: @escaping @Sendable () -> Bool
    ) throws(ModelError) {
        let folder = CacheFolder(path: new)
        var files = try RecordingWriter(run.request(writer: writer), of: run.model, in: new)
        files.beforeWriting = { file throws(FormatError) in
            if isCancelled() { throw .unwritable(file: file, reason: say("it was cancelled")) }
            let bytes = (folder.ownFiles() ?? []).reduce(0) { $0 + $1.stamp.bytes }
            if bytes > limit { throw tooLarge(bytes) }
            evict(to: limit - bytes)
        }
        do throws(ModelError) { try files.append(recordings) } catch { throw isCancelled() ? .cancelled : error }
        // A file of the model that was replaced meanwhile may be in what is copied beside the numbers.
        guard self.key(of: run) == key else { throw .cancelled }
        do throws(FormatError) {
            try folder.sync()
            // Times of files go in steps: what changes from here on has another one.
            usleep(Self.step)
            let stamps = (folder.ownFiles() ?? []).map {
                CacheIndex.File(name: $0.name, stamp: $0.stamp.textInCache)
            }
            let index = CacheIndex(run, key, recorded: Int(FileStamp.now / 1_000_000_000), files: stamps)
            let file = try AtomicFile(path: new + "/" + CacheIndex.fileName)
            try file.write(Array(index.json.lines.utf8))
            try file.commit()
            try folder.sync()
        } catch { throw .format(error) }
        if isCancelled() { throw .cancelled }
    }

    // MARK: Sizes

    private func tooLarge(_ bytes: Int) -> FormatError {
        .unwritable(
            file: folder,
            reason: say(
                "the recording takes \((bytes / 1_000_000).grouped) MB, more than the \((limit / 1_000_000).grouped) MB of the cache"
            ))
    }

    /// What is larger than the cache is not begun: all else would be taken away for nothing.
    private func checkSize(_ recordings: Recordings) throws(ModelError) {
        let bytes = recordings.kinds.reduce(0.0) { $0 + (recordings[$1]?.bytesInFiles ?? 0) }
        guard bytes > Double(limit) else { return }
        throw .format(tooLarge(Int(min(bytes, 1e15))))
    }
}

extension Recording {
    /// Bytes in files of 32-bit numbers, about; what is left out makes it too small.
    fileprivate var bytesInFiles: Double {
        let (queries, keys, width) = (Double(ids.count), Double(keyIDs.count), Double(shape.headDimension))
        let (heads, shared) = (Double(shape.heads), Double(shape.keyValueHeads))
        let rows = (queries / Double(poolBlock)).rounded(.down)
        let map = rows * (keys / Double(poolBlock)).rounded(.down) * (isCausal ? 0.5 : 1)
        let layer = queries * heads * (width + 7) + 2 * keys * shared * width + 2 * heads * map
        return 4 * (Double(shape.layers) * layer + queries * Double(shape.hidden))
    }
}
