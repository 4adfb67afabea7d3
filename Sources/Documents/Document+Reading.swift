import RopewalkTokenizers

extension Document {
    /// A file of UTF-8 text, cut into tokens.
    ///
    /// Ends early where the task that it works for is cancelled.
    /// - Parameters:
    ///   - path: the file, of at most 2³⁰ bytes.
    ///   - tokenizer: the model's own.
    /// - Throws: `DocumentError` where the file cannot be read as text, `TokenizerError` where its text cannot be cut.
    public init(contentsOf path: String, tokenizer: Tokenizer) throws {
        try self.init(text: SourceText(contentsOf: path), tokenizer: tokenizer, isCancelled: { Task.isCancelled })
    }

    /// A text, cut into tokens.
    ///
    /// Ends early where the task that it works for is cancelled.
    /// - Parameters:
    ///   - text: at most 2³⁰ bytes of UTF-8.
    ///   - tokenizer: the model's own.
    /// - Throws: `DocumentError` where it is no text, `TokenizerError` where it cannot be cut.
    public init(_ text: String, tokenizer: Tokenizer) throws {
        try self.init(text: SourceText(text), tokenizer: tokenizer, isCancelled: { Task.isCancelled })
    }
}
