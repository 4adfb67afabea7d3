import Foundation
import RopewalkFormats

/// What tells the weights of a model from others, made of a part of their files: names, sizes, and of each file the first,
/// the middle and the last 64 KiB.
struct WeightsMark {
    private static let sample = 64 << 10

    /// "sampled-sha256:" and 64 digits; nil where a file cannot be read.
    let text: String?

    init(_ model: Model) {
        guard model.hasWeights, let files = try? ModelFiles(model.path) else {
            text = nil
            return
        }
        var paths: [String] =
            switch files.kind {
            case .gguf(let checkpoint): [checkpoint.path]
            case .folder: (try? CheckpointFiles(folder: model.path))?.files.map(\.path) ?? []
            }
        if paths.isEmpty {
            text = nil
            return
        }
        if let adapter = model.adapterPath {
            for name in ["adapter_model.safetensors", "adapter_model.bin"]
            where FileManager.default.fileExists(atPath: adapter + "/" + name) {
                paths.append(adapter + "/" + name)
            }
        }
        var hash = SHA256()
        if let change = model.weightChange { hash.add(change.spec.utf8) }
        for path in paths {
            guard Self.add(path, to: &hash) else {
                text = nil
                return
            }
        }
        text = "sampled-sha256:" + hash.hexadecimal()
    }

    private static func add(_ path: String, to hash: inout SHA256) -> Bool {
        guard let data = try? RegularFile.map(path) else { return false }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        hash.add("\(name) \(data.count)\n".utf8)
        let middle = max(0, data.count / 2 - sample / 2)
        for start in [0, middle, max(0, data.count - sample)] {
            let first = data.startIndex + start
            hash.add(data[first..<min(first + sample, data.endIndex)])
        }
        return true
    }
}
