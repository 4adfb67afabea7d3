import Foundation
import RopewalkFormats
import RopewalkPhrases

/// The files that a corpus lies in: those that are named, and those in folders that are.
struct DataInputs {
    private(set) var files: [String] = []

    /// More are not read.
    private static let mostFiles = 100_000
    private static let endings = ["txt", "text", "md", "jsonl", "ndjson", "tex", "rst"]

    init(_ names: [String]) throws {
        for name in names {
            if FolderContents.isFolder(name) { try add(folder: name, depth: 0) } else { files.append(name) }
        }
        guard !files.isEmpty else {
            let known = Self.endings.joined(separator: ", ")
            throw CommandError.combination(say("no documents: give files, or folders with files that end in \(known)"))
        }
    }

    private mutating func add(folder: String, depth: Int) throws {
        guard depth < 16 else { return }
        let contents = try FolderContents(folder)
        for name in contents.names where !name.hasPrefix(".") && files.count < Self.mostFiles {
            let path = contents.path(name)
            if FolderContents.isFolder(path) {
                // Links may lead back.
                let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
                if !isLink { try add(folder: path, depth: depth + 1) }
            } else if Self.endings.contains((name as NSString).pathExtension.lowercased()) {
                files.append(path)
            }
        }
    }
}
