import Foundation
import RopewalkMethods

/// What the configuration of a model says of it, read without its weights.
package struct ModelOutline: Sendable {
    /// The folder's name.
    package let name: String
    package let path: String
    /// Its `model_type`.
    package let family: String
    package let traits: ModelTraits
    let members: any Family

    package var shape: ModelShape { traits.shape }
    /// The position method that the configuration asks for.
    package var position: any PositionMethod { traits.ropes.first?.position ?? RoPE() }

    /// Reads the config.json of a Hugging Face folder, or the metadata of a GGUF file.
    package init(contentsOf path: String) throws(ModelError) {
        let files = try ModelFiles(path)
        try self.init(try files.configuration(), path: files.path, name: files.name)
    }

    init(_ configuration: Configuration, path: String, name: String) throws(ModelError) {
        family = try configuration.string("model_type") ?? "llama"
        members = try Families.family(configuration)
        traits = members.traits
        self.name = name
        self.path = path
    }

    /// The rotation that a scenario gives the model's first rotary setting on a text of `tokens` tokens.
    package func rotation(_ scenario: Scenario, tokens: Int) -> Rotation {
        scenario.position.rotation(in: shape.rotaryContext(tokens: tokens))
    }
}
