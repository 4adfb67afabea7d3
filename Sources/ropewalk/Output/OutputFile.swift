import Foundation
import RopewalkExport
import RopewalkFormats
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// The file that a command writes, which must be none of those that it reads.
enum OutputFile {
    /// - Parameter out: nil for standard output
    /// - Throws: where the file is one of those that are read, or would pass for a part of the model.
    static func check(_ out: String?, reads files: [String], model: ModelOptions) throws {
        guard let out else { return }
        try check(out, reads: files)
        let path = try model.path()
        try check(out, reads: ([path] + (model.adapter.map { [$0] } ?? [])).flatMap(ModelParts.files))
        let place = ModelParts.folder(of: out)
        let name = (out as NSString).lastPathComponent
        guard ModelParts.isPart(name), isSame(place, path, type: S_IFDIR) else { return }
        throw CommandError.passesForPart(out: out, model: path)
    }

    static func check(_ out: String?, reads files: [String]) throws(CommandError) {
        if out == "" { throw .combination(say("--out has no name: give that of a file")) }
        if let out { try check(out, outside: files.filter(Model.isRecording)) }
        guard let out, let file = files.first(where: { isSame(out, $0, type: S_IFREG) }) else { return }
        throw .overwrites(out: out, file: file)
    }

    /// - Throws: where the file would lie in a recording, which is open and has files of its own.
    private static func check(_ out: String, outside recordings: [String]) throws(CommandError) {
        let folder = ModelParts.folder(of: out)
        if let recording = recordings.first(where: { isSame(folder, $0, type: S_IFDIR) }) {
            throw .combination(say("--out \(out) lies in the recording \(recording): name another folder"))
        }
    }

    /// Whether two paths lead to the same file, behind all links; what is not there is no file.
    private static func isSame(_ a: String, _ b: String, type: mode_t) -> Bool {
        var (first, second) = (stat(), stat())
        guard stat(a, &first) == 0, stat(b, &second) == 0, first.st_mode & S_IFMT == type else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }
}

/// The files that a model lies in, beside which other ones may lie.
private enum ModelParts {
    /// Those at a path: of a folder, or of a GGUF file and what lies beside it.
    static func files(_ path: String) -> [String] {
        let isFolder = FolderContents.isFolder(path)
        guard let contents = try? FolderContents(isFolder ? path : folder(of: path)) else { return [path] }
        let name = (path as NSString).lastPathComponent
        let group = PartName(name)?.group
        let named = contents.names.filter { other in
            isPart(other) && (isFolder || !other.hasSuffix(".gguf") || group != nil && PartName(other)?.group == group)
        }
        let weights = isFolder ? (try? CheckpointFiles(folder: path))?.files.map(\.path) ?? [] : [path]
        return weights + named.map(contents.path)
    }

    /// The folder that a file lies in, "." for a name alone.
    static func folder(of path: String) -> String {
        let folder = PathParts.folder(of: path)
        return folder.isEmpty ? "." : folder
    }

    /// Whether a file of that name in the folder of a model is taken for a part of it.
    static func isPart(_ name: String) -> Bool {
        if name.hasSuffix(".safetensors") { return name.hasPrefix("model") || name.hasPrefix("adapter_") }
        let beginnings = ["tokenizer", "vocab", "adapter_", "pytorch_model", "merges.", "chat_template"]
        let endings = ["config.json", ".index.json", ".model", ".tiktoken", ".gguf"]
        let names = ["special_tokens_map.json", "added_tokens.json", "tekken.json"]
        return names.contains(name) || beginnings.contains { name.hasPrefix($0) }
            || endings.contains { name.hasSuffix($0) }
    }
}

extension Scenario {
    /// The files of its masks.
    var maskFiles: [String] { windows.flatMap(\.maskFiles).map { MaskFile.file(of: $0) } }
}
