import RopewalkModels
import RopewalkPhrases
import RopewalkTokenizers

/// What is asked of a continuation.
public struct GenerationRequest: Equatable, Sendable {
    /// How tokens are drawn.
    public var sampling: SamplingSettings
    /// Tokens at most.
    public var count: Int
    /// Strings that end the text, which stay out of it.
    public var stops: [String]
    /// Whether tokens that end a text end it.
    public var endsAtEndTokens: Bool

    /// A request for so many tokens.
    public init(
        count: Int, sampling: SamplingSettings = .greedy, stops: [String] = [], endsAtEndTokens: Bool = true
    ) {
        self.count = count
        self.sampling = sampling
        self.stops = stops
        self.endsAtEndTokens = endsAtEndTokens
    }
}

/// Continues a text token by token.
///
/// Everything that a token reads is recorded: `recordings` are those of a run over the text and what follows it.
package final class Generator {
    /// Why nothing follows.
    package enum Ending: Equatable, Sendable {
        /// As many tokens as were asked for.
        case count
        /// A token that ends a text; it is no part of it.
        case endToken(Int32)
        /// One of the strings that end it.
        case stop(String)
        /// The model has no place for another token.
        case window(Int)
    }

    /// A token that was drawn.
    package struct Step: Equatable, Sendable {
        package let id: Int32
        /// Its place among the tokens of the decoder.
        package let place: Int
        /// ln p under what the model expected, before temperature and all that follows it. Nats.
        package let logProbability: Float
        /// Text that is complete with it: nothing where a character or a string that may end the text has begun.
        package let text: String
    }

    package let continuation: Continuation
    package let request: GenerationRequest
    private let tokenizer: Tokenizer?
    private let ends: Set<Int32>
    private let limit: Int?
    private var sampler: Sampler
    private var stops: StopStrings
    private var stream = UTF8Stream()
    private var forced: Int32?
    /// Whether a space at the beginning of the text is what the tokenizer writes words with.
    private var dropsSpace: Bool
    package private(set) var steps: [Step] = []
    /// Nil while there may be more.
    package private(set) var ending: Ending?
    /// What was held back when the text ended.
    package private(set) var rest = ""

    /// - Parameters:
    ///   - continuation: which has read what is continued.
    ///   - tokenizer: nil where ids are all that is asked for; there are no strings that end the text then.
    /// - Throws: `GenerationError.setting` for what is outside of what it takes.
    package init(
        _ continuation: Continuation, request: GenerationRequest, model: Model, tokenizer: Tokenizer?,
        defaults: GenerationDefaults
    ) throws(GenerationError) {
        guard (1...10_000_000).contains(request.count) else {
            throw .setting(name: "tokens", value: "\(request.count)", takes: say("a whole number from 1 on"))
        }
        self.continuation = continuation
        self.request = request
        self.tokenizer = tokenizer
        limit = model.traits.limit
        ends = request.endsAtEndTokens ? Set(defaults.endTokens) : []
        sampler = try Sampler(request.sampling)
        stops = try StopStrings(request.stops)
        let isPair = model.kinds.contains(.cross)
        dropsSpace = isPair
        // Transformers forces it right behind the start token.
        forced = isPair && continuation.ids.count == 1 ? defaults.forcedFirst : nil
        if let forced, forced >= model.shape.vocabulary { self.forced = nil }
    }

    /// Draws the next token and reads it; nil where the text has ended.
    /// - Throws: what reading a token throws (`ModelError`), or `GenerationError.notFinite`.
    package func next() throws -> Step? {
        guard ending == nil else { return nil }
        let place = continuation.ids.count
        if steps.count >= request.count { return end(.count) }
        if let limit, place >= limit { return end(.window(limit)) }
        let logits = continuation.logits
        let drawn = forced ?? sampler.next(logits)
        forced = nil
        guard let id = drawn else { throw GenerationError.notFinite(token: place - 1) }
        if ends.contains(id) { return end(.endToken(id)) }
        let probability = continuation.logProbability(of: id)
        let (text, found) = stops.append(bytes(id))
        let step = Step(id: id, place: place, logProbability: probability, text: stream.append(text))
        steps.append(step)
        if let found {
            rest = stream.finish()
            ending = .stop(request.stops[found])
        } else {
            try continuation.append([id])
        }
        return step
    }

    private func end(_ ending: Ending) -> Step? {
        finish()
        if self.ending == nil { self.ending = ending }
        return nil
    }

    /// Gives out what was held back, at the end of the text or where nobody waits for it.
    package func finish() {
        let (text, found) = stops.finish()
        rest += stream.append(text) + stream.finish()
        if let found { ending = .stop(request.stops[found]) }
    }

    /// Of what is no special token.
    private func bytes(_ id: Int32) -> [UInt8] {
        guard let tokenizer, !tokenizer.isSpecial(Int(id)) else { return [] }
        var bytes = tokenizer.bytes(of: Int(id))
        if dropsSpace, !bytes.isEmpty {
            if bytes.first == 0x20 { bytes.removeFirst() }
            dropsSpace = false
        }
        return bytes
    }

    /// The most probable next tokens, as the model expects them after the last one.
    package func candidates(_ count: Int) -> [(id: Int32, logProbability: Float)] {
        Likelihoods.highest(count, of: continuation.logits)
    }

    /// All that was given out.
    package var text: String { steps.map(\.text).joined() + rest }
}
