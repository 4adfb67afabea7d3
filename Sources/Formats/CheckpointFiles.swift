import Foundation

/// The weights of a Hugging Face folder: one safetensors file, or several with an index.
package struct CheckpointFiles: Sendable {
    package let folder: String
    /// The files that hold tensors, in the order of their names.
    package let files: [SafetensorsFile]
    private let fileOfTensor: [String: Int]
    /// Why tensors that the index names are not there, by name.
    private let absences: [String: FormatError]

    package init(folder: String) throws(FormatError) {
        self.folder = folder
        let single = folder + "/model.safetensors"
        let index = folder + "/model.safetensors.index.json"
        if FileManager.default.fileExists(atPath: single) {
            files = [try SafetensorsFile(contentsOf: single)]
            fileOfTensor = files[0].tensors.mapValues { _ in 0 }
            absences = [:]
        } else if FileManager.default.fileExists(atPath: index) {
            (files, fileOfTensor, absences) = try Self.shards(index: index, folder: folder)
        } else {
            throw Self.absence(folder)
        }
    }

    /// The file that holds the tensor, and where it lies in it; nil where there is none.
    package func find(_ name: String) -> (file: SafetensorsFile, entry: TensorEntry)? {
        guard let index = fileOfTensor[name], let entry = files[index].tensors[name] else { return nil }
        return (files[index], entry)
    }

    /// Why a tensor cannot be read although a file names it; nil where none does, or where it can.
    package func absence(of name: String) -> FormatError? {
        if let absence = absences[name] { return absence }
        for file in files {
            guard let type = file.unknownTypes[name] else { continue }
            let known = ElementType.allCases.filter { $0.blockLength == 1 }.map(\.rawValue).joined(separator: ", ")
            return .tensor(
                file: file.path, tensor: name, byte: 8,
                problem: "dtype \(type.debugDescription) is unknown; known are \(known)")
        }
        return nil
    }

    /// What no model needs may be missing, as parts of another model that an index still names.
    private static func shards(
        index path: String, folder: String
    ) throws(FormatError) -> (files: [SafetensorsFile], fileOfTensor: [String: Int], absences: [String: FormatError]) {
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
        var files: [SafetensorsFile] = []
        var places: [String: Int] = [:]
        var faults: [String: FormatError] = [:]
        for name in Set(shardOfTensor.values).sorted() {
            guard let file = try shard(name, index: path, folder: folder) else {
                faults[name] = .shard(index: path, shard: name, problem: "the file is missing; fetch it again")
                continue
            }
            places[name] = files.count
            files.append(file)
        }
        if files.isEmpty, let fault = faults.values.first { throw fault }
        var fileOfTensor: [String: Int] = [:]
        var absences: [String: FormatError] = [:]
        for (tensor, name) in shardOfTensor {
            if let place = places[name], files[place].tensors[tensor] != nil {
                fileOfTensor[tensor] = place
            } else if places[name].map({ files[$0].unknownTypes[tensor] == nil }) ?? true {
                absences[tensor] = faults[name] ?? .missingTensor(file: folder + "/" + name, tensor: tensor)
            }
        }
        return (files, fileOfTensor, absences)
    }

    /// A file that an index names; nil where it is not there.
    private static func shard(
        _ name: String, index: String, folder: String
    ) throws(FormatError) -> SafetensorsFile? {
        // An index comes from strangers: it must not make us open files elsewhere.
        guard !name.isEmpty, name != "..", name != ".", !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0)
        else { throw .shard(index: index, shard: name, problem: "is no plain file name inside the folder") }
        let path = folder + "/" + name
        guard FileManager.default.fileExists(atPath: path) else { return nil }
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
