import Documents
import Models

/// Where the text, the model and the tokens come from; errors are told to the user by their description.
public struct ProgramInputs: Sendable {
    public var loadText: @Sendable () throws -> SourceText
    public var loadModel: @Sendable () throws -> Model
    /// A second model beside the first; nil where none is asked for.
    public var loadBeside: (@Sendable () throws -> Model)?
    public var tokenise: @Sendable (SourceText, Model) throws -> Document
    /// Reads files of masks; nil where there are none.
    public var maskFiles: MaskFiles?
    /// For runs; 0: as many as the processor has.
    public var threads: Int

    public init(
        loadText: @escaping @Sendable () throws -> SourceText, loadModel: @escaping @Sendable () throws -> Model,
        tokenise: @escaping @Sendable (SourceText, Model) throws -> Document, maskFiles: MaskFiles? = nil,
        threads: Int = 0
    ) {
        self.loadText = loadText
        self.loadModel = loadModel
        self.tokenise = tokenise
        self.maskFiles = maskFiles
        self.threads = threads
    }
}
