import Foundation
import RopewalkExport
import RopewalkFormats
import RopewalkModels

/// Readers of models whose numbers other files describe, and of where programs keep models.
extension FuzzFolder {
    /// Cuts off a part whose length two bytes give.
    private static func part(_ bytes: inout UnsafeRawBufferPointer.SubSequence) -> UnsafeRawBufferPointer {
        let length = bytes.prefix(2).reduce(0) { $0 << 8 | Int($1) }
        bytes = bytes.dropFirst(2)
        defer { bytes = bytes.dropFirst(length) }
        return UnsafeRawBufferPointer(rebasing: bytes.prefix(length))
    }

    private func file(_ name: String, _ bytes: Data) -> String { bytes.withUnsafeBytes { file(name, $0) } }

    /// Which model; the length of config.json; this; the header of the weights.
    func readQuantised(_ bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.first else { return }
        var rest = bytes.dropFirst()
        _ = file("config.json", Self.part(&rest))
        _ = file("model.safetensors", models[Int(first) % models.count].file(header: rest))
        _ = try? ModelInfo(contentsOf: path)
        if let model = try? Model(contentsOf: path, needsTokenizer: false) { Self.run(model) }
    }

    /// The length of adapter_config.json; this; the header of the adapter's weights.
    func readAdapter(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        _ = file("adapter_config.json", Self.part(&rest))
        _ = file("adapter_model.safetensors", models[0].file(header: rest))
        if let model = try? Model(contentsOf: "\(path)/base", adapter: path, needsTokenizer: false) { Self.run(model) }
    }

    private static func run(_ model: Model) {
        let ids = (0..<3).map { Int32($0 % max(1, model.shape.vocabulary)) }
        guard let recording = try? Recorder(model: model, threads: 1).record(ids) else { return }
        precondition(recording.tokens == ids.count, "a run over \(ids.count) tokens that has \(recording.tokens)")
    }

    // MARK: Places

    func makePlaces(_ fixtures: String) throws {
        let model = "\(fixtures)/fuzz/gguf/gemma"
        try link("ollama/blobs/sha256-" + String(repeating: "0", count: 64), to: model)
        try link("ollama/manifests/registry.ollama.ai/library/.x", to: model)
        try link("hub/models--o--n/snapshots/abc/x.gguf", to: model)
        for folder in ["ollama/manifests/registry.ollama.ai/library/m", "hub/models--o--n/refs"] {
            try FileManager.default.createDirectory(atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
        }
    }

    /// The first byte says what the rest is: a manifest of Ollama, or what a branch points to in Hugging Face's cache.
    func readManifest(_ bytes: UnsafeRawBufferPointer) {
        let rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
        let isManifest = (bytes.first ?? 0) & 1 == 0
        let name = isManifest ? "ollama/manifests/registry.ollama.ai/library/m/latest" : "hub/models--o--n/refs/main"
        _ = file(name, rest)
        let places = ModelPlaces(
            environment: ["HF_HUB_CACHE": "\(path)/hub", "OLLAMA_MODELS": "\(path)/ollama"], home: path)
        for name in [isManifest ? "ollama:m" : "o/n", isManifest ? "ollama:m:latest" : "n@main"] {
            guard let found = try? places.path(of: name) else { continue }
            let real = URL(fileURLWithPath: found).standardizedFileURL.path
            precondition(real.hasPrefix(path), "a name that leads out of its place: \(found)")
        }
        for model in places.models() { _ = ModelSummary(model) }
    }

    // MARK: Masks

    /// A pickle in the zip file that torch.save would write, with two storages of 64 bytes: as weights and as a mask.
    func readPickle(_ bytes: UnsafeRawBufferPointer) {
        let storage = Data((0..<64).map { UInt8($0 % 3 % 2) })
        let zip = StoredZip([
            ("x/data.pkl", Data(bytes)), ("x/byteorder", Data("little".utf8)), ("x/data/0", storage),
            ("x/data/1", storage),
        ])
        if let tensors = try? TensorFile(contentsOf: file("pytorch_model.bin", zip.bytes)) {
            for (name, entry) in tensors.tensors {
                precondition(tensors.bytes(of: name)?.count == entry.count * entry.type.size, "bytes of another shape")
            }
        }
        guard let stack = try? MaskFile.read(file("x.pt", zip.bytes)) else { return }
        for plane in stack.planes.prefix(3) {
            for query in plane.queries.prefix(20) {
                precondition(plane.row(query).ranges.allSatisfy { $0.upperBound <= plane.tokens }, "keys beyond")
            }
        }
    }
}
