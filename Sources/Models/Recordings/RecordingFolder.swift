import Foundation
import RopewalkFormats
import RopewalkPhrases

/// A folder with a recording: where its files are, and that they are in it.
struct RecordingFolder: Sendable {
    /// As given, without a slash at its end.
    let path: String

    init(_ path: String) { self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path }

    /// Whether there is an index.
    static func holdsRecording(_ path: String) -> Bool {
        FolderContents.isFolder(path) && access(path + "/" + RecordingIndex.fileName, F_OK) == 0
    }

    var index: String { path + "/" + RecordingIndex.fileName }

    /// What is wrong with the index.
    func problem(_ problem: String) -> ModelError { .recording(file: index, problem) }

    /// The path of a file that the index names; none is outside of the folder, a link or a device.
    /// - Parameter key: where the index names it
    func file(_ name: String, key: String) throws(ModelError) -> String {
        let shown = String(name.prefix(80)).debugDescription
        let isPlain = !name.isEmpty && name.utf8.count <= 255 && name != "." && name != ".." && !name.contains("/")
        guard isPlain, !name.utf8.contains(0) else {
            throw problem(say("\(key): \(shown) is no name of a file in the folder"))
        }
        let path = path + "/" + name
        var status = stat()
        guard lstat(path, &status) == 0 else {
            throw problem(say("\(key): \(shown) is not there: \(String(cString: strerror(errno)))"))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw problem(say("\(key): \(shown) is no regular file, as a link, a pipe or a device is none"))
        }
        return path
    }

    /// The same of a file that may be missing.
    func fileIfThere(_ name: String) throws(ModelError) -> String? {
        var status = stat()
        guard lstat(path + "/" + name, &status) == 0 else { return nil }
        return try file(name, key: name)
    }
}

extension Model {
    /// Whether a folder holds a recording: then it can be opened without the weights of its model.
    package static func isRecording(_ path: String) -> Bool { RecordingFolder.holdsRecording(path) }
}
