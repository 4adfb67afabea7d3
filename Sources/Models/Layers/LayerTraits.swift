import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// What of a model reads what: a decoder or an encoder itself, or the decoder the encoder's result.
public enum AttentionKind: String, CaseIterable, Equatable, Hashable, Sendable {
    /// Of a decoder with itself: a query sees no later key.
    case decoder
    /// Of an encoder with itself.
    case encoder
    /// A decoder's queries with an encoder's keys.
    case cross

    /// Whether a query sees keys up to its own only.
    public var isCausal: Bool { self == .decoder }
}

/// How a family tells where a token stands.
package enum PositionScheme: Equatable, Sendable {
    /// Queries and keys are turned by angles.
    case rotary
    /// Scores fall with the distance, by a slope a head.
    case alibi(slopes: [Double])
    /// A learned vector for every place is added to the embedding; so many places there are.
    case learned(places: Int)
    /// A learned number for every head and range of distances is added to scores.
    case relativeBuckets(buckets: Int, maximumDistance: Int)
    /// The product of a query with a sinusoid of the distance is a part of the score: a rotation against a constant
    /// (Transformer-XL, XLNet).
    case relativeSinusoids
    /// Nothing but the order in which tokens change a state.
    case recurrent
    /// Nobody knows: there are weights alone that another program has computed.
    case given

    /// For people: "ALiBi slopes".
    package var title: String {
        switch self {
        case .rotary: say("rotary positions")
        case .alibi: say("ALiBi slopes")
        case .learned: say("learned positions")
        case .relativeBuckets: say("relative position buckets")
        case .relativeSinusoids: say("sinusoids of the distance as a rotation")
        case .recurrent: say("a state that goes from token to token")
        case .given: say("weights alone")
        }
    }
}

/// How the attention of one layer differs from softmax over all that its limit allows.
package struct LayerTraits: Sendable {
    /// What products of queries and keys are multiplied by.
    package var scoreScale: Float
    /// Scores become cap · tanh(score / cap).
    package var softcap: Float?
    /// The model's own windows.
    package var windows: [any WindowMethod]
    /// How the model itself chooses keys by what they hold (Reformer); nil where places alone decide.
    package var selection: (any StateSelection)?
    /// Which of the model's rotary settings; nil where this layer turns nothing.
    package var rope: Int?
    /// Added to the scores.
    package var bias: LayerBias?
    /// A learned score of each head that takes its share of the softmax and has no value (gpt-oss); nil for none.
    package var sinks: [Float]?
    /// Whether it has such scores, which is known before the weights.
    package var hasSinks = false
    /// How queries grow with their place; nil where they do not.
    var temperature: QueryTemperature?
    /// What it has in place of softmax attention; nil where it has that. Then nothing above says anything.
    package var mixer: MixerTraits?

    package init(
        scoreScale: Float, softcap: Float? = nil, windows: [any WindowMethod] = [], rope: Int? = 0,
        bias: LayerBias? = nil, sinks: [Float]? = nil
    ) {
        self.scoreScale = scoreScale
        self.softcap = softcap
        self.windows = windows
        self.rope = rope
        self.bias = bias
        self.sinks = sinks
    }
}

/// What a layer adds to its scores.
package enum LayerBias: Sendable {
    /// −slope · |query − key|, a slope a head; pairs further apart than the limit count as that far.
    case slopes([Double], limit: Int? = nil)
    /// A number for every bucket of distances and head, [bucket, heads].
    case buckets(RelativeBuckets)
    /// ln(1 + extra) for keys that a sparse pattern counts several times.
    case multiplicity(KeyMultiplicity)
    /// ln of how often keys of a query count.
    case counted(@Sendable (_ query: Int) -> [(keys: Range<Int>, value: Float)])

    /// The numbers for a text.
    func scoreBias(heads: Int, queries: Int, keys: Int) -> ScoreBias {
        switch self {
        case .slopes(let slopes, let limit):
            ScoreBias(heads: heads, queries: queries, keys: keys) {
                Float(-slopes[$0] * Double(min(abs($1), limit ?? .max)))
            }
        case .buckets(let buckets):
            ScoreBias(heads: heads, queries: queries, keys: keys) { buckets.value(head: $0, offset: $1) }
        case .multiplicity(let multiplicity): ScoreBias { multiplicity.bias(of: $0, keys: keys) }
        case .counted(let counts): ScoreBias(ofKeys: counts)
        }
    }
}

/// Rotary settings of a model: most have one, Gemma 3 another one for its local layers.
package struct RotarySettings: Sendable {
    package let base: Double
    /// Dimensions of a head that turn.
    package let dimensions: Int
    /// The position method that the configuration asks for.
    package let position: any PositionMethod

    package init(base: Double, dimensions: Int, position: any PositionMethod) {
        self.base = base
        self.dimensions = dimensions
        self.position = position
    }

    /// With separators of thousands, so that bases are told apart at a glance.
    package var baseText: String {
        base == base.rounded() && base < 1e15 ? Int(base).grouped : MethodSpec.format(base)
    }
}
