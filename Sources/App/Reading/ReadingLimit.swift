import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// How many tokens of a text a model can read, before memory is asked.
struct ReadingLimit: Equatable {
    let tokens: Int
    /// Why there are no more.
    let reason: String

    /// All tokens of an encoder go through a layer together, and each reads every other: the work grows with their
    /// square, and nothing is seen before its end. For a small encoder (6 layers, 8 heads of 64 dimensions) this many
    /// take 4 · 8,192² · 64 · 8 · 6 = 8 · 10¹¹ operations, some ten seconds of two processors.
    static let encoderTokens = 8_192

    /// - Parameter asked: Tokens that the user asked for; only a model's learned places allow fewer.
    init?(_ model: ModelTraits, tokens: Int, asked: Int?) {
        if let limit = model.limit, tokens > limit {
            self.init(tokens: limit, reason: say("the model has learned positions for \(limit.grouped) tokens"))
        } else if !model.layers(.encoder).isEmpty, asked == nil, tokens > Self.encoderTokens {
            self.init(
                tokens: Self.encoderTokens,
                reason: say("an encoder reads all tokens together (--tokens \(tokens) reads them all)"))
        } else {
            return nil
        }
    }

    private init(tokens: Int, reason: String) {
        self.tokens = tokens
        self.reason = reason
    }
}

extension AppState {
    /// Shows the text from where reading begins, and says what that takes, beside what is said already.
    private mutating func beginLater() {
        window.top = firstReadByte
        revealCursor()
        guard let start = laterStart else { return }
        notice = Notice(notice?.kind ?? .information, (notice.map { $0.text + " · " } ?? "") + start)
    }

    /// Where reading begins, and what it takes of memory; nil where it begins with the text.
    var laterStart: String? {
        guard sources.from > 0, let model = sources.model.value else { return nil }
        let size = RecordingSize(model: model.traits, scenario: ownScenario, tokens: tokenCount)
        let megabytes = Int(min(size.bytes / 1e6, 1e9).rounded(.up))
        return say(
            """
            reading begins at token \(sources.from.grouped), here \(firstReadToken.grouped): \
            \(tokenCount.grouped) tokens take \(megabytes.grouped) MB (\(Int(size.bytesPerToken).grouped) bytes each)
            """)
    }

    /// The first token that is one of the text: a start token may stand before it.
    var firstReadToken: Int { sources.whole.value?.token(atByte: firstReadByte) ?? 0 }

    /// Takes the tokens of the text, as many as the user wants and the model can read.
    mutating func take(_ made: Document) {
        sources.full = .loaded(made)
        // Another model may have fewer tokens of the text.
        if sources.from >= made.tokenCount { sources.from = 0 }
        readPart()
        focus.cursor = min(focus.cursor, max(0, tokenCount - 1))
        if sources.from > 0 { beginLater() }
    }

    /// Takes the tokens from where reading begins.
    mutating func readPart() {
        guard let full = sources.full.value else { return }
        let made = document(of: ReadPart(from: sources.from), in: full)
        sources.document = .loaded(made)
        sources.whole = sources.document
        scenario = bound(scenario)
        if let model = sources.model.value?.traits {
            if kinds.count > 1 { sources.decoderDocument = .loaded(made.behind(model.decoderStart ?? 0)) }
            let asked = sources.tokenLimit
            // What is recorded needs no time to be read.
            let isStored = sources.model.value?.isStored(made.ids) ?? false
            if !isStored, let limit = ReadingLimit(model, tokens: min(made.tokenCount, asked ?? .max), asked: asked) {
                self.limit(to: limit.tokens)
                notice = Notice(
                    .warning,
                    say(
                        "the first \(limit.tokens.grouped) of \(made.tokenCount.grouped) tokens are read: \(limit.reason)"
                    ))
            } else if let asked {
                self.limit(to: asked)
            }
        } else if let limit = sources.tokenLimit {
            self.limit(to: limit)
        }
    }
}
