import Foundation
import RopewalkFormats
import RopewalkPhrases

/// The store of Ollama: `manifests/HOST/NAMESPACE/MODEL/TAG` says which of the `blobs` belong to a model.
struct OllamaStore: ModelStore {
    let place = PlacedModel.Place.ollama
    let root: String

    private static let manifestLimit = 1 << 20
    private static let usual = (host: "registry.ollama.ai", namespace: "library", tag: "latest")

    /// A name in its four parts.
    private struct Name {
        let host: String
        let namespace: String
        let model: String
        let tag: String

        /// Without what is usual.
        var short: String {
            var parts = [model]
            if host != usual.host || namespace != usual.namespace { parts.insert(namespace, at: 0) }
            if host != usual.host { parts.insert(host, at: 0) }
            return PlacedModel.Place.ollama.prefix + parts.joined(separator: "/") + (tag == usual.tag ? "" : ":" + tag)
        }

        var path: String { [host, namespace, model, tag].joined(separator: "/") }
    }

    /// - Parameter text: `[[host/]namespace/]model[:tag]`
    private static func name(_ text: String) -> Name? {
        guard var parts = PlainParts.of(text), (1...3).contains(parts.count), let last = parts.popLast() else {
            return nil
        }
        let halves = last.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
        let tag = halves.count > 1 ? halves[1] : usual.tag
        guard PlainParts.isPlain(halves[0]), PlainParts.isPlain(tag) else { return nil }
        return Name(
            host: parts.count > 1 ? parts[0] : usual.host, namespace: parts.last ?? usual.namespace, model: halves[0],
            tag: tag)
    }

    func models() -> [PlacedModel] {
        var names: [Name] = []
        let manifests = root + "/manifests"
        for host in entries(manifests) {
            for namespace in entries(manifests, host) {
                for model in entries(manifests, host, namespace) {
                    for tag in entries(manifests, host, namespace, model) where names.count < PlacedModel.limit {
                        names.append(Name(host: host, namespace: namespace, model: model, tag: tag))
                    }
                }
                if names.count >= PlacedModel.limit { break }
            }
        }
        return names.map { name in
            PlacedModel(place, name: name.short) { () throws(FormatError) in try blob(of: name) }
        }
    }

    private func entries(_ parts: String...) -> [String] {
        (try? FolderContents(parts.joined(separator: "/")))?.names.filter { !$0.hasPrefix(".") } ?? []
    }

    func path(of name: String) throws(FormatError) -> String? {
        guard let name = Self.name(name) else { return nil }
        return try blob(of: name)
    }

    /// The GGUF file of a model; nil where the store has no such model.
    private func blob(of name: Name) throws(FormatError) -> String? {
        let manifest = root + "/manifests/" + name.path
        guard FileManager.default.fileExists(atPath: manifest), !FolderContents.isFolder(manifest) else { return nil }
        let document = try JSONDocument(contentsOf: manifest, sizeLimit: Self.manifestLimit)
        func problem(_ problem: String) -> FormatError { .noCheckpoint(folder: manifest, problem: problem) }
        let all = document.root["layers"]?.array ?? []
        func layers(_ kind: String) -> [JSONValue] {
            all.filter { $0["mediaType"]?.string == "application/vnd.ollama.image." + kind }
        }
        let models = layers("model")
        guard layers("adapter").isEmpty else {
            throw problem(
                say("names an adapter beside the model, which is not read with it: name the model without it"))
        }
        guard models.count == 1, let layer = models.first else {
            let isApart = !layers("tensor").isEmpty
            throw problem(
                isApart
                    ? say("keeps each tensor in a file of its own, which is not read; fetch the model as GGUF")
                    : say(
                        """
                        names \(models.count) files of weights in place of one: the model runs elsewhere, or \
                        its download has not ended
                        """))
        }
        guard let digest = layer["digest"]?.string, let file = Self.blobName(digest) else {
            throw problem(say("names weights without a digest, sha256: and 64 digits"))
        }
        let path = root + "/blobs/" + file
        guard FileManager.default.fileExists(atPath: path) else {
            throw problem(
                say("its weights blobs/\(file.prefix(19))… are not there; fetch the model again with ollama pull"))
        }
        return path
    }

    /// The name of a blob's file; nil for what is no digest, so that no manifest leads elsewhere.
    private static func blobName(_ digest: String) -> String? {
        let parts = digest.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "sha256", parts[1].utf8.count == 64,
            parts[1].utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) })
        else { return nil }
        return "sha256-" + parts[1]
    }
}
