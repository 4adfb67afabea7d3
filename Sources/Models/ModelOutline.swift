import Foundation
import RopewalkMethods
import RopewalkPhrases

/// What the configuration of a model says of it, read without its weights.
package struct ModelOutline: Sendable {
    /// The folder's name, and that of its adapter if it has one.
    package internal(set) var name: String
    package let path: String
    /// Its `model_type`.
    package let family: String
    package internal(set) var traits: ModelTraits
    let members: any Family
    /// Whether it is the text part of a model of text and images.
    private let isPart: Bool
    /// Where the configuration says how large the window is.
    let windowSource: String
    /// What of the configuration nothing asked for.
    package private(set) var unread: UnreadParts

    package var shape: ModelShape { traits.shape }
    /// The position method that the configuration asks for.
    package var position: any PositionMethod { traits.ropes.first?.position ?? RoPE() }

    /// Reads the config.json of a Hugging Face folder, or the metadata of a GGUF file.
    package init(contentsOf path: String) throws(ModelError) {
        try self.init(try ModelFiles(path))
    }

    init(_ files: ModelFiles) throws(ModelError) {
        var architecture: GGUFArchitecture?
        if case .gguf(let checkpoint) = files.kind { architecture = checkpoint.architecture }
        do throws(ModelError) {
            try self.init(
                try files.configuration(), path: files.path, name: files.name, architecture: architecture?.rawValue)
        } catch {
            throw architecture.map { error.inMetadata(of: $0) } ?? error
        }
        // A configuration that is made of metadata has no keys of its own.
        if let metadata = files.unreadMetadata { unread.keys = metadata }
        if case .folder = files.kind, AdapterSettings.holdsAdapter(files.path) {
            unread.remarks.append(
                say("an adapter lies in the folder too (adapter_config.json) and is left out unless it is named"))
        }
    }

    /// - Parameter architecture: of the GGUF file whose metadata the configuration was made of.
    init(
        _ configuration: Configuration, path: String, name: String, architecture: String? = nil
    ) throws(ModelError) {
        family = try configuration.string("model_type") ?? "llama"
        members = try Families.family(configuration)
        isPart = Families.textTypes[family] != nil
        let textPart = try configuration.textPart(Families.textTypes)
        let isCausal = try textPart.flag("is_causal", default: true)
        windowSource =
            WindowSource(
                textPart.root, window: members.traits.shape.trainedWindow,
                hasLearnedPlaces: members.traits.limit != nil, architecture: architecture
            ).text
        traits = isCausal || !members.traits.isDecoderAlone ? members.traits : members.traits.readingBothSides()
        unread = UnreadParts(
            keys: configuration.unread(Families.keys(family)), remarks: configuration.log.remarks)
        self.name = name
        self.path = path
        if let start = traits.decoderStart, !(0..<traits.shape.vocabulary).contains(Int(start)) {
            throw configuration.problem(
                "decoder_start_token_id", say("\(start) is none of the \(traits.shape.vocabulary) tokens"))
        }
    }

    /// Of maps that are given: no configuration says anything of their model.
    init(given traits: ModelTraits, path: String, name: String) {
        (self.traits, self.path, self.name) = (traits, path, name)
        (family, members) = (GivenFamily.name, GivenFamily(traits))
        (isPart, windowSource, unread) = (false, "", UnreadParts())
    }

    /// What the model consists of.
    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        var weights = weights
        weights.isPart = isPart
        var architecture = try members.load(weights)
        if architecture.encoder == nil, let decoder = architecture.decoder {
            architecture.decoder?.slotConvolutions = try SlotConvolution.layers(
                of: weights, count: decoder.blocks.count, hidden: traits.shape.hidden)
        }
        return traits.decoder.isEmpty ? architecture.readingBothSides() : architecture
    }
}
