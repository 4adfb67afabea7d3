import ArgumentParser
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkTerminal

/// Which model, and how many processors it may use.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            say(
                "A Hugging Face folder, a GGUF file, or a name that ropewalk models lists. Default: the bundled model."),
            valueName: "model"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            say("A LoRA adapter of that model, as PEFT saves it: a folder with adapter_config.json."), valueName: "path"
        ))
    var adapter: String?

    @Option(
        help: ArgumentHelp(
            say(
                """
                What is done to the weights of its layers: q8_0, q4_0, q4_k (GGML's blocks), int8, prune:SHARE, share:LAYERS or \
                lowrank:RANK.
                """), valueName: "change"),
        transform: { try WeightChange(parsing: $0) })
    var weightsLike: WeightChange?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("Processors to use, 1 to 1024. Default: all."), valueName: "count"),
        transform: WholeNumber.parser(1...1024))
    var threads: Int?

    /// 0 for all.
    var threadCount: Int { threads ?? 0 }

    func path() throws -> String { try ModelName.path(model) }

    func load(needsTokenizer: Bool = true) throws -> Model {
        try Model.loaded(path(), adapter: adapter, change: weightsLike, needsTokenizer: needsTokenizer)
    }
}

extension Model {
    /// Loads a model and says what of its files is left aside.
    static func loaded(
        _ path: String, adapter: String? = nil, change: WeightChange? = nil, needsTokenizer: Bool
    ) throws -> Model {
        MemoryReport.note("loading the model \(path.onOneLine)")
        let model = try Model(contentsOf: path, adapter: adapter, change: change, needsTokenizer: needsTokenizer)
        model.sayUnread()
        return model
    }

    /// One line, where anything of its files is left aside.
    func sayUnread() {
        if let line = unread.line { StandardError.write("\(path): \(line)") }
    }
}
