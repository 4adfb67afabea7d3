import Foundation
import RopewalkPhrases

/// The names in a folder, and what they are where the folder is no model that can be read.
package struct FolderContents: Sendable {
    /// The most names that are looked at, in the order in which the system gives them.
    package static let limit = 10_000

    package let folder: String
    /// In their order.
    package let names: [String]

    package init(_ folder: String) throws(FormatError) {
        self.folder = folder
        guard let stream = opendir(folder) else {
            let reason = errno == ENOTDIR ? say("it is a file and no folder") : String(cString: strerror(errno))
            throw .unreadable(file: folder, reason: reason)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while names.count < Self.limit, let entry = readdir(stream) {
            let name = Self.name(entry)
            if name != ".", name != ".." { names.append(name) }
        }
        self.names = names.sorted()
    }

    /// Entries lie one after the other in a buffer, each as long as its name: a copy of the whole structure, whose name has
    /// 256 bytes, would read behind the last of them.
    private static func name(_ entry: UnsafePointer<dirent>) -> String {
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return "" }
        return String(cString: UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self))
    }

    package func contains(_ name: String) -> Bool { names.contains(name) }
    package func path(_ name: String) -> String { folder == "/" ? "/" + name : folder + "/" + name }

    /// Which of the names are folders, behind links too.
    package var folders: [String] { names.filter { Self.isFolder(path($0)) } }

    package static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// GGUF files: those of one model that lie in several parts by the name of the first, those that turn pictures into
    /// states left out.
    package var ggufFiles: [String] {
        let files = names.filter { $0.lowercased().hasSuffix(".gguf") && !$0.lowercased().hasPrefix("mmproj") }
        var groups: Set<PartName> = []
        return files.filter { name in PartName(name).map { groups.insert($0.group).inserted } ?? true }
    }

    /// Whether it looks like a model: a configuration or a GGUF file.
    package var isModel: Bool { contains("config.json") || !ggufFiles.isEmpty }

    /// Models that lie in it, by their names: folders, and those of a Hugging Face cache.
    package var models: [String] {
        folders.compactMap { name in
            if name.hasPrefix("models--") {
                return name.dropFirst("models--".count).replacingOccurrences(of: "--", with: "/")
            }
            return (try? FolderContents(path(name)))?.isModel == true ? name : nil
        }
    }
}

extension FolderContents {
    /// Why there are no weights in it that are read, and what to do.
    var noWeights: FormatError {
        unfinished ?? ForeignWeights.own(self) ?? gguf ?? ForeignWeights.pickle(self) ?? ForeignWeights.other(self)
            ?? inside ?? problem(say("has neither model.safetensors nor model.safetensors.index.json"))
    }

    /// Why there is no configuration in it, and what to do.
    package var noConfiguration: FormatError {
        unfinished ?? ForeignWeights.own(self) ?? inside ?? ForeignWeights.other(self)
            ?? problem(say("has no config.json, so that it is no folder of a model"))
    }

    func problem(_ problem: String) -> FormatError { .noCheckpoint(folder: folder, problem: problem) }

    /// A download that has not ended.
    private var unfinished: FormatError? {
        if names.isEmpty { return problem(say("the folder is empty")) }
        let endings = [".incomplete", ".part", ".partial", ".crdownload", ".aria2", ".download"]
        if let name = names.first(where: { name in endings.contains { name.hasSuffix($0) } }) {
            return problem(say("the download of \(FormatError.quoted(name)) has not ended; fetch it again"))
        }
        if let name = names.first(where: { !FileManager.default.fileExists(atPath: path($0)) }) {
            return problem(say("\(FormatError.quoted(name)) is a link to a file that is not there; fetch it again"))
        }
        return unfinishedBlob
    }

    /// In a cache of Hugging Face files that are still coming lie beside the snapshots.
    private var unfinishedBlob: FormatError? {
        let snapshots = PathParts.folder(of: folder)
        guard (snapshots as NSString).lastPathComponent == "snapshots" else { return nil }
        let blobs = PathParts.folder(of: snapshots) + "/blobs"
        let isComing = (try? FolderContents(blobs))?.names.contains { $0.hasSuffix(".incomplete") } ?? false
        return isComing ? problem(say("the download of the model has not ended; fetch it again")) : nil
    }

    private var gguf: FormatError? {
        ggufFiles.first.map { problem(say("has no safetensors; name \(folder)/\($0) itself")) }
    }

    /// Models inside of it.
    private var inside: FormatError? {
        let models = models
        guard !models.isEmpty else { return store }
        let shown = models.prefix(6).map { String($0.prefix(80)) }.joined(separator: ", ")
        let rest = models.count > 6 ? say(" and \(models.count - 6) more") : ""
        let count = models.count == 1 ? say("one") : "\(models.count)"
        return problem(say("is no model but holds \(count): \(shown)\(rest); name one"))
    }

    /// The place of another program that keeps models in it.
    private var store: FormatError? {
        if contains("manifests"), contains("blobs") {
            return problem(say("is a store of Ollama: name one of its models, as ollama:llama3.2"))
        }
        guard contains("hub"), let hub = try? FolderContents(path("hub")), !hub.models.isEmpty else { return nil }
        return problem(say("is no model; name one of those in \(path("hub")), such as \(hub.models[0])"))
    }
}
