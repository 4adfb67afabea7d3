import Foundation
import RopewalkFormats
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
            kind = .folder
        }
    }

    /// The GGUF file that a path means; nil where it means a Hugging Face folder.
    static func ggufFile(_ path: String) throws(ModelError) -> String? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
        // Some programs keep such files under names of their own.
        if !isFolder.boolValue { return path.lowercased().hasSuffix(".gguf") || GGUFFile.isGGUF(path) ? path : nil }
        guard !FileManager.default.fileExists(atPath: path + "/config.json") else { return nil }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let files = names.filter { $0.lowercased().hasSuffix(".gguf") }.sorted()
        if files.count > 1 {
            throw .configuration(
                file: path, key: "*.gguf", problem: "there are \(files.count) of them: name one, such as \(files[0])")
        }
        return files.first.map { path + "/" + $0 }
    }

    var name: String {
        let url = URL(fileURLWithPath: path).standardizedFileURL
        return url.pathExtension.lowercased() == "gguf"
            ? url.deletingPathExtension().lastPathComponent : url.lastPathComponent
    }

    func configuration() throws(ModelError) -> Configuration {
        switch kind {
        case .folder: try Configuration(folder: path)
        case .gguf(let checkpoint): Configuration(file: checkpoint.path, root: checkpoint.configuration)
        }
    }

    func tensors() throws(ModelError) -> any TensorSource {
        switch kind {
        case .folder:
            do { return try CheckpointFiles(folder: path) } catch { throw .format(error) }
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
            if let described = checkpoint.file.tokenizer() {
                do { return try Tokenizer(gguf: described) } catch { throw .tokenizer(error) }
            }
            folder = (checkpoint.path as NSString).deletingLastPathComponent
        }
        let isThere = ["tokenizer.json", "tokenizer.model", "spiece.model"].contains {
            FileManager.default.fileExists(atPath: folder + "/" + $0)
        }
        guard isNeeded || isThere else { return nil }
        do { return try Tokenizer(folder: folder) } catch { throw .tokenizer(error) }
    }
}

extension Model {
    /// The tokenizer of a model, without its weights.
    /// - Parameter path: a folder, a GGUF file, or a tokenizer.json or tokenizer.model itself.
    /// - Returns: what cuts texts into tokens.
    /// - Throws: what is missing or wrong, and in which file.
    public static func tokenizer(at path: String) throws(ModelError) -> Tokenizer {
        if let file = try ModelFiles.ggufFile(path) {
            let gguf: GGUFFile
            do { gguf = try GGUFFile(contentsOf: file) } catch { throw .format(error) }
            if let described = gguf.tokenizer() {
                do { return try Tokenizer(gguf: described) } catch { throw .tokenizer(error) }
            }
            throw .configuration(
                file: file, key: "tokenizer.ggml.model",
                problem: "is missing: the file has no tokenizer; give a tokenizer.json")
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
