import Foundation
import RopewalkPhrases

extension CheckpointFiles {
    /// Tensors of several files.
    struct Shards {
        var files: [TensorFile] = []
        var fileOfTensor: [String: Int] = [:]
        /// Why tensors that an index names are not there, by name.
        var absences: [String: FormatError] = [:]

        init() {}

        init(_ file: TensorFile) {
            files = [file]
            fileOfTensor = file.tensors.mapValues { _ in 0 }
        }
    }

    /// What no model needs may be missing, as parts of another model that an index still names.
    static func shards(index path: String, folder: String) throws(FormatError) -> Shards {
        let shardOfTensor = try weightMap(path)
        var shards = Shards()
        var places: [String: Int] = [:]
        var faults: [String: FormatError] = [:]
        for name in Set(shardOfTensor.values).sorted() {
            guard let file = try shard(name, index: path, folder: folder) else {
                faults[name] = .shard(index: path, shard: name, problem: say("the file is missing; fetch it again"))
                continue
            }
            places[name] = shards.files.count
            shards.files.append(file)
        }
        if shards.files.isEmpty, let fault = faults.values.first { throw fault }
        for (tensor, name) in shardOfTensor {
            if let place = places[name], shards.files[place].tensors[tensor] != nil {
                shards.fileOfTensor[tensor] = place
            } else if places[name].map({ shards.files[$0].unknownTypes[tensor] == nil }) ?? true {
                shards.absences[tensor] = faults[name] ?? .missingTensor(file: folder + "/" + name, tensor: tensor)
            }
        }
        return shards
    }

    /// The file of each tensor, as an index has it.
    private static func weightMap(_ path: String) throws(FormatError) -> [String: String] {
        let document = try JSONDocument(contentsOf: path)
        guard let map = document.root["weight_map"]?.members else {
            throw .json(file: path, line: 1, problem: say("an object weight_map is expected"))
        }
        var shardOfTensor: [String: String] = [:]
        for member in map {
            guard let shard = member.value.string else {
                throw .json(file: path, line: 1, problem: say("tensor \(member.key.debugDescription) has no file name"))
            }
            shardOfTensor[member.key] = shard
        }
        return shardOfTensor
    }

    /// A file that an index names; nil where it is not there.
    private static func shard(
        _ name: String, index: String, folder: String
    ) throws(FormatError) -> TensorFile? {
        // An index comes from strangers: it must not make us open files elsewhere.
        guard !name.isEmpty, name != "..", name != ".", !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0)
        else { throw .shard(index: index, shard: name, problem: say("is no plain file name inside the folder")) }
        let path = folder + "/" + name
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try TensorFile(contentsOf: path)
    }

    /// The files of a folder without an index, all of those that belong together; nil where there is none.
    ///
    /// Files under names that no model has, such as a trace, are weights only where there are no others.
    static func shardsWithoutIndex(_ contents: FolderContents) throws(FormatError) -> Shards? {
        let names = contents.names.filter { name in
            name.hasSuffix(".safetensors") && !name.hasPrefix("adapter_") && !name.hasPrefix("consolidated")
        }
        if let found = try together(names.filter { $0.hasPrefix("model") }, contents) { return found }
        if let found = try pickled(contents) { return found }
        return try together(names, contents)
    }

    /// What torch.save wrote, as it was published before safetensors: one file, or several with an index or without.
    static func pickled(_ contents: FolderContents) throws(FormatError) -> Shards? {
        let (single, index) = ("pytorch_model.bin", "pytorch_model.bin.index.json")
        if contents.contains(single) { return try Shards(TensorFile(contentsOf: contents.path(single))) }
        if contents.contains(index) { return try shards(index: contents.path(index), folder: contents.folder) }
        return try together(
            contents.names.filter { PartName($0)?.stem == "pytorch_model" && $0.hasSuffix(".bin") }, contents)
    }

    /// Files of those names, which must be all parts of one model.
    private static func together(_ names: [String], _ contents: FolderContents) throws(FormatError) -> Shards? {
        let names = names.filter { FileManager.default.fileExists(atPath: contents.path($0)) }
        let groups = Set(names.compactMap { PartName($0)?.group })
        let others = names.filter { PartName($0) == nil }
        guard groups.count + others.count <= 1 else {
            let all = (groups.map(\.name) + others).sorted()
            throw contents.problem(
                say(
                    """
                    has no model.safetensors but weights of \(all.count) models, such as \(all[0]) and \
                    \(all[1]): leave the files of one in a folder of its own
                    """))
        }
        guard let parts = groups.first?.all ?? others.first.map({ [$0] }) else { return nil }
        var shards = Shards()
        for name in parts {
            guard contents.contains(name) else {
                throw contents.problem(say("\(name) is missing, one of \(parts.count) files; fetch it again"))
            }
            let file = try TensorFile(contentsOf: contents.path(name))
            for tensor in file.tensors.keys {
                if let other = shards.fileOfTensor.updateValue(shards.files.count, forKey: tensor) {
                    throw .tensor(
                        file: file.path, tensor: tensor, byte: 8, problem: say("is in \(shards.files[other].path) too"))
                }
            }
            shards.files.append(file)
        }
        return shards
    }
}
