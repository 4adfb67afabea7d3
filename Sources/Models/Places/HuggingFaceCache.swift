import Foundation
import RopewalkFormats
import RopewalkPhrases

/// The cache of Hugging Face's programs: a folder `models--organisation--name` a model, with `snapshots/COMMIT` and the
/// commits of branches in `refs`.
struct HuggingFaceCache: ModelStore {
    let place = PlacedModel.Place.huggingFace
    let root: String

    private static let prefix = "models--"

    func models() -> [PlacedModel] {
        let names = (try? FolderContents(root))?.names.filter { $0.hasPrefix(Self.prefix) } ?? []
        return names.prefix(PlacedModel.limit).map { folder in
            let name = folder.dropFirst(Self.prefix.count).replacingOccurrences(of: "--", with: "/")
            return PlacedModel(place, name: name) { () throws(FormatError) in
                try Self.snapshot(in: root + "/" + folder, revision: nil)
            }
        }
    }

    /// - Parameter name: `organisation/name`, `name`, either with `@revision`, and with the path of a file behind.
    func path(of name: String) throws(FormatError) -> String? {
        let halves = name.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let revision = halves.count > 1 ? String(halves[1]) : nil
        guard let parts = PlainParts.of(halves[0]) else { return nil }
        for count in [2, 1] where parts.count >= count {
            let entry = root + "/" + Self.prefix + parts[..<count].joined(separator: "--")
            guard FolderContents.isFolder(entry) else { continue }
            let snapshot = try Self.snapshot(in: entry, revision: revision)
            let file = ([snapshot] + parts[count...]).joined(separator: "/")
            guard FileManager.default.fileExists(atPath: file) else {
                throw .noCheckpoint(
                    folder: snapshot, problem: say("has no file \(parts[count...].joined(separator: "/"))"))
            }
            return file
        }
        return nil
    }

    /// Whether a folder is that of one model in such a cache.
    static func isEntry(_ path: String) -> Bool {
        ["snapshots", "refs"].allSatisfy { FolderContents.isFolder(path + "/" + $0) }
            && !FileManager.default.fileExists(atPath: path + "/config.json")
    }

    /// The files of a model at a revision: a branch, a tag, or the beginning of a commit. Without one those of `main`, else
    /// the newest.
    static func snapshot(in entry: String, revision: String?) throws(FormatError) -> String {
        if let commit = try commit(in: entry, revision: revision ?? "main") {
            let snapshot = entry + "/snapshots/" + commit
            if FolderContents.isFolder(snapshot) { return snapshot }
            if let revision {
                throw .noCheckpoint(
                    folder: entry, problem: say("revision \(revision.debugDescription) is not in the cache"))
            }
        }
        let commits = (try? FolderContents(entry + "/snapshots"))?.folders ?? []
        guard let revision else {
            let newest = commits.map { (commit: $0, date: date(entry + "/snapshots/" + $0)) }.max { $0.date < $1.date }
            if let newest { return entry + "/snapshots/" + newest.commit }
            throw .noCheckpoint(
                folder: entry, problem: say("has no snapshot: the download has not ended, fetch it again"))
        }
        let meant = commits.filter { $0 == revision || revision.count >= 4 && $0.hasPrefix(revision) }
        if meant.count == 1 { return entry + "/snapshots/" + meant[0] }
        let known = ((try? FolderContents(entry + "/refs"))?.names ?? []) + commits.map { String($0.prefix(12)) }
        throw .noCheckpoint(
            folder: entry,
            problem: say(
                """
                has no revision \(revision.prefix(80).debugDescription); there are \
                \(known.prefix(6).joined(separator: ", "))
                """))
    }

    /// What a branch or a tag points to; nil where there is none of that name.
    private static func commit(in entry: String, revision: String) throws(FormatError) -> String? {
        guard let parts = PlainParts.of(revision) else { return nil }
        let file = ([entry + "/refs"] + parts).joined(separator: "/")
        guard FileManager.default.fileExists(atPath: file), !FolderContents.isFolder(file) else { return nil }
        let text = String(decoding: try RegularFile.map(file, sizeLimit: 1024), as: UTF8.self)
        let commit = text.trimmingCharacters(in: .whitespacesAndNewlines)
        // The file may come from strangers: it must not lead elsewhere.
        guard PlainParts.isPlain(commit) else {
            throw .noCheckpoint(folder: file, problem: say("holds no commit but \(commit.prefix(40).debugDescription)"))
        }
        return commit
    }

    /// When a folder was changed, in seconds.
    private static func date(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mtim.tv_sec : 0
    }
}
