import Foundation
import RopewalkFormats
import RopewalkPhrases
import RopewalkTokenizers

/// Where a model lies: a folder as Hugging Face has it, or one GGUF file.
struct ModelFiles {
    enum Kind {
        case folder
        case gguf(GGUFCheckpoint)
    }

    /// As given, without a slash at its end.
    let path: String
    let kind: Kind

    /// - Parameter path: a folder with config.json, a folder with one GGUF file in place of it, or a GGUF file.
    init(_ path: String) throws(ModelError) {
        let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        self.path = path
        if let file = try Self.ggufFile(path) {
            kind = .gguf(try GGUFCheckpoint(contentsOf: file))
        } else {
            if let adapter = AdapterSettings.lone(path) { throw adapter }
            kind = .folder
        }
    }

    /// The GGUF file that a path means, of several parts the first; nil where it means a Hugging Face folder.
    static func ggufFile(_ path: String) throws(ModelError) -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        // Some programs keep such files under names of their own.
        guard FolderContents.isFolder(path) else {
            return path.lowercased().hasSuffix(".gguf") || GGUFFile.isGGUF(path) ? path : nil
        }
        guard !FileManager.default.fileExists(atPath: path + "/config.json") else { return nil }
        let files = (try? FolderContents(path))?.ggufFiles ?? []
        if files.count > 1 {
            throw .configuration(
                file: path, key: "*.gguf",
                problem: say("there are \(files.count) of them: name one, such as \(files[0])"))
        }
        return files.first.map { path + "/" + $0 }
    }

    /// Says what a folder without a configuration, or a file in place of a folder, is.
    static func requireConfiguration(_ folder: String) throws(FormatError) {
        guard FileManager.default.fileExists(atPath: folder) else { return }
        guard FolderContents.isFolder(folder) else {
            _ = try RegularFile.map(folder)
            let problem = say("is a file and no GGUF file; name the folder that holds config.json")
            throw .noCheckpoint(folder: folder, problem: problem)
        }
        guard !FileManager.default.fileExists(atPath: folder + "/config.json") else { return }
        throw try FolderContents(folder).noConfiguration
    }

    /// What people call it.
    var name: String {
        // Ollama calls files by what they hold.
        if case .gguf(let checkpoint) = kind, path == checkpoint.path, !path.lowercased().hasSuffix(".gguf"),
            let title = checkpoint.file.metadata["general.name"]?.string, !title.isEmpty
        {
            return String(title.prefix(80))
        }
        return Self.name(of: path)
    }

    /// What a path says of a model's name.
    static func name(of path: String) -> String {
        let url = URL(fileURLWithPath: path).standardizedFileURL
        let last = url.lastPathComponent
        if url.pathExtension.lowercased() == "gguf" {
            return PartName(last)?.stem ?? url.deletingPathExtension().lastPathComponent
        }
        // In a cache of Hugging Face folders are called by their commits.
        let entry = url.deletingLastPathComponent().deletingLastPathComponent().lastPathComponent
        guard url.deletingLastPathComponent().lastPathComponent == "snapshots", entry.hasPrefix("models--") else {
            return last.hasPrefix("sha256-") ? String(last.prefix(19)) : last
        }
        return entry.components(separatedBy: "--").last ?? last
    }

    func configuration() throws(ModelError) -> Configuration {
        switch kind {
        case .folder: try Configuration(folder: path)
        case .gguf(let checkpoint): Configuration(file: checkpoint.path, root: checkpoint.configuration)
        }
    }

    func tensors() throws(ModelError) -> any TensorSource {
        switch kind {
        case .folder: return try QuantisedCheckpoint.source(folder: path)
        case .gguf(let checkpoint): return checkpoint
        }
    }

    /// What of a GGUF file's metadata nothing asked for.
    var unreadMetadata: [String]? { if case .gguf(let checkpoint) = kind { checkpoint.unread } else { nil } }

    /// - Parameter isNeeded: whether a model without one, or with one that is not known, is an error.
    func tokenizer(isNeeded: Bool) throws(ModelError) -> Tokenizer? {
        do { return try anyTokenizer(isNeeded: isNeeded) } catch {
            if isNeeded { throw error }
            return nil
        }
    }

    private func anyTokenizer(isNeeded: Bool) throws(ModelError) -> Tokenizer? {
        var folder = path
        if case .gguf(let checkpoint) = kind {
            if let described = try Self.tokenizer(checkpoint.file) { return described }
            folder = PathParts.folder(of: checkpoint.path)
        }
        let isThere = Tokenizer.file(in: folder) != nil
        guard isNeeded || isThere else { return nil }
        do { return try Tokenizer(folder: folder) } catch { throw .tokenizer(error) }
    }
}

extension ModelFiles {
    /// The tokenizer that a GGUF file describes; nil where it describes none.
    fileprivate static func tokenizer(_ file: GGUFFile) throws(ModelError) -> Tokenizer? {
        do throws(TokenizerError) {
            guard let described = try file.tokenizer() else { return nil }
            return try Tokenizer(gguf: described)
        } catch { throw .tokenizer(error) }
    }
}

extension Model {
    /// Says what is not there of a model without reading it: its file, its folder or the configuration in it.
    package static func requireFiles(at path: String) throws(ModelError) {
        let file = try ModelFiles.ggufFile(path)
        do throws(FormatError) {
            if file == nil { try ModelFiles.requireConfiguration(path) }
            let file = file ?? path + "/config.json"
            guard access(file, R_OK) != 0 else { return }
            throw .unreadable(file: file, reason: String(cString: strerror(errno)))
        } catch {
            throw .format(error)
        }
    }

    /// The tokenizer of a model, without its weights.
    /// - Parameter path: a folder, a GGUF file, or a tokenizer.json or tokenizer.model itself.
    /// - Returns: what cuts texts into tokens.
    /// - Throws: what is missing or wrong, and in which file.
    public static func tokenizer(at path: String) throws(ModelError) -> Tokenizer {
        if let file = try ModelFiles.ggufFile(path) {
            let gguf: GGUFFile
            do { gguf = try GGUFFile(contentsOf: file) } catch { throw .format(error) }
            if let described = try ModelFiles.tokenizer(gguf) { return described }
            throw .configuration(
                file: file, key: "tokenizer.ggml.model",
                problem: say("is missing: the file has no tokenizer; give a tokenizer.json"))
        }
        var isFolder: ObjCBool = false
        let isFile = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
        do { return try isFile ? Tokenizer(contentsOf: path) : Tokenizer(folder: path) } catch {
            throw .tokenizer(error)
        }
    }

    /// The same; nil where the model has none.
    package static func tokenizerIfThere(at path: String) throws(ModelError) -> Tokenizer? {
        try ModelFiles(path).tokenizer(isNeeded: false)
    }
}
