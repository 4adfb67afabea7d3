import RopewalkDocuments
import RopewalkModels

/// What is open: a text, a model, and the text's tokens.
package struct Sources: Equatable, Sendable {
    package var text = Loading<SourceText>.loading
    package var model = Loading<Model>.loading
    /// The tokens that runs read: all, or the first ones where something limits them.
    package var document = Loading<Document>.loading
    /// The tokens from where reading begins to the end of the text; more than the document's where something limits it.
    var whole = Loading<Document>.loading
    /// All tokens of the text, also those before reading begins.
    var full = Loading<Document>.loading
    /// The whole text behind the start token, as the decoder of a model with an encoder reads it.
    var decoderDocument = Loading<Document>.loading
    /// Headings and definitions of the text; empty until they are known.
    var outline = Outline()
    /// Tokens are read only up to here; nil without a limit.
    package var tokenLimit: Int?
    /// The token of the text at which reading begins; all others are counted from there.
    package var from = 0
    /// The limit that the user asked for, whatever the model and memory have made of it.
    let askedTokens: Int?

    /// The file of the text; nil where it has none of its own.
    var path: String?
    /// Whether that has changed since it was read.
    var isStale = false
    /// Grows whenever other tokens are read in place of those that were.
    var edition = 0

    /// What is added to the number of a token that is read to count it in the whole text.
    var shift: Int { max(0, (full.value?.tokenCount ?? 0) - (whole.value?.tokenCount ?? 0)) }

    init(tokenLimit: Int? = nil) {
        self.tokenLimit = tokenLimit
        askedTokens = tokenLimit
    }
}
