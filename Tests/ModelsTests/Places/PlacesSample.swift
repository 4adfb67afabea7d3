import Foundation
import TestSupport

@testable import RopewalkModels

/// A home with models where programs keep them; gone with the value.
final class PlacesSample {
    let home: String
    static let digest = String(repeating: "a1", count: 32)

    init() throws {
        home = FileManager.default.temporaryDirectory.appendingPathComponent("places-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: home) }

    var places: ModelPlaces { ModelPlaces(environment: [:], home: home) }

    func write(_ path: String, _ text: String = "") throws {
        try FileManager.default.createDirectory(
            atPath: ((home + "/" + path) as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: home + "/" + path))
    }

    /// A link to a fixture or to any other place.
    func link(_ path: String, to target: String) throws {
        try FileManager.default.createDirectory(
            atPath: ((home + "/" + path) as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: home + "/" + path, withDestinationPath: target)
    }

    static let hub = ".cache/huggingface/hub/"
    static let gguf = Fixture.path("gguf/small_Q4_0/model.gguf")

    /// A snapshot of the cache whose files are links, as they are there.
    func snapshot(_ entry: String, commit: String, branch: String? = "main", of fixture: String) throws {
        let folder = Self.hub + "models--" + entry
        for name in ["config.json", "model.safetensors"] {
            try link(folder + "/snapshots/\(commit)/\(name)", to: Fixture.path(fixture + "/" + name))
        }
        if let branch { try write(folder + "/refs/" + branch, commit) }
    }

    func manifest(_ path: String, _ layers: String) throws {
        try write(".ollama/models/manifests/" + path, "{\"schemaVersion\":2,\"layers\":[\(layers)]}")
    }

    static func layer(_ kind: String = "model", digest: String = "sha256:" + digest) -> String {
        "{\"mediaType\":\"application/vnd.ollama.image.\(kind)\",\"digest\":\"\(digest)\",\"size\":1}"
    }

    /// One model in each place.
    func fill() throws {
        try snapshot("org--tiny", commit: "0123abcd", of: "hf/llama_tied")
        try manifest("registry.ollama.ai/library/small/latest", Self.layer() + "," + Self.layer("template"))
        try link(".ollama/models/blobs/sha256-" + Self.digest, to: Self.gguf)
        try link(".lmstudio/models/org/name/file.gguf", to: Self.gguf)
        try link(".cache/llama.cpp/cached.gguf", to: Self.gguf)
    }

    func error(_ name: String) -> String {
        do throws(ModelError) { return "no error: \(try places.path(of: name))" } catch { return error.description }
    }
}
