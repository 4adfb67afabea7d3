import RopewalkExport
import RopewalkMethods

extension Mask {
    /// The mask of a method as published, without a model.
    /// - Parameters:
    ///   - method: a window as on the command line, `lambda:sink=4,window=512`; several joined by `+`, `file:PATH` for a
    ///     mask from a file, or `expr:RULE`.
    ///   - tokens: queries, and as many keys: 1 to 4,194,304.
    /// - Throws: what is wrong with the method, or why it has no mask over so many tokens.
    public init(_ method: String, tokens: Int) throws(MethodError) {
        try self.init(parsing: [method], tokens: tokens, loader: MaskFile.loader)
    }

    /// The keys that a query may see.
    /// - Parameter query: from 0.
    /// - Returns: ranges of keys, from 0.
    /// - Throws: `MethodError.placeOutOfRange` where the mask has no such query.
    public func keys(of query: Int) throws(MethodError) -> KeyRanges {
        guard (0..<tokens).contains(query) else { throw .placeOutOfRange(query, tokens: tokens) }
        return row(query)
    }

    /// What is wrong with the mask for a decoder: queries that see nothing, the future, keys that nobody sees, and a
    /// window that is not as its method says.
    /// - Returns: at most one finding of a kind; empty where the mask is fine.
    public func findings() -> [Finding] { MaskLint.findings(in: self, expecting: expectation) }
}
