import Foundation
import Methods

/// What the configuration of a model says of it, read without its weights.
public struct ModelOutline: Sendable {
    /// The folder's name.
    public let name: String
    public let path: String
    public let family: String
    public let shape: ModelShape
    /// The position method that the configuration asks for.
    public let position: any PositionMethod
    let llama: LlamaConfiguration

    /// Reads the config.json of a Hugging Face folder.
    public init(contentsOf path: String) throws(ModelError) {
        let folder = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        let configuration = try Configuration(folder: folder)
        family = try configuration.string("model_type") ?? "llama"
        guard Model.families.contains(family) else {
            throw .family(file: configuration.file, name: family, known: Model.families)
        }
        llama = try LlamaConfiguration(configuration)
        shape = llama.shape
        position = llama.position
        name = URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent
        self.path = folder
    }
}
