import RopewalkFormats

/// A GGUF file as its family publishes the model: tensors by their published names, and a configuration.
struct GGUFCheckpoint: TensorSource {
    let file: GGUFFile
    let architecture: GGUFArchitecture
    /// What config.json would say.
    let configuration: JSONValue
    /// Where the numbers of the published tensors lie.
    private let places: [String: GGUFPlace]
    private let heads: Int
    private let keyValueHeads: Int
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
        configuration = try metadata.configuration()
        heads = try metadata.heads()
        keyValueHeads = try metadata.keyValueHeads()
        let projections = try metadata.projectionRows()
        var places: [String: GGUFPlace] = [:]
        for (name, entry) in file.tensors {
            for (published, place) in GGUFPlace.places(of: name, entry.shape, architecture.names, projections) {
                places[published] = place
            }
        }
        self.places = places
        unread = metadata.unread()
    }

    var path: String { file.path }
    var count: Int { file.tensors.values.reduce(0) { $0 + $1.count } }

    var names: [String] { file.tensors.keys.filter { !GGUFMetadata.isFactors($0) } }
    func absence(of name: String) -> ModelError? { nil }

    func nameInFile(_ name: String) -> String { places[name]?.name ?? architecture.names.inFile(name) ?? name }

    func tensor(_ name: String) -> StoredTensor? {
        guard let place = places[name], let entry = file.tensors[place.name], let bytes = file.bytes(of: place.name)
        else { return nil }
        var (shape, part) = (entry.shape, bytes)
        if let rows = place.rows {
            let size = bytes.count / entry.shape[0]
            part = bytes.dropFirst(rows.lowerBound * size).prefix(rows.count * size)
            shape = (place.isMember ? [] : [rows.count]) + entry.shape.dropFirst()
        }
        // Files have the one row of this matrix as a vector.
        if name.hasSuffix("shared_expert_gate.weight"), shape.count == 1 { shape = [1] + shape }
        var tensor = StoredTensor(
            file: file.path(of: place.name), name: place.name, type: entry.type, shape: shape, bytes: part,
            isTurned: architecture.turnsLinearLayers)
        if name.hasSuffix("norm.weight") { tensor.shift = architecture.normShift }
        if let rows = shape.first, !place.isMember {
            tensor.rows = architecture.order(name, rows: rows, heads: heads, keyValueHeads: keyValueHeads)
        }
        return tensor
    }
}

/// Where the numbers of a published tensor lie in a file.
struct GGUFPlace {
    let name: String
    /// Which of the outermost axis; nil for all.
    var rows: Range<Int>?
    /// Whether it is one element of that axis, which it then lacks.
    var isMember = false

    /// What a tensor of a file is published as: one tensor, one under two names, an expert each, or the projections that
    /// files may have fused.
    /// - Parameter projections: the rows of queries, keys and values
    static func places(
        of name: String, _ shape: [Int], _ names: GGUFNames, _ projections: [Int]
    ) -> [(String, GGUFPlace)] {
        if let (layer, part) = names.fusedExperts(name), shape.count == (part.hasSuffix("bias") ? 2 : 3) {
            return (0..<min(shape[0], GGUFMetadata.expertLimit)).map {
                (
                    names.expert($0, layer: layer, part),
                    GGUFPlace(name: name, rows: $0..<$0 + 1, isMember: true)
                )
            }
        }
        if names.stacked(name, 0) != nil, shape.count == 3 {
            return (0..<min(shape[0], GGUFMetadata.expertLimit)).compactMap { index in
                names.stacked(name, index).map {
                    ($0, GGUFPlace(name: name, rows: index..<index + 1, isMember: true))
                }
            }
        }
        if let (layer, parts, ending) = names.separateProjections(name), shape.first == projections.reduce(0, +) {
            var start = 0
            return zip(parts, projections).map { part, rows in
                defer { start += rows }
                return (
                    "\(names.blockPrefix)\(layer).\(part).\(ending)", GGUFPlace(name: name, rows: start..<start + rows)
                )
            }
        }
        return names.published(name).map { ($0, GGUFPlace(name: name)) }
    }
}
