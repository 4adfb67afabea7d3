import Foundation
import RopewalkPhrases

/// The weights of a Hugging Face folder: one file, or several with an index or without; safetensors, and without them what
/// torch.save wrote.
package struct CheckpointFiles: Sendable {
    package let folder: String
    private let shards: Shards

    /// The files that hold tensors, in the order of their names.
    package var files: [TensorFile] { shards.files }

    package init(folder: String) throws(FormatError) {
        self.folder = folder
        let single = folder + "/model.safetensors"
        let index = folder + "/model.safetensors.index.json"
        if FileManager.default.fileExists(atPath: single) {
            shards = try Shards(TensorFile(contentsOf: single))
        } else if FileManager.default.fileExists(atPath: index) {
            shards = try Self.shards(index: index, folder: folder)
        } else {
            let contents = try Self.contents(folder)
            guard let found = try Self.shardsWithoutIndex(contents) else { throw contents.noWeights }
            shards = found
        }
    }

    /// The file that holds the tensor, and where it lies in it; nil where there is none.
    package func find(_ name: String) -> (file: TensorFile, entry: TensorEntry)? {
        guard let index = shards.fileOfTensor[name], let entry = files[index].tensors[name] else { return nil }
        return (files[index], entry)
    }

    /// Why a tensor cannot be read although a file names it; nil where none does, or where it can.
    package func absence(of name: String) -> FormatError? {
        if let absence = shards.absences[name] { return absence }
        for file in files {
            guard let type = file.unknownTypes[name] else { continue }
            let known = ElementType.allCases.filter { $0.blockLength == 1 }.map(\.rawValue).joined(separator: ", ")
            return .tensor(
                file: file.path, tensor: name, byte: 8,
                problem: say("dtype \(type.debugDescription) is unknown; known are \(known)"))
        }
        return nil
    }

    private static func contents(_ folder: String) throws(FormatError) -> FolderContents {
        guard FileManager.default.fileExists(atPath: folder) else {
            throw .noCheckpoint(folder: folder, problem: say("there is no such folder"))
        }
        guard FolderContents.isFolder(folder) else {
            throw .noCheckpoint(folder: folder, problem: say("is a file; name the folder that holds config.json"))
        }
        return try FolderContents(folder)
    }
}
