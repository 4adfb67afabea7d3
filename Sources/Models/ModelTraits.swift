import RopewalkKernels
import RopewalkMethods

/// What distinguishes a model, known before its weights are read: sizes, positions, layers.
package struct ModelTraits: Sendable {
    /// Of the main stack.
    package var shape: ModelShape
    /// Of the encoder that a decoder reads; nil where there is one stack.
    package var encoderShape: ModelShape?
    /// How the model tells where a token stands.
    package var scheme = PositionScheme.rotary
    /// The rotary settings of its layers; empty where nothing turns.
    package var ropes: [RotarySettings] = []
    /// Of the decoder's self-attention; empty without a decoder.
    package var decoder: [LayerTraits] = []
    /// Of the encoder's; empty without an encoder.
    package var encoder: [LayerTraits] = []
    /// Of what the decoder reads of the encoder.
    package var cross: [LayerTraits] = []
    /// What the decoder of a model with both begins with.
    package var decoderStart: Int32?
    /// Windows and biases of a text whose own properties decide them (Longformer, BigBird); nil where none do.
    package var layersOfText: (@Sendable (_ layers: [LayerTraits], _ tokens: Int, _ globals: [Int]) -> [LayerTraits])?
    /// Whether padding gives nothing in place of reading the text like other tokens.
    package var paddingSeesNothing = false
    /// Whether padding reads itself too, which nothing else reads (XLNet).
    package var paddingSeesItself = false
    /// Whether a score tells if both tokens are of one segment, so that texts of several are refused (XLNet).
    var comparesSegments = false
    /// What traces call the weights of its main stack, after Hugging Face.
    package var attentionsName = "attentions"
    /// The mixture of experts in its feed-forward layers; nil where each has one.
    package var experts: ExpertCounts?
    /// What a token leaves in the cache where keys and values are made of a narrow state; nil where they are kept themselves.
    var latent: LatentCache?
    /// Whether some layers read the keys of others (Gemma 3n).
    var sharesKeys = false
    /// How exactly recordings keep its queries, keys and values.
    package var precision = RecordingPrecision.single
    /// Whether those are rounded.
    package var isRounded: Bool { precision == .half }
    /// What is to be known of how its attention is shown, a line each.
    package var notes: [String] = []
    /// The places of a text's tokens that see everything where nobody says; nil where no token can (all but Longformer).
    package var standardGlobals: (@Sendable (_ ids: [Int32]) -> [Int])?

    /// A decoder with the same traits in every layer.
    init(decoder shape: ModelShape, ropes: [RotarySettings] = [], traits: [LayerTraits]? = nil) {
        self.shape = shape
        self.ropes = ropes
        decoder =
            traits
            ?? Array(
                repeating: LayerTraits(scoreScale: shape.scoreScale, rope: ropes.isEmpty ? nil : 0),
                count: shape.layers)
    }

    /// An encoder with the same traits in every layer.
    init(encoder shape: ModelShape, scheme: PositionScheme) {
        self.shape = shape
        self.scheme = scheme
        encoder = Array(repeating: LayerTraits(scoreScale: shape.scoreScale, rope: nil), count: shape.layers)
    }

    var isDecoderAlone: Bool { encoder.isEmpty && cross.isEmpty }

    /// The same for a decoder whose tokens see those after them too: what it has is an encoder then.
    func readingBothSides() -> ModelTraits {
        var traits = self
        traits.encoder = decoder.map { layer in
            var layer = layer
            layer.windows = layer.windows.map { ($0 as? SlidingWindow).map { Longformer(window: 2 * $0.size) } ?? $0 }
            return layer
        }
        traits.decoder = []
        return traits
    }

    /// The kinds of attention that the model has, the main one first.
    package var kinds: [AttentionKind] {
        (decoder.isEmpty ? [] : [.decoder]) + (encoder.isEmpty ? [] : [.encoder]) + (cross.isEmpty ? [] : [.cross])
    }

    /// The sizes of what has such attention.
    package func shape(_ kind: AttentionKind) -> ModelShape { kind == .encoder ? encoderShape ?? shape : shape }

    /// How the layers with such attention differ from each other and from plain softmax.
    package func layers(_ kind: AttentionKind) -> [LayerTraits] {
        switch kind {
        case .decoder: decoder
        case .encoder: encoder
        case .cross: cross
        }
    }

    /// Whether a layer of the decoder chooses keys by hashing, of itself or under a scenario.
    package func hashes(layer: Int, _ scenario: Scenario) -> Bool {
        guard decoder.indices.contains(layer) else { return false }
        return (scenario.stateSelection ?? decoder[layer].selection) is LSHAttention
    }

    /// Whether there are maps of weights alone, without what they were made of.
    package var isGiven: Bool { scheme == .given }

    /// Whether its layers turn queries and keys.
    package var isRotary: Bool { !ropes.isEmpty }

    /// The most tokens that have a place; nil for any number.
    package var limit: Int? {
        // Kept out of line: the optimiser of Swift 6.3 does not survive this pattern inside other functions.
        @inline(never) get { places }
    }

    private var places: Int? {
        if case .learned(let places) = scheme { return places }
        return nil
    }
}

/// What multi-head latent attention keeps of a token in a layer.
struct LatentCache: Sendable {
    /// Numbers of the state that keys and values of all heads are made of.
    let rank: Int
    /// Numbers of the turned piece of all keys.
    let turned: Int

    var numbers: Int { rank + turned }
}

/// How many experts every layer has, and how many of them work for a token.
public struct ExpertCounts: Equatable, Sendable, Encodable {
    /// Experts of a layer.
    public let count: Int
    /// Of them, those that work for a token.
    public let chosen: Int
}
