import RopewalkPhrases

/// Reads what methods name in files: masks, and arrays of numbers that rules look things up in.
package struct MaskLoader: Sendable {
    private let masks: @Sendable (_ path: String) throws(MethodError) -> MaskStack
    private let arrays: (@Sendable (_ path: String) throws(MethodError) -> RuleArray)?
    /// Arrays that rules may name without saying where they are, as an option gives them: paths by their names.
    package var given: [String: String] = [:]

    package init(
        _ masks: @escaping @Sendable (_ path: String) throws(MethodError) -> MaskStack,
        arrays: (@Sendable (_ path: String) throws(MethodError) -> RuleArray)? = nil
    ) {
        self.masks = masks
        self.arrays = arrays
    }

    /// The masks of a file; what follows a `#` at the end of the path names one of its arrays.
    package func callAsFunction(_ path: String) throws(MethodError) -> MaskStack { try masks(path) }

    /// The array of a file, in the same way.
    package func array(_ path: String) throws(MethodError) -> RuleArray {
        guard let arrays else { throw .maskFile(path: path, say("arrays in files are not read here")) }
        return try arrays(path)
    }
}
