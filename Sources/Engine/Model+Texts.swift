import RopewalkDocuments
import RopewalkExport
import RopewalkMethods
import RopewalkModels
import RopewalkTokenizers

extension Model {
    /// A file of UTF-8 text, cut into tokens as the model reads it.
    ///
    /// Ends early where the task that it works for is cancelled.
    /// - Parameter path: the file, of at most 2³⁰ bytes.
    /// - Returns: the text with the ids and the bytes of its tokens, special ones included.
    /// - Throws: `DocumentError` where the file cannot be read as text, `TokenizerError` where its text cannot be cut,
    ///   `ModelError.configuration` where the model has no tokenizer.
    public func document(contentsOf path: String) throws -> Document {
        try Document(contentsOf: path, tokenizer: neededTokenizer())
    }

    /// A text, cut into tokens as the model reads it.
    ///
    /// Ends early where the task that it works for is cancelled.
    /// - Parameter text: at most 2³⁰ bytes of UTF-8.
    /// - Returns: the text with the ids and the bytes of its tokens, special ones included.
    /// - Throws: `DocumentError` where it is no text, `TokenizerError` where it cannot be cut,
    ///   `ModelError.configuration` where the model has no tokenizer.
    public func document(_ text: String) throws -> Document {
        try Document(text, tokenizer: neededTokenizer())
    }

    private func neededTokenizer() throws(ModelError) -> Tokenizer {
        guard let tokenizer else {
            throw .configuration(file: path, key: "tokenizer.json", problem: "is missing, and a text needs it")
        }
        return tokenizer
    }

    /// The scenario of some methods, with the model's own position method where none of them is one.
    ///
    /// At most one of them changes positions, one selects keys and one compresses the cache; windows may be several.
    /// - Parameter methods: written as on the command line, with blanks between them:
    ///   `ntk:factor=4 lambda:sink=4,window=512`. What is left out has the published default; `Catalogue.descriptions`
    ///   has the names. `file:PATH` is a mask from a file, `expr:RULE` one from a rule.
    /// - Returns: the scenario; whether it fits a text is found when it is run or previewed.
    /// - Throws: what is wrong with the methods, and where.
    public func scenario(_ methods: String) throws(MethodError) -> Scenario {
        try Scenario(line: methods, position: defaultScenario.position, loader: MaskFile.loader)
    }
}
