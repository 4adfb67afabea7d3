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
        parsing: .unconditional,
        help: ArgumentHelp(say("Processors to use, 1 to 1024. Default: all."), valueName: "count"),
        transform: WholeNumber.parser(1...1024))
    var threads: Int?

    /// 0 for all.
    var threadCount: Int { threads ?? 0 }

    func path() throws -> String { try ModelName.path(model) }

    func load(needsTokenizer: Bool = true) throws -> Model {
        try Model.loaded(path(), adapter: adapter, needsTokenizer: needsTokenizer)
    }
}

extension Model {
    /// Loads a model and says what of its files is left aside.
    static func loaded(_ path: String, adapter: String? = nil, needsTokenizer: Bool) throws -> Model {
        MemoryReport.note("loading the model \(path.onOneLine)")
        let model = try Model(contentsOf: path, adapter: adapter, needsTokenizer: needsTokenizer)
        model.sayUnread()
        return model
    }

    /// One line, where anything of its files is left aside.
    func sayUnread() {
        if let line = unread.line { StandardError.write("\(path): \(line)") }
    }
}
