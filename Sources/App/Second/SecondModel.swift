import RopewalkDocuments
import RopewalkModels

/// A model that is shown beside the first one, once it is known to read the same tokens.
package struct SecondModel: Equatable, Sendable {
    package internal(set) var model = Loading<Model>.loading
    /// The text in its own tokens; nil where they are the first model's.
    var ownTokens: Loading<Document>?
    /// What its run over the first tokens has left behind.
    package internal(set) var recording: Recording?
    /// Whether that run goes on.
    var isReading = false
    /// The model until it is known whether it has the same tokens.
    var candidate = Loading<Model>.loading

    package init() {}
}
