import RopewalkFormats

/// A GGUF file as its family publishes the model: tensors by their published names, and a configuration.
struct GGUFCheckpoint: TensorSource {
    let file: GGUFFile
    let architecture: GGUFArchitecture
    /// What config.json would say.
    let configuration: JSONValue
    /// The file's tensors by their published names.
    private let published: [String: String]
    /// Experts that lie in one tensor, by their published names.
    private let experts: [String: (name: String, index: Int)]
    /// Heads of a projection whose rows lie as pairs, by the end of its published name.
    private let heads: [String: Int]
    /// Keys of the metadata that nothing asked for.
    let unread: [String]

    init(contentsOf path: String) throws(ModelError) {
        let file: GGUFFile
        do { file = try GGUFFile(contentsOf: path) } catch { throw .format(error) }
        try self.init(file)
    }

    init(_ file: GGUFFile) throws(ModelError) {
        let metadata = try GGUFMetadata(file)
        self.file = file
        architecture = metadata.architecture
        var names: [String: String] = [:]
        var experts: [String: (name: String, index: Int)] = [:]
        for (name, entry) in file.tensors {
            if let (layer, part) = architecture.fusedExperts(name), entry.shape.count == 3 {
                for index in 0..<min(entry.shape[0], GGUFMetadata.expertLimit) {
                    experts[architecture.expert(index, layer: layer, part)] = (name, index)
                }
            } else if let published = architecture.published(name) {
                names[published] = name
            }
        }
        published = names
        self.experts = experts
        configuration = try metadata.configuration()
        heads =
            architecture.permutesRotaryRows
            ? ["self_attn.q_proj": try metadata.heads(), "self_attn.k_proj": try metadata.keyValueHeads()] : [:]
        unread = metadata.unread()
    }

    var path: String { file.path }
    var count: Int { file.tensors.values.reduce(0) { $0 + $1.count } }

    var names: [String] { file.tensors.keys.filter { !GGUFMetadata.isFactors($0) } }
    func absence(of name: String) -> ModelError? { nil }

    func nameInFile(_ name: String) -> String {
        published[name] ?? experts[name]?.name ?? architecture.nameInFile(name) ?? name
    }

    func tensor(_ name: String) -> StoredTensor? {
        if let expert = experts[name] { return self.expert(expert.name, expert.index) }
        guard let inFile = published[name], let entry = file.tensors[inFile], let bytes = file.bytes(of: inFile) else {
            return nil
        }
        var tensor = StoredTensor(
            file: file.path(of: inFile), name: inFile, type: entry.type, shape: entry.shape, bytes: bytes,
            isTurned: architecture.turnsLinearLayers)
        // Files have the one row of this matrix as a vector.
        if name.hasSuffix("shared_expert_gate.weight"), entry.shape.count == 1 {
            tensor = StoredTensor(
                file: file.path(of: inFile), name: inFile, type: entry.type, shape: [1] + entry.shape, bytes: bytes)
        }
        if name.hasSuffix("norm.weight") { tensor.shift = architecture.normShift }
        if let rows = entry.shape.first, let heads = heads.first(where: { name.contains($0.key) })?.value,
            rows % (2 * heads) == 0
        {
            tensor.rows = RotaryRows.paired(heads: heads, dimension: rows / heads)
        }
        return tensor
    }

    /// One expert of a tensor with all of them, [expert, output, input].
    private func expert(_ name: String, _ index: Int) -> StoredTensor? {
        guard let entry = file.tensors[name], let bytes = file.bytes(of: name) else { return nil }
        let size = bytes.count / entry.shape[0]
        let start = bytes.startIndex + index * size
        return StoredTensor(
            file: file.path(of: name), name: name, type: entry.type, shape: Array(entry.shape.dropFirst()),
            bytes: bytes[start..<start + size])
    }
}
