import Foundation

/// The weights of a Hugging Face folder: one safetensors file, or several with an index.
package struct CheckpointFiles: Sendable {
    package let folder: String
    /// The files that hold tensors, in the order of their names.
    package let files: [SafetensorsFile]
    private let fileOfTensor: [String: Int]

    package init(folder: String) throws(FormatError) {
        self.folder = folder
        let single = folder + "/model.safetensors"
        let index = folder + "/model.safetensors.index.json"
        if FileManager.default.fileExists(atPath: single) {
            files = [try SafetensorsFile(contentsOf: single)]
            fileOfTensor = files[0].tensors.mapValues { _ in 0 }
        } else if FileManager.default.fileExists(atPath: index) {
            (files, fileOfTensor) = try Self.shards(index: index, folder: folder)
        } else {
            throw Self.absence(folder)
        }
    }

    /// The file that holds the tensor, and where it lies in it; nil where there is none.
    package func find(_ name: String) -> (file: SafetensorsFile, entry: TensorEntry)? {
        guard let index = fileOfTensor[name], let entry = files[index].tensors[name] else { return nil }
        return (files[index], entry)
    }

    private static func shards(
        index path: String, folder: String
    ) throws(FormatError) -> (files: [SafetensorsFile], fileOfTensor: [String: Int]) {
        let document = try JSONDocument(contentsOf: path)
        guard let map = document.root["weight_map"]?.members else {
            throw .json(file: path, line: 1, problem: "an object weight_map is expected")
        }
        var shardOfTensor: [String: String] = [:]
        for member in map {
            guard let shard = member.value.string else {
                throw .json(file: path, line: 1, problem: "tensor \(member.key.debugDescription) has no file name")
            }
            shardOfTensor[member.key] = shard
        }
        let names = Set(shardOfTensor.values).sorted()
        var files: [SafetensorsFile] = []
        for name in names { files.append(try shard(name, index: path, folder: folder)) }
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        let fileOfTensor = shardOfTensor.compactMapValues { places[$0] }
        for (tensor, file) in fileOfTensor where files[file].tensors[tensor] == nil {
            throw .missingTensor(file: files[file].path, tensor: tensor)
        }
        return (files, fileOfTensor)
    }

    private static func shard(
        _ name: String, index: String, folder: String
    ) throws(FormatError) -> SafetensorsFile {
        // An index comes from strangers: it must not make us open files elsewhere.
        guard !name.isEmpty, name != "..", name != ".", !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0)
        else { throw .shard(index: index, shard: name, problem: "is no plain file name inside the folder") }
        let path = folder + "/" + name
        guard FileManager.default.fileExists(atPath: path) else {
            throw .shard(index: index, shard: name, problem: "the file is missing; fetch it again")
        }
        return try SafetensorsFile(contentsOf: path)
    }

    private static func absence(_ folder: String) -> FormatError {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
            return .noCheckpoint(folder: folder, problem: "there is no such folder")
        }
        guard isFolder.boolValue else {
            return .noCheckpoint(folder: folder, problem: "is a file; name the folder that holds config.json")
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
        if let file = names.first(where: { $0.hasSuffix(".gguf") }) {
            return .noCheckpoint(folder: folder, problem: "has no safetensors; name \(folder)/\(file) itself")
        }
        if names.contains(where: { $0.hasPrefix("pytorch_model") || $0.hasSuffix(".bin") || $0.hasSuffix(".pt") }) {
            return .pickle(file: folder)
        }
        return .noCheckpoint(folder: folder, problem: "has neither model.safetensors nor model.safetensors.index.json")
    }
}
