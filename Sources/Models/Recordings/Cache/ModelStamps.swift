import Foundation
import RopewalkFormats

/// What the files of a model were when it was loaded: with others it is another model, whatever is the same in them.
struct ModelStamps: Sendable, Equatable {
    /// Names and stamps.
    private let lines: [String]
    /// The last change of any file, nanoseconds since 1970.
    private let lastChange: Int64
    /// When they were looked at.
    private let time: Int64

    /// Times of files go in steps, and what changes twice within one looks as if it had changed once: files are believed only
    /// when they had rested that long before they were read, nanoseconds.
    static let rest: Int64 = 2_000_000_000

    /// - Parameters:
    ///   - path: the folder or the file of a model
    ///   - adapter: the folder of an adapter
    /// - Returns: nil where the files cannot be told.
    init?(model path: String, adapter: String?) {
        time = FileStamp.now
        var (lines, last): ([String], Int64) = ([], 0)
        guard let own = Self.files(of: path), let added = try? adapter.map(Self.filesIn) ?? [] else { return nil }
        for (part, files) in [("model", own), ("adapter", added)] {
            for file in files {
                guard let stamp = FileStamp(file, followsLinks: true) else { continue }
                // Where they lie may be said in many ways.
                let name = file.split(separator: "/").last.map(String.init) ?? file
                lines.append("\(part) \(name.debugDescription) \(stamp.text)")
                last = max(last, stamp.changed)
            }
        }
        guard !lines.isEmpty else { return nil }
        (self.lines, lastChange) = (lines, last)
    }

    /// Whether no file can have changed since without another stamp.
    var areCertain: Bool { time - lastChange >= Self.rest }

    /// 64 digits.
    var hash: String {
        var hash = SHA256()
        for line in lines { hash.add((line + "\n").utf8) }
        return hash.hexadecimal()
    }

    /// Whether the files are the same ones still.
    func areThoseOf(model path: String, adapter: String?) -> Bool {
        Self(model: path, adapter: adapter)?.lines == lines
    }

    /// All files of a folder of Hugging Face; of a GGUF file its parts, and a tokenizer beside it.
    private static func files(of path: String) -> [String]? {
        guard let file = (try? ModelFiles.ggufFile(path)) ?? nil else { return try? filesIn(path) }
        let folder = PathParts.folder(of: file)
        let name = file.split(separator: "/").last.map(String.init) ?? file
        let names = (PartName(name)?.all ?? [name]) + Model.tokenizerFiles
        return names.map { folder.isEmpty ? $0 : folder == "/" ? "/" + $0 : folder + "/" + $0 }
    }

    private static func filesIn(_ folder: String) throws(FormatError) -> [String] {
        let contents = try FolderContents(folder)
        // Where not all names are known, any file may be another one.
        guard contents.names.count < FolderContents.limit else {
            throw .tooLarge(file: folder, bytes: contents.names.count, limit: FolderContents.limit)
        }
        return contents.names.map { contents.path($0) }
    }
}
