import RopewalkDocuments
import RopewalkModels
import RopewalkScoring

/// Where the text, the model and the tokens come from; errors are told to the user by their description.
package struct ProgramInputs: Sendable {
    package var loadText: @Sendable () throws -> SourceText
    package var loadModel: @Sendable () throws -> Model
    /// A second model beside the first; nil where none is asked for.
    package var loadBeside: (@Sendable () throws -> Model)?
    /// Whether it is the first one without its adapter or change of weights: it reads the same tokens, and needs no tokenizer to show that.
    package var besideHasSameTokens = false
    /// The models on this machine, and how one of them is loaded.
    package var listModels: @Sendable () -> [ModelSummary] = { [] }
    package var openModel: @Sendable (String) throws -> Model = { try Model(contentsOf: $0) }
    package var tokenise: @Sendable (SourceText, Model) throws -> Document
    /// Reads files of masks; nil where there are none.
    package var maskFiles: MaskFiles?
    /// Names text and model before they are opened.
    package var name = ""
    package var modelName = ""
    /// The model's files, and those of its adapter: what has the same is the same model.
    package var modelPath: String?
    package var adapterPath: String?
    /// What is done to its weights; with it the same files are another model.
    package var weightChange: WeightChange?
    /// The file of the text; nil where it has none of its own.
    package var textFile: TextFile?
    /// A file of token ids in place of a text, and whether special tokens that are written in a text are none.
    package var idsFile: String?
    package var takesSpecialAsText = false
    /// Where the reader goes on; nil for a beginning.
    package var start: SessionStart?
    /// Its place among all that is open, from 0.
    package var place = 0
    /// Writes a file that the user asked for, and no other's.
    package var save: @Sendable (KeptFile) throws -> Void = { _ in }
    /// Other texts that wait for their turn.
    package var others: [ProgramInputs] = []
    /// What long texts are compared with; nil where there is nothing.
    package var longTextReference: (@Sendable () throws -> LongTextReference)?
    /// Files of benchmarks that come along.
    package var benchmarkFiles: @Sendable () -> [String] = { [] }
    /// Where what was read is kept for the next time; nil where it is not.
    package var cache: RecordingCache?
    /// For runs; 0: as many as the processor has.
    package var threads: Int

    package init(
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

    /// The same models for a text that was changed, and is in no file.
    func with(_ text: Loading<SourceText>) -> ProgramInputs {
        var inputs = self
        (inputs.textFile, inputs.idsFile) = (nil, nil)
        inputs.others = []
        if let text = text.value { inputs.loadText = { text } }
        return inputs
    }
}
