import App
import CellGrid
import Documents
import Foundation
import Methods
import Models
import Tokenizers

/// What the options give the interactive program and `render` to work with, checked before any work.
struct Inputs {
    let program: ProgramInputs
    private let scenario: Scenario
    private let tokenLimit: Int?

    init(text: TextOptions, model: ModelOptions, scenario: ScenarioOptions) throws {
        self.scenario = try Scenario(parsing: scenario.methods)
        tokenLimit = text.tokens
        let path = try model.path()
        // What is missing is told before the screen is taken over.
        try Self.requireReadable(path + "/config.json")
        if let file = text.ids ?? text.text, file != "-" { try Self.requireReadable(file) }
        program = ProgramInputs(
            loadText: { try text.readable(modelPath: path) }, loadModel: { try Model(contentsOf: path) },
            tokenise: { source, model in
                guard let tokenizer = model.tokenizer else { throw CommandError.noTokenizer(path) }
                if text.ids != nil { return try text.documentOfIDs(tokenizer) }
                return try Document(text: source, tokenizer: tokenizer)
            }, threads: model.threadCount)
    }

    private static func requireReadable(_ path: String) throws {
        guard access(path, R_OK) != 0 else { return }
        throw CommandError.unreadable(file: path, reason: String(cString: strerror(errno)))
    }

    func state(size: Size, depth: ColourDepth) -> AppState {
        AppState(size: size, depth: depth, scenario: scenario, tokenLimit: tokenLimit)
    }
}

extension TextOptions {
    /// The text; with `--ids` what the tokens say.
    fileprivate func readable(modelPath: String) throws -> SourceText {
        guard ids != nil else { return try source() }
        return try documentOfIDs(Tokenizer(contentsOf: modelPath + "/tokenizer.json")).text
    }

    /// The tokens of `--ids` with the text that they spell.
    fileprivate func documentOfIDs(_ tokenizer: Tokenizer) throws -> Document {
        try Document(ids: tokenIDs(nil), tokenizer: tokenizer)
    }
}
