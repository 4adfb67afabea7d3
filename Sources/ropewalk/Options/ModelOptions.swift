import ArgumentParser
import RopewalkMethods
import RopewalkModels

/// Which model, and how many processors it may use.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A Hugging Face folder, a GGUF file, or a name that ropewalk models lists. Default: the bundled model.",
            valueName: "model"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "A LoRA adapter of that model, as PEFT saves it: a folder with adapter_config.json.", valueName: "path"))
    var adapter: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Processors to use, 1 to 1024. Default: all.", valueName: "count"),
        transform: WholeNumber.parser(1...1024))
    var threads: Int?

    /// 0 for all.
    var threadCount: Int { threads ?? 0 }

    func path() throws -> String { try ModelName.path(model) }

    func load(needsTokenizer: Bool = true) throws -> Model {
        let model = try Model(contentsOf: path(), adapter: adapter, needsTokenizer: needsTokenizer)
        if let line = model.unread.line { StandardError.write("\(model.path): \(line)") }
        return model
    }
}
